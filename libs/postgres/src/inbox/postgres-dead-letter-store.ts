import {
  DeadLetter,
  DeadLetterAct,
  DeadLetterPage,
  DeadLetterSummary,
  Failure,
  type AskDeadLetter,
  type AskDeadLetterActs,
  type AskDeadLetters,
  type DiscardDeadLetters,
  type ReplayDeadLetters,
} from '@tillbridge/contracts';
import { DeadLetterStore } from '@tillbridge/runtime';
import type { Database } from '../database/database.js';

interface Row {
  readonly consumer: string;
  readonly message_id: string;
  readonly subject: string;
  readonly headers: Record<string, string>;
  readonly payload: Buffer;
  readonly code: string;
  readonly error: string;
  readonly stack_hash: string | null;
  readonly attempts: number;
  readonly at: Date;
}

/**
 * The dead letters of this service. A replay is one statement that moves a row from `dead_letter` to
 * the waiting ones of `inbox`: a crash leaves it in one of them, and the worker of waiting messages
 * runs it like any other. When it fails again it comes back as a dead letter, with its new error.
 */
export class PostgresDeadLetterStore extends DeadLetterStore {
  constructor(private readonly database: Database) {
    super();
  }

  async list({ consumer, code, after, limit }: AskDeadLetters): Promise<DeadLetterPage> {
    const about = [consumer ?? null, code ?? null];
    const WANTED = `($1::text IS NULL OR consumer = $1) AND ($2::text IS NULL OR code = $2)`;
    const rows = await this.database.query<Row>(
      `SELECT consumer, message_id, subject, code, error, stack_hash, attempts, at FROM dead_letter
        WHERE ${WANTED} AND (consumer, message_id) > ($3, $4)
        ORDER BY consumer, message_id LIMIT $5`,
      [...about, after?.consumer ?? '', after?.messageId ?? '', limit],
    );
    const [counted] = await this.database.query<{ total: number }>(
      `SELECT count(*)::int AS total FROM dead_letter WHERE ${WANTED}`,
      about,
    );
    const deadLetters = rows.map((row) => Object.assign(new DeadLetterSummary(), summaryOf(row)));
    return Object.assign(new DeadLetterPage(), { deadLetters, total: counted?.total ?? 0 });
  }

  async show({ consumer, messageId }: AskDeadLetter): Promise<DeadLetter> {
    const [row] = await this.database.query<Row>(
      `SELECT * FROM dead_letter WHERE message_id = $1 AND ($2::text IS NULL OR consumer = $2)
        ORDER BY consumer LIMIT 1`,
      [messageId, consumer ?? null],
    );
    if (row === undefined) {
      throw new Failure('not-found', 'never', `${messageId} is no dead letter, or no more`);
    }
    const { headers, payload } = row;
    return Object.assign(new DeadLetter(), { ...summaryOf(row), headers, ...readable(payload) });
  }

  async acts({ actId, limit }: AskDeadLetterActs): Promise<DeadLetterAct[]> {
    const rows = await this.database.query<Record<string, unknown> & { at: Date }>(
      `SELECT act.act_id AS "actId", act.act, act.by, act.reason, act.at, act.consumer,
              act.message_id AS "messageId", act.code, act.error,
              CASE WHEN act.act = 'discard' THEN 'discarded'
                   ELSE coalesce(kept.state, 'handled') END AS outcome
         FROM dead_letter_act AS act LEFT JOIN inbox AS kept USING (consumer, message_id)
        WHERE $1::uuid IS NULL OR act.act_id = $1
        ORDER BY act.at DESC, act.consumer, act.message_id LIMIT $2`,
      [actId ?? null, limit],
    );
    return rows.map((row) =>
      Object.assign(new DeadLetterAct(), { ...row, at: row.at.toISOString() }),
    );
  }

  async replay(order: ReplayDeadLetters): Promise<void> {
    // A mark says that the message was handled after all: then there is nothing to run again.
    await this.carryOut(
      order,
      'replay',
      `INSERT INTO inbox AS kept
         (consumer, message_id, state, subject, headers, payload, next_attempt_at, reason)
       SELECT consumer, message_id, 'waiting', subject, headers, payload, now(), $6 FROM taken
       ON CONFLICT (consumer, message_id) DO UPDATE
         SET state = 'waiting', subject = excluded.subject, headers = excluded.headers,
             payload = excluded.payload, attempts = 0, next_attempt_at = now(),
             reason = excluded.reason
         WHERE kept.state <> 'handled'`,
    );
  }

  async discard(order: DiscardDeadLetters): Promise<void> {
    await this.carryOut(
      order,
      'discard',
      // As good as handled: a repeat of it is absorbed, and its mark goes with the others of its age.
      `UPDATE inbox SET state = 'handled', at = now(), subject = NULL, headers = NULL,
              payload = NULL, next_attempt_at = NULL, reason = $6
         FROM taken
        WHERE inbox.consumer = taken.consumer AND inbox.message_id = taken.message_id`,
    );
  }

  /** `settle` says what becomes of the messages in `taken`, in the statement that takes them. */
  private async carryOut(
    order: ReplayDeadLetters | DiscardDeadLetters,
    act: 'replay' | 'discard',
    settle: string,
  ): Promise<void> {
    const { actId, by, reason, letters } = order;
    await this.database.inTransaction(async (tx) => {
      // The audit line makes the order's repeat harmless: a message that failed again meanwhile
      // would be a dead letter once more.
      const rows = await tx.query<{ message_id: string }>(
        `WITH taken AS (
           DELETE FROM dead_letter AS letter
            USING unnest($1::text[], $2::text[]) AS given (consumer, message_id)
            WHERE letter.consumer = given.consumer AND letter.message_id = given.message_id
              AND NOT EXISTS (SELECT FROM dead_letter_act AS done WHERE done.act_id = $3
                AND done.consumer = letter.consumer AND done.message_id = letter.message_id)
           RETURNING letter.*),
         settled AS (${settle})
         INSERT INTO dead_letter_act (act_id, act, by, reason, consumer, message_id, code, error)
         SELECT $3, $4, $5, $6, consumer, message_id, code, error FROM taken
         RETURNING message_id`,
        [
          letters.map(({ consumer }) => consumer),
          letters.map(({ messageId }) => messageId),
          actId,
          act,
          by,
          reason,
        ],
      );
      const code = 'message-dead-lettered';
      await tx.clear(rows.map(({ message_id: subject }) => ({ code, subject })));
    });
  }
}

function summaryOf(row: Row): DeadLetterSummary {
  const { consumer, message_id: messageId, subject, code, error, attempts, at } = row;
  const stackHash = row.stack_hash;
  return { consumer, messageId, subject, code, error, attempts, at: at.toISOString(), stackHash };
}

/** Bytes that are no UTF-8 must reach the reader unchanged. */
function readable(payload: Buffer): Pick<DeadLetter, 'payload' | 'encoding'> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload);
    return { payload: text, encoding: 'text' };
  } catch {
    return { payload: payload.toString('base64'), encoding: 'base64' };
  }
}
