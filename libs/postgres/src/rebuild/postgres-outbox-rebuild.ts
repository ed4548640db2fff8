import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, Rebuild } from '@tillbridge/contracts';
import { OutboxRebuild } from '@tillbridge/runtime';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { RETENTION } from '../outbox/retention.js';

const BATCH = 1_000;
/** Rows on their way at which a rebuild waits for the relay, so that news is not kept waiting. */
const AHEAD = 2 * BATCH;
const PAUSE_MS = 25;
/** One run's share; what is left is the next run's, in this process or another. */
const RUN_MS = 10_000;

interface RebuildRow {
  readonly since: Date;
  readonly asked_at: Date;
  readonly messages: string;
  readonly finished_at: Date | null;
  readonly pending: number;
}

/**
 * Puts published rows back on their way in small batches; the relay does the rest. What was asked
 * for is a row, so a crash in the middle only interrupts it. Messages keep their ids, so the readers'
 * inboxes absorb what they have handled. For the stream each round is another one: a stream that was
 * only emptied still remembers what it had a while ago, and would drop it as a duplicate.
 */
export class PostgresOutboxRebuild extends OutboxRebuild {
  constructor(private readonly database: Database) {
    super();
  }

  /** Asked for again while one goes on, it begins again, from the earlier of the two moments. */
  async begin(since: Date): Promise<Rebuild> {
    return this.database.inTransaction(async (tx) => {
      await refuseBeyond(tx, since);
      await tx.query(
        `INSERT INTO outbox_rebuild AS open (since) VALUES ($1)
         ON CONFLICT ((true)) WHERE finished_at IS NULL DO UPDATE
           SET since = least(open.since, excluded.since), asked_at = now(), reached = 0,
               messages = 0`,
        [since],
      );
      return this.latest();
    });
  }

  async latest(): Promise<Rebuild> {
    const [row] = await this.database.query<RebuildRow>(
      `SELECT since, asked_at, messages, finished_at,
              (SELECT count(*)::int FROM outbox
                WHERE published_at IS NULL AND parked_at IS NULL AND sequence <= reached) AS pending
         FROM outbox_rebuild ORDER BY id DESC LIMIT 1`,
    );
    if (row === undefined) {
      throw new Failure('not-found', 'never', 'this service has never rebuilt its messages');
    }
    return toRebuild(row);
  }

  /** Goes on with what was asked for, until it is done, `signal` says stop, or its share is over. */
  async work(signal?: AbortSignal): Promise<void> {
    const [open] = await this.database.query(
      'SELECT 1 FROM outbox_rebuild WHERE finished_at IS NULL',
    );
    if (open === undefined) return;
    const endMs = performance.now() + RUN_MS;
    while (signal?.aborted !== true && performance.now() < endMs) {
      const step = await this.database.inTransaction(takeStep);
      if (step === 'done') return;
      if (step === 'wait') await sleep(PAUSE_MS);
    }
  }
}

/** What the inboxes have forgotten would be handled a second time. */
async function refuseBeyond(tx: Transaction, since: Date): Promise<void> {
  const { inboxDays } = RETENTION;
  const [asked] = await tx.query<{ old: boolean; ahead: boolean }>(
    "SELECT $1 < now() - $2 * interval '1 day' AS old, $1 > now() AS ahead",
    [since, inboxDays],
  );
  const text = asked?.old
    ? `the inboxes know what was handled in the last ${inboxDays} days; what was published ` +
      `since ${since.toISOString()} could be handled twice`
    : `${since.toISOString()} is yet to come`;
  if (asked?.old || asked?.ahead) throw new Failure('rebuild-refused', 'never', text);
}

async function takeStep(tx: Transaction): Promise<'more' | 'wait' | 'done'> {
  const [open] = await tx.query<{ id: string }>(
    'SELECT id FROM outbox_rebuild WHERE finished_at IS NULL FOR UPDATE SKIP LOCKED',
  );
  // Done, or another process is at it.
  if (open === undefined) return 'done';
  const [{ ahead } = { ahead: 0 }] = await tx.query<{ ahead: number }>(
    `SELECT count(*)::int AS ahead FROM (SELECT FROM outbox
      WHERE published_at IS NULL AND parked_at IS NULL LIMIT ${AHEAD}) AS waiting`,
  );
  if (ahead >= AHEAD) return 'wait';
  const rows = await tx.query<{ sequence: string; again: boolean }>(NEXT_ROWS, [
    open.id,
    RETENTION.inboxDays,
  ]);
  const again = rows.filter((row) => row.again).map(({ sequence }) => sequence);
  await tx.query(
    `UPDATE outbox SET published_at = NULL, round = round + 1, attempts = 0,
            next_attempt_at = NULL
      WHERE sequence = ANY($1::bigint[])`,
    [again],
  );
  const done = rows.length < BATCH;
  await tx.query(
    `UPDATE outbox_rebuild SET messages = messages + $2, reached = COALESCE($3::bigint, reached),
            finished_at = CASE WHEN $4::boolean THEN now() END
      WHERE id = $1`,
    [open.id, again.length, rows.at(-1)?.sequence ?? null, done],
  );
  if (done) await closeExceptions(tx, open.id);
  return done ? 'done' : 'more';
}

/**
 * Rows that are not published are locked too, only to wait for the relay that may hold them: it
 * could have put them into the stream that was lost, and mark them published a moment from now.
 */
const NEXT_ROWS = `
  SELECT outbox.sequence, outbox.published_at IS NOT NULL AS again
    FROM outbox, outbox_rebuild AS rebuild
   WHERE rebuild.id = $1 AND outbox.sequence > rebuild.reached AND outbox.parked_at IS NULL
     AND (outbox.published_at IS NULL
          OR (outbox.published_at >= rebuild.since AND outbox.published_at < rebuild.asked_at
              AND outbox.first_published_at >= now() - $2 * interval '1 day'))
   ORDER BY outbox.sequence LIMIT ${BATCH} FOR UPDATE OF outbox`;

/** Only a rebuild from before the loss makes it good, and only a loss from before the rebuild. */
async function closeExceptions(tx: Transaction, id: string): Promise<void> {
  const rows = await tx.query<{ stream: string }>(
    `UPDATE stream_memory SET broken_since = NULL FROM outbox_rebuild AS rebuild
      WHERE rebuild.id = $1 AND broken_since >= rebuild.since AND broken_since < rebuild.asked_at
      RETURNING stream`,
    [id],
  );
  await tx.clear(rows.map(({ stream }) => ({ code: 'stream-recreated', subject: stream })));
}

function toRebuild(row: RebuildRow): Rebuild {
  return Object.assign(new Rebuild(), {
    since: row.since.toISOString(),
    askedAt: row.asked_at.toISOString(),
    messages: Number(row.messages),
    pending: row.pending,
    ...(row.finished_at && { finishedAt: row.finished_at.toISOString() }),
  });
}
