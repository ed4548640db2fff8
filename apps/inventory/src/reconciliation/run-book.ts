import type { Transaction } from '@tillbridge/postgres';

type Reader = Pick<Transaction, 'query'>;

export interface Run {
  readonly runId: string;
  readonly scope: 'changed' | 'all';
  /** Figures that moved before it need not be read; null for all. */
  readonly since: Date | null;
  readonly startedAt: Date;
  readonly look: number;
}

/** One system being read for one look of a run. */
export interface Reading {
  readonly runId: string;
  readonly look: number;
  readonly connectionId: string;
  /** Of a second look: what is read again. */
  readonly skus: readonly string[] | null;
  readonly after: string | null;
  readonly pages: number;
  readonly restarts: number;
  readonly progressAt: Date;
}

const RUN = `run_id as "runId", scope, since, started_at as "startedAt", look`;
const READING = `
  run_id as "runId", look, connection_id as "connectionId", skus, after, pages, restarts,
  progress_at as "progressAt"`;

/** Whoever reads has this long for one page; after that the reading is anybody's again. */
const LEASE = `interval '90 seconds'`;

/** The run under way. @param lock Keeps others from moving it on meanwhile. */
export async function readOpenRun(reader: Reader, lock = false): Promise<Run | undefined> {
  const [run] = await reader.query<Run>(
    `select ${RUN} from reconciliation_run where finished_at is null ${lock ? 'for update' : ''}`,
  );
  return run;
}

/** From when the last run that saw everything looked; null when there was none. */
export async function lastCompleteStart(reader: Reader): Promise<Date | null> {
  const [row] = await reader.query<{ at: Date | null }>(
    'select max(started_at) as at from reconciliation_run where complete',
  );
  return row?.at ?? null;
}

interface RunTimes {
  readonly open: boolean;
  readonly lastAt: Date | null;
  readonly lastAllAt: Date | null;
  /** From when on everything is to be compared; null when nobody ever wished it. */
  readonly wishedAt: Date | null;
}

/** When runs began last, and whether one is under way. */
export async function readRunTimes(reader: Reader): Promise<RunTimes> {
  const [row] = await reader.query(
    `select coalesce(bool_or(finished_at is null), false) as open, max(started_at) as "lastAt",
            max(started_at) filter (where since is null) as "lastAllAt",
            (select at from reconciliation_wish) as "wishedAt"
       from reconciliation_run`,
  );
  return row as RunTimes;
}

/** Has everything be compared by a run that begins after `at`. */
export async function wishForRun(tx: Transaction, at: Date): Promise<void> {
  await tx.query(
    `insert into reconciliation_wish (at) values ($1)
     on conflict (one) do update set at = excluded.at`,
    [at],
  );
}

/** Opens a run. False when another is under way: there is one at a time. */
export async function openRun(
  tx: Transaction,
  run: Run & { readonly askedBy: 'schedule' | 'person' },
  connectionIds: readonly string[],
): Promise<boolean> {
  const opened = await tx.query(
    `insert into reconciliation_run (run_id, scope, asked_by, since, started_at)
     values ($1, $2, $3, $4, $5)
     on conflict ((finished_at is null)) where finished_at is null do nothing returning 1`,
    [run.runId, run.scope, run.askedBy, run.since, run.startedAt],
  );
  if (opened.length === 0) return false;
  const none = new Map(connectionIds.map((id) => [id, null]));
  await openReadings(tx, run, none, run.startedAt);
  return true;
}

/** @param skus What is read of each connection; null for all that the run's scope is. */
export async function openReadings(
  tx: Transaction,
  { runId, look }: Pick<Run, 'runId' | 'look'>,
  skus: ReadonlyMap<string, readonly string[] | null>,
  notBefore: Date,
): Promise<void> {
  await tx.query(
    `insert into reconciliation_reading
       (run_id, look, connection_id, skus, not_before, progress_at)
     select $1, $2, r.id, case when jsonb_typeof(r.skus) = 'array' then
              array(select jsonb_array_elements_text(r.skus)) end, $4, $4
       from jsonb_to_recordset($3::jsonb) as r(id text, skus jsonb)`,
    [runId, look, JSON.stringify([...skus].map(([id, each]) => ({ id, skus: each }))), notBefore],
  );
}

