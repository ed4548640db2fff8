import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@tillbridge/postgres';
import { FetchQueue } from '../observations/fetch-queue.js';
import type { EntityKey } from '../vendor.js';
import { SharedWrites } from '../writing/shared-writes.js';

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

/** Every webhook as it came, and with it what it asks to be read: both or neither. */
@Injectable()
export class WebhookJournal {
  private readonly writes = new SharedWrites<JournalEntry, boolean>((entries) =>
    this.write(entries),
  );

  constructor(
    private readonly database: Database,
    private readonly queue: FetchQueue,
  ) {}

  /** Resolves when committed: true when the event was not known, false for a repeat. */
  add(entry: JournalEntry): Promise<boolean> {
    return this.writes.add(entry);
  }

  private async write(group: readonly JournalEntry[]): Promise<boolean[]> {
    const firsts = new Map<string, JournalEntry>();
    for (const entry of group) {
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
    // Of two of the same event in one group, only the first is new.
    return group.map((entry) => added.has(keyOf(entry)) && firsts.get(keyOf(entry)) === entry);
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
