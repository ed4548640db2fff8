import {
  happenedAt,
  leftByCause,
  takenOutUnits,
  type Shelf,
  type ShelfCause,
} from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';

/** Keeps causes for ever, each once by its id. */
export async function saveCauses(tx: Transaction, causes: readonly ShelfCause[]): Promise<void> {
  if (causes.length === 0) return;
  await tx.query(
    `insert into stock_cause
       (location_id, sku, cause_id, kind, order_id, units, taken_out_units, left_units, at,
        happened_at, message_id)
     select * from jsonb_to_recordset($1::jsonb)
       as c("locationId" text, sku text, "causeId" text, kind text, "orderId" uuid, units int,
            "takenOutUnits" int, "leftUnits" int, at text, "happenedAt" text, "messageId" text)
     on conflict do nothing`,
    [
      JSON.stringify(
        causes.map((cause) => ({
          ...cause,
          takenOutUnits: takenOutUnits(cause),
          leftUnits: leftByCause(cause),
          happenedAt: happenedAt(cause),
        })),
      ),
    ],
  );
}

/**
 * Marks the causes that the figures now contain, whichever of the two came first. A figure's clock
 * only goes forward, so a mark is never taken back and each cause is returned in one transaction. In
 * order of time: the last of them is named as what changed a promise.
 */
export async function containCauses(
  tx: Transaction,
  shelves: readonly Shelf[],
): Promise<ShelfCause[]> {
  return tx.query<ShelfCause>(
    `with contained as (
       update stock_cause c set contained = true
         from stock_level l
        where l.location_id = c.location_id and l.sku = c.sku
          and not c.contained and c.at <= l.counted_at
          and (c.location_id, c.sku) in (select * from unnest($1::text[], $2::text[]))
       returning c.*)
     select location_id as "locationId", sku, cause_id as "causeId", kind, order_id as "orderId",
            units, at, happened_at as "happenedAt", message_id as "messageId"
       from contained order by at, cause_id collate "C"`,
    [shelves.map(({ locationId }) => locationId), shelves.map(({ sku }) => sku)],
  );
}