/** Readings of a look that somebody may take up now. They are then ours for the time of a page. */
export async function claimReadings(
  tx: Transaction,
  { runId, look }: Pick<Run, 'runId' | 'look'>,
  now: Date,
): Promise<Reading[]> {
  return tx.query<Reading>(
    `update reconciliation_reading set not_before = $3::timestamptz + ${LEASE}
      where run_id = $1 and look = $2 and ended_at is null and not_before <= $3
     returning ${READING}`,
    [runId, look, now],
  );
}

/** What becomes of a reading after a page. False when somebody else has gone on with it. */
export async function moveReading(
  tx: Transaction,
  reading: Reading,
  move: {
    readonly now: Date;
    readonly after: string | null;
    readonly pages: number;
    readonly ended: boolean;
    readonly notBefore?: Date;
    readonly restarts?: number;
    readonly failure?: string;
  },
): Promise<boolean> {
  const moved = await tx.query(
    `update reconciliation_reading
        set after = $5, pages = $6, restarts = $7, progress_at = $8, failure = $10,
            not_before = coalesce($11, $8::timestamptz + ${LEASE}),
            ended_at = case when $9 then $8::timestamptz end
      where run_id = $1 and look = $2 and connection_id = $3 and pages = $4 and ended_at is null
     returning 1`,
    [
      reading.runId,
      reading.look,
      reading.connectionId,
      reading.pages,
      move.after,
      move.pages,
      move.restarts ?? reading.restarts,
      move.now,
      move.ended,
      move.failure ?? null,
      move.notBefore ?? null,
    ],
  );
  return moved.length > 0;
}

/** Lets a reading rest, without a page. */
export async function restReading(
  reader: Reader,
  { runId, look, connectionId, pages }: Reading,
  notBefore: Date,
): Promise<void> {
  await reader.query(
    `update reconciliation_reading set not_before = $5
      where run_id = $1 and look = $2 and connection_id = $3 and pages = $4 and ended_at is null`,
    [runId, look, connectionId, pages, notBefore],
  );
}

export async function readReadings(
  reader: Reader,
  { runId, look }: Pick<Run, 'runId' | 'look'>,
): Promise<(Reading & { readonly ended: boolean; readonly failure: string | null })[]> {
  return reader.query(
    `select ${READING}, ended_at is not null as ended, failure
       from reconciliation_reading where run_id = $1 and look = $2 order by connection_id`,
    [runId, look],
  );
}

export async function countPairs(tx: Transaction, runId: string, pairs: number): Promise<void> {
  await tx.query('update reconciliation_run set pairs = pairs + $2 where run_id = $1', [
    runId,
    pairs,
  ]);
}

export async function lookAgain(tx: Transaction, runId: string): Promise<void> {
  await tx.query('update reconciliation_run set look = 2 where run_id = $1', [runId]);
}

/** How long runs and what they found are kept. */
const KEPT = `interval '90 days'`;

export async function closeRun(
  tx: Transaction,
  runId: string,
  found: { readonly at: Date; readonly differences: Record<string, number> },
): Promise<void> {
  await tx.query(
    `update reconciliation_run r
        set finished_at = $2, differences = $3,
            complete = not exists (select 1 from reconciliation_reading g
                                    where g.run_id = r.run_id and g.failure is not null)
      where run_id = $1`,
    [runId, found.at, JSON.stringify(found.differences)],
  );
  await tx.query(
    `with old as (delete from reconciliation_run where started_at < $1::timestamptz - ${KEPT}
                  returning run_id),
          gone as (delete from stock_difference where cleared_at < $1::timestamptz - ${KEPT})
     delete from reconciliation_reading where run_id in (select run_id from old)`,
    [found.at],
  );
}
