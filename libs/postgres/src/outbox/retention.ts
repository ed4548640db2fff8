import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/database.js';

/** How long rows are kept. The only place that knows both figures, since one follows the other. */
export const RETENTION = keeping({ outboxDays: 30, graceDays: 15 });

/** Rows that go in one statement: few enough that its locks and its WAL disturb nobody. */
const BATCH = 1_000;
/** What one run deletes at most of a table, so that the first run after months has an end. */
const BATCHES = 200;

export interface Expiry {
  /** Ends the run after the batch under way. */
  readonly signal?: AbortSignal;
  /** Between two batches, for the relay and the handlers. */
  readonly pauseMs?: number;
}

/**
 * Deletes what is older than agreed, in small batches with a pause between them. Rows that
 * somebody holds are left for the next run, so nobody waits for the other.
 */
export async function deleteExpired(database: Database, expiry: Expiry = {}): Promise<number> {
  const outbox = await deleteInBatches(database, EXPIRED_OUTBOX, RETENTION.outboxDays, expiry);
  const inbox = await deleteInBatches(database, EXPIRED_INBOX, RETENTION.inboxDays, expiry);
  return outbox + inbox;
}

/** ARRAY(…) is run once: as a mere IN, a plan may run it for each row and forget the limit. */
const EXPIRED_OUTBOX = `
  DELETE FROM outbox WHERE sequence = ANY (ARRAY(
    SELECT sequence FROM outbox
     WHERE first_published_at < now() - $1 * interval '1 day' AND published_at IS NOT NULL
     LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))
  RETURNING 1`;

const EXPIRED_INBOX = `
  DELETE FROM inbox WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM inbox
     WHERE at < now() - $1 * interval '1 day' AND state = 'handled'
     LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))
  RETURNING 1`;

/**
 * Runs a statement that deletes at most 1,000 rows older than `days`, its one parameter, until it
 * finds fewer or has run 200 times. Returns how many rows went.
 */
export async function deleteInBatches(
  database: Database,
  sql: string,
  days: number,
  { signal, pauseMs = 20 }: Expiry = {},
): Promise<number> {
  let deleted = 0;
  for (let batch = 0; batch < BATCHES && signal?.aborted !== true; batch += 1) {
    const rows = await database.query(sql, [days]);
    deleted += rows.length;
    if (rows.length < BATCH) break;
    await sleep(pauseMs);
  }
  return deleted;
}

/**
 * A rebuild repeats what the outboxes still have, and the readers' inboxes absorb it. So a mark
 * lives longer than any row, by what a reader may lag behind.
 */
function keeping(days: { readonly outboxDays: number; readonly graceDays: number }) {
  return { outboxDays: days.outboxDays, inboxDays: days.outboxDays + days.graceDays } as const;
}
