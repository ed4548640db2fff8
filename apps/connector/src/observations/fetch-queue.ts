import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@tillbridge/postgres';
import type { EntityKey } from '../vendor.js';

/** A thing to be read. `wantedAt` tells whether it was wanted again while it was read. */
export interface QueuedKey extends EntityKey {
  readonly wantedAt: string;
  readonly attempts: number;
  /** It could not be read before: an exception may be open. */
  readonly troubled: boolean;
}

/** The kinds of one lane: those named, or all but those. */
export interface LaneKinds {
  readonly kinds: readonly string[];
  readonly named: boolean;
}

/** What is to be read at the vendors: one row for each thing, however often it was named. */
@Injectable()
export class FetchQueue {
  constructor(private readonly database: Database) {}

  async want(tx: Transaction, connection: string, keys: readonly EntityKey[]): Promise<void> {
    if (keys.length === 0) return;
    await tx.query(WANT, [keys.map(() => connection), ...columnsOf(keys)]);
  }

  async due(connection: string, lane: LaneKinds, limit: number): Promise<QueuedKey[]> {
    return this.database.query<QueuedKey>(
      `select kind, id, wanted_at::text as "wantedAt", attempts,
         error is not null as troubled
       from fetch_queue
       where connection = $1 and (kind = any($2::text[])) = $3 and due_at <= clock_timestamp()
       order by due_at limit $4`,
      [connection, lane.kinds, lane.named, limit],
    );
  }

  /** Milliseconds until something is due; null when the queue is empty. */
  async nextDueMs(connection: string, lane: LaneKinds): Promise<number | null> {
    const [row] = await this.database.query<{ ms: number | null }>(
      `select (extract(epoch from min(due_at) - clock_timestamp()) * 1000)::float8 as ms
       from fetch_queue where connection = $1 and (kind = any($2::text[])) = $3`,
      [connection, lane.kinds, lane.named],
    );
    return row?.ms ?? null;
  }

  /** Takes off what was read, unless it was wanted again meanwhile. */
  async done(tx: Transaction, connection: string, keys: readonly QueuedKey[]): Promise<void> {
    if (keys.length === 0) return;
    await tx.query(DONE, [connection, ...columnsOf(keys), keys.map((key) => key.wantedAt)]);
  }

  /** Puts off what could not be read. A parked key also waits, but nobody waits for it. */
  async later(
    connection: string,
    keys: readonly QueuedKey[],
    wait: { afterMs: number; error: string; parked: boolean },
  ): Promise<void> {
    await this.database.query(LATER, [
      connection,
      ...columnsOf(keys),
      keys.map((key) => key.wantedAt),
      wait.afterMs / 1_000,
      wait.error.slice(0, 1_000),
      wait.parked,
    ]);
  }

  /** How many of the keys are still to be read and not parked. */
  async countOpen(connection: string, keys: readonly EntityKey[]): Promise<number> {
    const [row] = await this.database.query<{ open: number }>(
      `select count(*)::int as open from fetch_queue
       join unnest($2::text[], $3::text[]) as wanted(kind, id) using (kind, id)
       where connection = $1 and not parked`,
      [connection, ...columnsOf(keys)],
    );
    return row?.open ?? 0;
  }

  /** Everything that is to be read and not parked, of the given connections. */
  async open(connections: readonly string[]): Promise<number> {
    const [row] = await this.database.query<{ open: number }>(
      `select count(*)::int as open from fetch_queue
       where connection = any($1::text[]) and not parked`,
      [connections],
    );
    return row?.open ?? 0;
  }
}

function columnsOf(keys: readonly EntityKey[]): [string[], string[]] {
  return [keys.map((key) => key.kind), keys.map((key) => key.id)];
}

/**
 * SQL that wants what a relation with (connection, kind, id) names. Rows are taken in key order
 * everywhere, so that two writers cannot lock each other out.
 */
export function wantFrom(relation: string): string {
  return `
    insert into fetch_queue (connection, kind, id)
    select distinct connection, kind, id from ${relation}
    order by connection, kind, id
    on conflict (connection, kind, id) do update
      set wanted_at = clock_timestamp(), due_at = clock_timestamp(), attempts = 0,
        parked = false`;
}

const WANT = wantFrom('unnest($1::text[], $2::text[], $3::text[]) as wanted(connection, kind, id)');

const DONE = `
  delete from fetch_queue using (
    select queued.connection, queued.kind, queued.id from fetch_queue queued
    join unnest($2::text[], $3::text[], $4::text[]) as read(kind, id, wanted_at)
      on queued.kind = read.kind and queued.id = read.id
      and queued.wanted_at = read.wanted_at::timestamptz
    where queued.connection = $1 order by queued.kind, queued.id for update of queued
  ) as done
  where fetch_queue.connection = done.connection and fetch_queue.kind = done.kind
    and fetch_queue.id = done.id`;

const LATER = `
  update fetch_queue set attempts = fetch_queue.attempts + 1, error = $6, parked = $7,
    due_at = statement_timestamp() + make_interval(secs => $5::float8)
  from unnest($2::text[], $3::text[], $4::text[]) as late(kind, id, wanted_at)
  where fetch_queue.connection = $1 and fetch_queue.kind = late.kind
    and fetch_queue.id = late.id and fetch_queue.wanted_at = late.wanted_at::timestamptz`;
