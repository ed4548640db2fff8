import type { Transaction } from '@tillbridge/postgres';

/** Batches of figures on their way to a channel. */
export async function countOpenBatches(
  tx: Pick<Transaction, 'query'>,
  connectionId: string,
): Promise<number> {
  const [row] = await tx.query<{ open: number }>(
    `select count(*)::int as open from stock_batch where connection_id = $1 and closed_at is null`,
    [connectionId],
  );
  return row?.open ?? 0;
}

export async function openBatch(
  tx: Transaction,
  batch: { batchId: string; connectionId: string; items: number; sentAt: Date },
): Promise<void> {
  await tx.query(
    `insert into stock_batch (batch_id, connection_id, items, sent_at) values ($1, $2, $3, $4)`,
    [batch.batchId, batch.connectionId, batch.items, batch.sentAt],
  );
}

/** Closes batches and frees the rows that were in flight with them, also those without a result. */
export async function closeBatches(
  tx: Transaction,
  batchIds: readonly string[],
  at: Date,
): Promise<void> {
  const closed = await tx.query<{ batchId: string; overdue: boolean }>(
    `update stock_batch set closed_at = $2
      where batch_id = any($1::uuid[]) and closed_at is null
     returning batch_id as "batchId", overdue`,
    [batchIds, at],
  );
  await tx.query(
    `update publication set in_flight_batch = null, in_flight_units = null
      where in_flight_batch = any($1::uuid[])`,
    [batchIds],
  );
  const overdue = closed.filter((batch) => batch.overdue);
  await tx.clear(
    overdue.map(({ batchId }) => ({ code: 'channel-refused-stock', subject: batchId })),
  );
}

/**
 * Tells people of batches that have no answer. They are not sent again: the connector keeps each
 * command until it is done, and two of them would race.
 */
export async function raiseOverdueBatches(tx: Transaction, sentBefore: Date): Promise<void> {
  const overdue = await tx.query<{ batchId: string; connectionId: string; items: number }>(
    `update stock_batch set overdue = true
      where closed_at is null and not overdue and sent_at < $1
     returning batch_id as "batchId", connection_id as "connectionId", items`,
    [sentBefore],
  );
  await tx.raise(
    overdue.map(({ batchId, connectionId, items }) => ({
      code: 'channel-refused-stock',
      subject: batchId,
      system: connectionId,
      cause: `A batch of ${items} stock figures has had no answer from '${connectionId}'.`,
    })),
  );
}
