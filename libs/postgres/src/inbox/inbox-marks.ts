import type { Received } from '@tillbridge/contracts';
import type { Transaction } from '../database/transaction.js';

/**
 * Marks messages as handled in one round trip and returns those that were not. A message that was
 * put aside to wait counts as not handled; a parked one is a person's business and stays parked.
 */
export async function markHandled<T>(
  tx: Transaction,
  received: readonly Received<T>[],
): Promise<Received<T>[]> {
  const byKey = new Map<string, Received<T>>();
  for (const message of received) {
    const key = keyOf(message.consumer, message.id);
    if (!byKey.has(key)) byKey.set(key, message);
  }
  // In order of key: two batches that share messages would deadlock otherwise.
  const sorted = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, message]) => message);
  const rows = await tx.query<{ consumer: string; message_id: string }>(
    `INSERT INTO inbox AS kept (consumer, message_id)
     SELECT consumer, message_id FROM unnest($1::text[], $2::text[]) AS given (consumer, message_id)
     ON CONFLICT (consumer, message_id) DO UPDATE
       SET state = 'handled', at = now(), subject = NULL, headers = NULL, payload = NULL,
           next_attempt_at = NULL, reason = NULL
       WHERE kept.state = 'waiting'
     RETURNING consumer, message_id`,
    [sorted.map(({ consumer }) => consumer), sorted.map(({ id }) => id)],
  );
  const fresh = new Set(rows.map((row) => keyOf(row.consumer, row.message_id)));
  return [...byKey].filter(([key]) => fresh.has(key)).map(([, message]) => message);
}

function keyOf(consumer: string, id: string): string {
  return `${consumer} ${id}`;
}
