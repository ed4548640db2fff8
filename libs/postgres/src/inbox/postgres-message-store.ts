import { MessageStore, type DeadLetter, type KeptMessage } from '@tillbridge/runtime';
import type { Database } from '../database/database.js';

interface InboxRow {
  readonly consumer: string;
  readonly message_id: string;
  readonly subject: string;
  readonly headers: Record<string, string>;
  readonly payload: Buffer;
}

/** Messages that wait for another try, or for a person. */
export class PostgresMessageStore extends MessageStore {
  constructor(private readonly database: Database) {
    super();
  }

  async countTry({ consumer, id }: KeptMessage, reason: string): Promise<number> {
    // Without a time for the next try the row is a count only: the stream brings the message again.
    const [row] = await this.database.query<{ attempts: number }>(
      `INSERT INTO inbox AS kept (consumer, message_id, state, attempts, reason)
       VALUES ($1, $2, 'waiting', 1, $3)
       ON CONFLICT (consumer, message_id) DO UPDATE
         SET attempts = kept.attempts + 1, reason = excluded.reason
       RETURNING attempts`,
      [consumer, id, reason],
    );
    return row?.attempts ?? 1;
  }

  async keepWaiting(
    message: KeptMessage,
    wait: { readonly nextAttemptAt: Date; readonly reason: string },
  ): Promise<void> {
    await this.database.query(
      `INSERT INTO inbox AS kept
         (consumer, message_id, state, subject, headers, payload, next_attempt_at, reason)
       VALUES ($1, $2, 'waiting', $3, $4, $5, $6, $7)
       ON CONFLICT (consumer, message_id) DO UPDATE
         SET subject = excluded.subject, headers = excluded.headers, payload = excluded.payload,
             next_attempt_at = excluded.next_attempt_at, reason = excluded.reason
         WHERE kept.state = 'waiting'`,
      [...columnsOf(message), wait.nextAttemptAt, wait.reason],
    );
  }

  async deadLetter(message: KeptMessage, why: DeadLetter): Promise<void> {
    await this.database.inTransaction(async (tx) => {
      await tx.query(
        `INSERT INTO dead_letter
           (consumer, message_id, subject, headers, payload, code, error, stack_hash, attempts)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (consumer, message_id) DO NOTHING`,
        [...columnsOf(message), why.code, why.error, why.stackHash ?? null, why.attempts],
      );
      await tx.query(
        `INSERT INTO inbox AS kept (consumer, message_id, state, attempts, reason)
         VALUES ($1, $2, 'parked', $3, $4)
         ON CONFLICT (consumer, message_id) DO UPDATE
           SET state = 'parked', attempts = excluded.attempts, reason = excluded.reason,
               next_attempt_at = NULL
           WHERE kept.state = 'waiting'`,
        [message.consumer, message.id, why.attempts, why.error],
      );
      const cause = `${message.consumer} could not handle ${message.subject}: ${why.code}.`;
      await tx.raise([{ code: 'message-dead-lettered', subject: message.id, cause }]);
    }, message.headers['traceparent']);
  }

  async claimDue(
    consumers: readonly string[],
    limit: number,
    leaseMs: number,
  ): Promise<KeptMessage[]> {
    const rows = await this.database.query<InboxRow>(
      `UPDATE inbox SET next_attempt_at = now() + $3 * interval '1 millisecond'
        WHERE (consumer, message_id) IN (
          SELECT consumer, message_id FROM inbox
           WHERE state = 'waiting' AND next_attempt_at <= now() AND consumer = ANY($1)
           ORDER BY next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING consumer, message_id, subject, headers, payload`,
      [consumers, limit, leaseMs],
    );
    return rows.map(({ message_id: id, ...row }) => ({ id, ...row }));
  }

  async finish(consumer: string, id: string): Promise<void> {
    await this.database.query(
      `UPDATE inbox SET state = 'handled', at = now(), payload = NULL, headers = NULL,
              next_attempt_at = NULL, reason = NULL
        WHERE consumer = $1 AND message_id = $2 AND state = 'waiting'`,
      [consumer, id],
    );
  }
}

function columnsOf({ consumer, id, subject, headers, payload }: KeptMessage): unknown[] {
  return [consumer, id, subject, JSON.stringify(headers), Buffer.from(payload)];
}
