import { Injectable } from '@nestjs/common';
import { Database } from '@tillbridge/postgres';
import { wantFrom } from '../observations/fetch-queue.js';
import type { EntityKey } from '../vendor.js';
import { SharedWork } from '../sharing/shared-work.js';

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

/** A vendor waits for the answer. */
const LONGEST_MS = 10;

/** Every webhook as it came, and with it what it asks to be read: both or neither. */
@Injectable()
export class WebhookJournal {
  private readonly writes = new SharedWork<JournalEntry, boolean>(
    (entries) => this.write(entries),
    LONGEST_MS,
  );

  constructor(private readonly database: Database) {}

  /** Resolves when committed: true when the event was not known, false for a repeat. */
  add(entry: JournalEntry): Promise<boolean> {
    return this.writes.add(entry);
  }

  private async write(group: readonly JournalEntry[]): Promise<boolean[]> {
    const firsts = new Map<string, JournalEntry>();
    for (const entry of group) {
      if (!firsts.has(keyOf(entry))) firsts.set(keyOf(entry), entry);
    }
    const added = await this.insert([...firsts.values()]);
    // Of two of the same event in one group, only the first is new.
    return group.map((entry) => added.has(keyOf(entry)) && firsts.get(keyOf(entry)) === entry);
  }

  private async insert(entries: readonly JournalEntry[]): Promise<Set<string>> {
    const wants = entries.flatMap((entry) => entry.keys.map((key) => ({ entry, key })));
    const rows = await this.database.query<{ connection: string; eventId: string }>(INSERT, [
      entries.map((entry) => entry.connection),
      entries.map((entry) => entry.eventId),
      entries.map((entry) => entry.topic),
      entries.map((entry) => JSON.stringify(entry.headers)),
      entries.map((entry) => entry.body),
      entries.map((entry) => entry.error ?? null),
      wants.map(({ entry }) => entry.connection),
      wants.map(({ entry }) => entry.eventId),
      wants.map(({ key }) => key.kind),
      wants.map(({ key }) => key.id),
    ]);
    return new Set(rows.map(keyOf));
  }
}

/** One statement is one commit. Handled is what has been handed over to the fetch queue by it. */
const INSERT = `
  with fresh as (
    insert into webhook_journal
      (connection, event_id, topic, headers, body, error, handled_at)
    select connection, event_id, topic, headers, body, error,
      case when error is null then clock_timestamp() end
    from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::bytea[], $6::text[])
      as come(connection, event_id, topic, headers, body, error)
    order by connection, event_id
    on conflict (connection, event_id) do nothing
    returning connection, event_id
  ), wanted as (${wantFrom(`
    unnest($7::text[], $8::text[], $9::text[], $10::text[]) as named(connection, event_id, kind, id)
    join fresh using (connection, event_id)`)}
  )
  select connection, event_id as "eventId" from fresh`;

function keyOf(event: { connection: string; eventId: string }): string {
  return `${event.connection} ${event.eventId}`;
}
