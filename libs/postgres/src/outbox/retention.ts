import type { Database } from '../database/database.js';

/** Outbox rows are what a lost stream is rebuilt from. */
const OUTBOX_DAYS = 30;
/** Longer than any outbox, so that a rebuild meets the marks of all it repeats. */
const INBOX_DAYS = 45;
const BATCH = 1_000;
/** What one run deletes at most, so that a first run after months does not take an hour. */
const BATCHES = 200;

/** Deletes what is older than agreed, in batches small enough to disturb nobody. */
export async function deleteExpired(database: Database): Promise<number> {
  const outbox = await deleteInBatches(
    database,
    `DELETE FROM outbox WHERE ctid = ANY (ARRAY(SELECT ctid FROM outbox
      WHERE published_at < now() - $1 * interval '1 day' LIMIT ${BATCH})) RETURNING 1`,
    OUTBOX_DAYS,
  );
  const inbox = await deleteInBatches(
    database,
    `DELETE FROM inbox WHERE ctid = ANY (ARRAY(SELECT ctid FROM inbox
      WHERE state = 'handled' AND at < now() - $1 * interval '1 day' LIMIT ${BATCH})) RETURNING 1`,
    INBOX_DAYS,
  );
  return outbox + inbox;
}

async function deleteInBatches(database: Database, sql: string, days: number): Promise<number> {
  let deleted = 0;
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const rows = await database.query(sql, [days]);
    deleted += rows.length;
    if (rows.length < BATCH) break;
  }
  return deleted;
}
