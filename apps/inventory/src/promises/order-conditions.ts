import {
  standingOf,
  UNPLACED_CODES,
  unplacedRetail,
  type Containment,
  type ExceptionCode,
  type LineWithoutShare,
  type Shelf,
  type Sighting,
} from '@tillbridge/domain';
import type { NewException, Transaction } from '@tillbridge/postgres';
import type { ChannelMap } from '../merchant/channel-map.js';

/** What the master booked for an order that does not fit what the order is owed. */
interface Oddity extends Shelf, Containment {
  readonly owedUnits: number;
  readonly takenBack: number;
}

interface Condition extends Pick<Sighting, 'stage' | 'trade' | 'status'> {
  readonly orderId: string;
  readonly name: string;
  readonly connectionId: string;
  readonly shortUnits: number;
  readonly oddities: readonly Oddity[];
  readonly unallocated: readonly LineWithoutShare[];
}

const CODES = [
  ...UNPLACED_CODES,
  'order-short',
  'restock-pending',
  'deducted-twice-by-master',
  'put-back-twice-by-master',
] as const satisfies readonly ExceptionCode[];

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
  const wrong = conditions.flatMap((condition) => exceptionsOf(channels, condition));
  await tx.raise(wrong);
  const open = new Set(wrong.map(({ code, subject }) => `${code} ${subject}`));
  await tx.clear(
    conditions
      .flatMap(({ orderId }) => CODES.map((code) => ({ code, subject: orderId })))
      .filter(({ code, subject }) => !open.has(`${code} ${subject}`)),
  );
  return new Map(conditions.map(({ orderId, shortUnits }) => [orderId, shortUnits]));
}

/** `takenBackUnits` of libs/domain in SQL; of a row of `commitment`. */
const TAKEN_BACK = `
  (select greatest(0, coalesce(sum(r.units), 0)) from stock_cause r
    where r.location_id = commitment.location_id and r.sku = commitment.sku
      and r.kind = 'return' and r.order_id is null and r.contained
      and r.happened_at >= (
        select min(d.happened_at) from stock_cause d
         where d.order_id = commitment.order_id and d.location_id = r.location_id and d.sku = r.sku
           and d.kind = 'retail-dispatch' and d.contained))`;

async function readConditions(tx: Transaction, orderIds: readonly string[]): Promise<Condition[]> {
  if (orderIds.length === 0) return [];
  return tx.query<Condition>(
    `with seen as (
       select distinct on (order_id) order_id, name, connection_id, stage, trade, status
         from channel_order where order_id = any($1::uuid[])
        order by order_id, stage desc)
     select order_id as "orderId", seen.name, seen.connection_id as "connectionId",
            seen.stage, seen.trade, seen.status, coalesce(a.unallocated, '[]') as unallocated,
            coalesce(sum(short_units), 0)::int as "shortUnits",
            coalesce(jsonb_agg(jsonb_build_object('locationId', location_id, 'sku', sku,
                       'owedUnits', owed_units, 'containedUnits', contained_units,
                       'leftUnits', left_units, 'counted', counted,
                       'takenBack', ${TAKEN_BACK}) order by location_id, sku)
                     filter (where contained_units > owed_units or contained_units < 0), '[]')
              as oddities
       from seen left join allocation a using (order_id) left join commitment using (order_id)
      group by 1, 2, 3, 4, 5, 6, 7`,
    [orderIds],
  );
}

function exceptionsOf(channels: ChannelMap, condition: Condition): NewException[] {
  const { orderId, name, connectionId, shortUnits, oddities } = condition;
  const cause = `Order ${name} was promised ${shortUnits} units more than are on hand for it.`;
  const short = { code: 'order-short' as const, subject: orderId, system: connectionId, cause };
  const standings = oddities.map((each) => ({
    ...each,
    ...standingOf(each.owedUnits, each, each.takenBack),
  }));
  const booked = (
    code: ExceptionCode,
    unitsOf: (each: (typeof standings)[number]) => number,
    inWords: (about: { units: number; where: string; entries: string }) => string,
  ): NewException[] => {
    const wrong = standings.filter((each) => unitsOf(each) > 0);
    const [first] = wrong;
    if (first === undefined) return [];
    const sign = code === 'deducted-twice-by-master' ? '+' : '-';
    const units = wrong.reduce((sum, each) => sum + unitsOf(each), 0);
    const entries = wrong
      .map((each) => `${sign}${unitsOf(each)} of ${each.sku} at '${each.locationId}'`)
      .join(', ');
    const text = inWords({ units, where: first.locationId, entries });
    return [{ code, subject: orderId, system: channels.masterOf(first.locationId), cause: text }];
  };
  return [
    ...(shortUnits > 0 ? [short] : []),
    ...unplacedRetail(condition, condition.unallocated).map(({ code, skus }) => ({
      code,
      subject: orderId,
      system: connectionId,
      cause: `Nothing is promised for ${skus.join(', ')} of order ${name}: no stock master has counted it where '${connectionId}' sells from.`,
    })),
    ...booked(
      'restock-pending',
      (each) => each.restockPendingUnits,
      ({ units, where }) =>
        `${units} units were taken out at '${where}' for order ${name}, and nobody is owed them any more.`,
    ),
    ...booked(
      'deducted-twice-by-master',
      (each) => each.deductedTwiceUnits,
      ({ units, entries }) =>
        `${units} units of order ${name} had left before the last physical count, which missed them, and were taken out once more after it. Proposed entry: ${entries}.`,
    ),
    ...booked(
      'put-back-twice-by-master',
      (each) => each.putBackTwiceUnits,
      ({ units, entries }) =>
        `${units} units of order ${name} were found by the last physical count and put back once more after it. Proposed entry: ${entries}.`,
    ),
  ];
}
