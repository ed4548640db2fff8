import type { NewException, Transaction } from '@tillbridge/postgres';
import type { ChannelMap } from '../merchant/channel-map.js';

interface Condition {
  readonly orderId: string;
  readonly name: string;
  readonly connectionId: string;
  readonly shortUnits: number;
  readonly restockUnits: number;
  readonly restockAt: string | null;
}

/**
 * Raises what is wrong with these orders' goods and clears what is no longer. Returns the units each
 * is short of. An order that only the master has named is left alone until its platform shows it.
 */
export async function refreshOrderConditions(
  tx: Transaction,
  channels: ChannelMap,
  orderIds: Iterable<string>,
): Promise<Map<string, number>> {
  const conditions = await readConditions(tx, [...orderIds]);
  await tx.raise(conditions.flatMap((condition) => raised(channels, condition)));
  await tx.clear(
    conditions.flatMap(({ orderId, shortUnits, restockUnits }) => [
      ...(shortUnits === 0 ? [{ code: 'order-short' as const, subject: orderId }] : []),
      ...(restockUnits === 0 ? [{ code: 'restock-pending' as const, subject: orderId }] : []),
    ]),
  );
  return new Map(conditions.map(({ orderId, shortUnits }) => [orderId, shortUnits]));
}

async function readConditions(tx: Transaction, orderIds: readonly string[]): Promise<Condition[]> {
  if (orderIds.length === 0) return [];
  return tx.query<Condition>(
    `with seen as (
       select distinct on (order_id) order_id, name, connection_id
         from channel_order where order_id = any($1::uuid[])
        order by order_id, stage desc)
     select order_id as "orderId", seen.name, seen.connection_id as "connectionId",
            coalesce(sum(short_units), 0)::int as "shortUnits",
            coalesce(sum(greatest(0, contained_units - owed_units)), 0)::int as "restockUnits",
            min(location_id) filter (where contained_units > owed_units) as "restockAt"
       from seen left join commitment using (order_id)
      group by 1, 2, 3`,
    [orderIds],
  );
}

function raised(channels: ChannelMap, condition: Condition): NewException[] {
  const { orderId, name, connectionId, shortUnits, restockUnits, restockAt } = condition;
  const exceptions: NewException[] = [];
  if (shortUnits > 0) {
    exceptions.push({
      code: 'order-short',
      subject: orderId,
      system: connectionId,
      cause: `Order ${name} was promised ${shortUnits} units more than are on hand for it.`,
    });
  }
  if (restockUnits > 0 && restockAt !== null) {
    exceptions.push({
      code: 'restock-pending',
      subject: orderId,
      system: channels.masterOf(restockAt),
      cause: `${restockUnits} units were taken out at '${restockAt}' for order ${name}, and nobody is owed them any more.`,
    });
  }
  return exceptions;
}
