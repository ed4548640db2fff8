import type { OutgoingMessage, PublishOutcome, Publisher } from '@tillbridge/runtime';
import type { Logger } from 'pino';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { ClaimFloor } from './claim-floor.js';

/** JetStream takes at most 1,000 messages in one atomic batch. */
const BATCH = 1_000;
const POLL_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
/** A refused row waits 1, 2, 4 … seconds between its tries. */
const TRIES = 8;

interface OutboxRow {
  readonly sequence: string;
  readonly message_id: string;
  readonly subject: string;
  readonly headers: Record<string, string>;
  readonly payload: string;
  /** How often a rebuild has put it back on its way. */
  readonly round: number;
  readonly attempts: number;
}

/**
 * Publishes what commits leave in the outbox. Rows are claimed, published and marked in one
 * transaction: a crash at any point leaves them unmarked, they are published again, and their ids
 * make the repeat harmless. Rows are found by being unpublished, never by their number alone: a
 * transaction that commits late has a low one, and ClaimFloor sees to it that it is found.
 */
export class OutboxRelay {
  /** Rows published since the process began. */
  published = 0;
  private stopped = false;
  private asked = false;
  private wakeUp: () => void = () => undefined;
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly publisher: Publisher,
    private readonly logger: Logger,
    private readonly floor = new ClaimFloor(),
  ) {}

  start(): void {
    this.database.onOutbox(() => this.wake());
    this.loop = this.run();
  }

  wake(): void {
    this.asked = true;
    this.wakeUp();
  }

  /** Ends after the pass under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wakeUp();
    await this.loop;
  }

  /** From which number on it looks now. */
  lowest(): bigint {
    return this.floor.from();
  }

  /** Publishes one batch. Says how many rows it took and whether the road is open. */
  async pass(): Promise<{ readonly taken: number; readonly open: boolean }> {
    return this.database.inTransaction(async (tx) => {
      const rows = await this.claim(tx);
      if (rows.length === 0) return { taken: 0, open: true };
      const outcomes = await this.publisher.publish(rows.map(toMessage));
      const marked = await markPublished(tx, rows, outcomes);
      await this.putOff(tx, rows, outcomes);
      this.published += marked;
      return { taken: rows.length, open: marked > 0 || !outcomes.some(isUnavailable) };
    });
  }

  private async run(): Promise<void> {
    let pauseMs = POLL_MS;
    while (!this.stopped) {
      const told = this.asked;
      this.asked = false;
      try {
        const { taken, open } = told || (await this.hasWork()) ? await this.pass() : NOTHING;
        pauseMs = open ? POLL_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
        if (open && taken === BATCH) continue;
      } catch (error) {
        this.logger.warn({ err: error }, 'the outbox could not be relayed, will try again');
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
      await this.pause(pauseMs);
    }
  }

  /** One cheap read instead of an empty transaction, twenty times a second. */
  private async hasWork(): Promise<boolean> {
    const from = this.floor.from();
    const rows = await this.database.query<OutboxRow>(lookFor('sequence', 1), [from]);
    this.saw(from, rows);
    return rows.length > 0;
  }

  private async claim(tx: Transaction): Promise<OutboxRow[]> {
    const from = this.floor.from();
    // A crash of Postgres may take marks back: the rows go again, as after any crash in a pass.
    const look = lookFor(`${COLUMNS}, set_config('synchronous_commit', 'off', true)`, BATCH);
    const rows = await tx.query<OutboxRow>(`${look} FOR UPDATE SKIP LOCKED`, [from]);
    this.saw(from, rows);
    return rows;
  }

  private saw(from: bigint, rows: readonly OutboxRow[]): void {
    this.floor.saw(
      from,
      rows.map(({ sequence }) => BigInt(sequence)),
    );
  }

  private async pause(ms: number): Promise<void> {
    // While the road is closed new commits must not turn the pause into a busy loop.
    if (this.stopped || (this.asked && ms === POLL_MS)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeUp = () => {
        if (ms !== POLL_MS && !this.stopped) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.wakeUp = () => undefined;
  }

  /** Rows that the server refuses wait, and are parked in the end; the others go on meanwhile. */
  private async putOff(
    tx: Transaction,
    rows: readonly OutboxRow[],
    outcomes: readonly PublishOutcome[],
  ): Promise<void> {
    const refused = rows.flatMap((row, at) => {
      const outcome = outcomes[at];
      return outcome?.kind === 'refused' ? [{ row, reason: outcome.reason }] : [];
    });
    if (refused.length === 0) return;
    await tx.query(
      `UPDATE outbox SET attempts = attempts + 1, error = given.reason,
              next_attempt_at = now() + 2 ^ attempts * interval '1 second',
              parked_at = CASE WHEN attempts + 1 >= $3 THEN now() END
         FROM unnest($1::bigint[], $2::text[]) AS given (sequence, reason)
        WHERE outbox.sequence = given.sequence`,
      [refused.map(({ row }) => row.sequence), refused.map(({ reason }) => reason), TRIES],
    );
    const parked = refused.filter(({ row }) => row.attempts + 1 >= TRIES);
    this.logger.error(
      { refused: refused.map(({ row, reason }) => ({ subject: row.subject, reason })) },
      'messages were refused by the stream',
    );
    await tx.raise(
      parked.map(({ row, reason }) => ({
        code: 'message-dead-lettered',
        subject: row.message_id,
        cause: `${row.subject} could not be published: ${reason}.`,
      })),
    );
  }
}

const NOTHING = { taken: 0, open: true } as const;

const COLUMNS = 'sequence, message_id, subject, headers, payload, round, attempts';

/** What is to be published now, from a number on: the first ones, in order. */
function lookFor(columns: string, limit: number): string {
  return `SELECT ${columns} FROM outbox
           WHERE published_at IS NULL AND parked_at IS NULL AND sequence >= $1
             AND (next_attempt_at IS NULL OR next_attempt_at <= now())
           ORDER BY sequence LIMIT ${limit}`;
}

async function markPublished(
  tx: Transaction,
  rows: readonly OutboxRow[],
  outcomes: readonly PublishOutcome[],
): Promise<number> {
  const published = rows.filter((_, at) => outcomes[at]?.kind === 'published');
  if (published.length === 0) return 0;
  await tx.query(
    `UPDATE outbox SET published_at = now(), error = NULL,
            first_published_at = COALESCE(first_published_at, now())
      WHERE sequence = ANY($1::bigint[])`,
    [published.map(({ sequence }) => sequence)],
  );
  return published.length;
}

/** Readers know the message by `ce-id` in its headers; this id is what a stream drops repeats by. */
function toMessage({ message_id, round, subject, headers, payload }: OutboxRow): OutgoingMessage {
  return { id: round === 0 ? message_id : `${message_id}.${round}`, subject, headers, payload };
}

function isUnavailable(outcome: PublishOutcome): boolean {
  return outcome.kind === 'unavailable';
}
