import { OrderObserved, OrdersPolled, type Received } from '@tillbridge/contracts';
import { completePolls, type Poll } from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';

interface PendingPoll extends Poll {
  readonly messageId: string;
}

/** Keeps polls until every order they found is taken in. */
export async function keepPolls(
  tx: Transaction,
  polls: readonly Received<OrdersPolled>[],
): Promise<void> {
  await tx.query(
    `insert into poll_pending (message_id, connection_id, complete_through, requires)
     select "messageId", "connectionId", "completeThrough",
            array(select jsonb_array_elements_text(requires))
       from jsonb_to_recordset($1::jsonb)
         as p("messageId" text, "connectionId" text, "completeThrough" timestamptz, requires jsonb)
     on conflict do nothing`,
    [JSON.stringify(polls.map(({ id, data }) => ({ ...data, messageId: id })))],
  );
}

/**
 * Moves each channel's watermark to the latest poll of which all orders are taken in. Call it in
 * turn: else the last order and the poll could each miss the other.
 */
export async function advanceWatermarks(tx: Transaction): Promise<void> {
  const pending = await tx.query<PendingPoll>(
    `select message_id as "messageId", connection_id as "connectionId",
            complete_through as "completeThrough", requires
       from poll_pending order by complete_through, message_id limit 1000`,
  );
  const required = [...new Set(pending.flatMap(({ requires }) => requires))];
  const handled = await tx.handledAmong([OrderObserved, OrdersPolled], required);
  const complete = completePolls(pending, (id) => handled.has(id));
  if (complete.length === 0) return;
  await tx.query(
    `with done as (
       delete from poll_pending where message_id = any($1::text[])
       returning connection_id, complete_through)
     insert into poll_watermark (connection_id, complete_through)
     select connection_id, max(complete_through) from done group by 1
     on conflict (connection_id) do update
       set complete_through = greatest(poll_watermark.complete_through, excluded.complete_through)`,
    [complete.map(({ messageId }) => messageId)],
  );
}
