import {
  happenedAt,
  shelfKey,
  takenOutUnits,
  type Shelf,
  type ShelfCause,
} from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import { toColumns } from './to-columns.js';

/**
 * Keeps causes for ever, each once by its id, and marks those that the figures of these shelves now
 * contain, whichever of the two came first. A figure's clock only goes forward, so a mark is never
 * taken back. Returns each cause that says something of an order, a count or a return once in its life, in the
 * transaction in which a figure contains it. In order of time: the last of them is named as what
 * changed a promise.
 */
export async function takeCauses(
  tx: Transaction,
  shelves: readonly Shelf[],
  causes: readonly ShelfCause[],
): Promise<ShelfCause[]> {
  const rows = firstTold(causes).map((cause) => ({
    ...cause,
    takenOutUnits: takenOutUnits(cause),
    happenedAt: happenedAt(cause),
  }));
  return tx.query<ShelfCause>(
    // The second part does not see what the first one inserts: no cause is returned twice.
    `with given as (
       select * from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::uuid[],
                            $9::int[], $10::int[], $11::text[], $12::text[], $13::text[])
         as g(location_id, sku, cause_id, kind, order_id, posting_id, units, taken_out_units, at,
              happened_at, message_id)),
     added as (
       insert into stock_cause
         (location_id, sku, cause_id, kind, order_id, posting_id, units, taken_out_units, at,
          happened_at, message_id, contained)
       select g.*, coalesce(g.at <= l.counted_at, false)
         from given g left join stock_level l using (location_id, sku)
       on conflict do nothing
       returning *),
     waited as (
       update stock_cause c set contained = true
         from stock_level l
        where l.location_id = c.location_id and l.sku = c.sku
          and not c.contained and c.at <= l.counted_at
          and (c.location_id, c.sku) in (select * from unnest($1::text[], $2::text[]))
       returning c.*)
     select location_id as "locationId", sku, cause_id as "causeId", kind, order_id as "orderId",
            posting_id as "postingId", units, at, happened_at as "happenedAt",
            message_id as "messageId"
       from (select * from added union all select * from waited) c
      where contained and (order_id is not null or kind in ('physical-count', 'return'))
      order by at, cause_id collate "C"`,
    [
      ...toColumns(shelves, ['locationId', 'sku']),
      ...toColumns(rows, [
        ...(['locationId', 'sku', 'causeId', 'kind', 'orderId', 'postingId'] as const),
        ...(['units', 'takenOutUnits', 'at', 'happenedAt', 'messageId'] as const),
      ]),
    ],
  );
}

/** Each cause as the first fact of the batch told it: the join below may take them in any order. */
function firstTold(causes: readonly ShelfCause[]): ShelfCause[] {
  const first = new Map<string, ShelfCause>();
  for (const cause of causes) {
    const key = `${shelfKey(cause)} ${cause.causeId}`;
    if (!first.has(key)) first.set(key, cause);
  }
  return [...first.values()];
}
