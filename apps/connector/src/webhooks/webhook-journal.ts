import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@tillbridge/postgres';
import { FetchQueue } from '../observations/fetch-queue.js';
import type { EntityKey } from '../vendor.js';

export interface JournalEntry {
  readonly connection: string;
  readonly eventId: string;
  readonly topic: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** What it asks to be read. */
  readonly keys: readonly EntityKey[];
  /** Why nothing can be done with it. */
  readonly error?: string;
}

interface Waiting {
  readonly entry: JournalEntry;
  readonly resolve: (isNew: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** Those that arrive during a commit share the next one, and wait no longer than this for it. */
const GROUP_MS = 10;
const GROUP_SIZE = 200;

/** Every webhook as it came, and with it what it asks to be read: both or neither. */
@Injectable()
export class WebhookJournal {
  private waiting: Waiting[] = [];
  private timer: NodeJS.Timeout | undefined;
  private underWay = 0;

  constructor(
    private readonly database: Database,
    private readonly queue: FetchQueue,
  ) {}

  /** Resolves when committed: true when the event was not known, false for a repeat. */
  add(entry: JournalEntry): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ entry, resolve, reject });
      if (this.waiting.length >= GROUP_SIZE) this.flush();
      // Nobody commits, so there is nothing to wait for but what came in with it.
      else if (this.underWay === 0) this.timer ??= setTimeout(() => this.flush());
      else this.timer ??= setTimeout(() => this.flush(), GROUP_MS);
    });
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const group = this.waiting.splice(0);
    this.underWay += 1;
    void this.write(group)
      .catch((error: unknown) => {
        for (const { reject } of group) reject(error);
      })
      .finally(() => {
        this.underWay -= 1;
        if (this.underWay === 0 && this.waiting.length > 0) this.flush();
      });
  }

  private async write(group: readonly Waiting[]): Promise<void> {
    const firsts = new Map<string, JournalEntry>();
    for (const { entry } of group) {
      if (!firsts.has(keyOf(entry))) firsts.set(keyOf(entry), entry);
    }
    const entries = [...firsts.values()];
    const added = await this.database.inTransaction(async (tx) => {
      const fresh = await insert(tx, entries);
      await this.queue.wantAll(
        tx,
        entries
          .filter((entry) => fresh.has(keyOf(entry)))
          .flatMap(({ connection, keys }) => keys.map((key) => ({ connection, key }))),
      );
      return fresh;
    });
    for (const { entry, resolve } of group) {
      // Of two of the same event in one group, only the first is new.
      resolve(added.has(keyOf(entry)) && firsts.get(keyOf(entry)) === entry);
    }
  }
}

/** Handled is what has been handed over to the fetch queue: that is this same transaction. */
async function insert(tx: Transaction, entries: readonly JournalEntry[]): Promise<Set<string>> {
  const rows = await tx.query<{ connection: string; eventId: string }>(
    `insert into webhook_journal
       (connection, event_id, topic, headers, body, error, handled_at)
     select connection, event_id, topic, headers, body, error,
       case when error is null then clock_timestamp() end
     from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::bytea[], $6::text[])
       as come(connection, event_id, topic, headers, body, error)
     order by connection, event_id
     on conflict (connection, event_id) do nothing
     returning connection, event_id as "eventId"`,
    [
      entries.map((entry) => entry.connection),
      entries.map((entry) => entry.eventId),
      entries.map((entry) => entry.topic),
      entries.map((entry) => JSON.stringify(entry.headers)),
      entries.map((entry) => entry.body),
      entries.map((entry) => entry.error ?? null),
    ],
  );
  return new Set(rows.map(keyOf));
}

function keyOf(event: { connection: string; eventId: string }): string {
  return `${event.connection} ${event.eventId}`;
}
