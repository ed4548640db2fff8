import type { PostingDispatch, ShippedGoods } from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import { PLACED_AT, type Commitment } from './commitments.js';

type PromiseKey = Pick<Commitment, 'orderId' | 'locationId' | 'sku'>;

/** What left with a posting as the POS tells it, or with one recorded shipment of it. */
export type ToldDispatch = PostingDispatch | ShippedGoods;

/**
 * Keeps what has left with each posting and each shipment: its highest revision says all of it, so that
 * what an older one said and this one does not is taken back. Where there is no promise yet makes an empty
 * one: a count then finds it, also when the order is seen last. Returns the promises that the newer ones
 * are about.
 */
export async function saveDispatches(
  tx: Transaction,
  told: readonly ToldDispatch[],
): Promise<PromiseKey[]> {
  const latest = new Map<string, ShippedGoods>();
  for (const each of told) {
    const shipmentId = 'shipmentId' in each ? each.shipmentId : each.postingId;
    const key = `${each.postingId} ${shipmentId}`;
    const held = latest.get(key);
    if (held !== undefined && held.revision >= each.revision) continue;
    const units = each.units.filter((part) => part.units > 0);
    latest.set(key, { ...each, shipmentId, units });
  }
  return tx.query<PromiseKey>(
    // What is deleted and what is inserted are never the same row: one statement may not touch it twice.
    `with newer as (
       insert into dispatch_told as t (posting_id, shipment_id, revision)
       select "postingId", "shipmentId", revision from jsonb_to_recordset($1::jsonb)
         as d("postingId" uuid, "shipmentId" uuid, revision int)
       on conflict (posting_id, shipment_id) do update set revision = excluded.revision
         where excluded.revision > t.revision
       returning posting_id, shipment_id),
     told as (
       select d."postingId" as posting_id, d."shipmentId" as shipment_id, d."orderId" as order_id,
              d."locationId" as location_id, d.at, u.sku, u.units
         from jsonb_to_recordset($1::jsonb)
                as d("postingId" uuid, "shipmentId" uuid, "orderId" uuid, "locationId" text,
                     at text, units jsonb)
              cross join lateral jsonb_to_recordset(d.units) as u(sku text, units int)
        where (d."postingId", d."shipmentId") in (select posting_id, shipment_id from newer)),
     taken_back as (
       delete from dispatch d
        where (d.posting_id, d.shipment_id) in (select posting_id, shipment_id from newer)
          and (d.posting_id, d.shipment_id, d.location_id, d.sku)
              not in (select posting_id, shipment_id, location_id, sku from told)
       returning d.order_id, d.location_id, d.sku),
     kept as (
       insert into dispatch (posting_id, shipment_id, location_id, sku, order_id, units, at)
       select posting_id, shipment_id, location_id, sku, order_id, units, at from told
       on conflict (posting_id, shipment_id, location_id, sku) do update
         set units = excluded.units, at = excluded.at),
     promised as (
       insert into commitment (order_id, location_id, sku, placed_at)
       select distinct order_id, location_id, sku, ${PLACED_AT('told.order_id')} from told
       on conflict do nothing)
     select distinct order_id as "orderId", location_id as "locationId", sku
       from (select order_id, location_id, sku from told union all select * from taken_back) d`,
    [JSON.stringify([...latest.values()])],
  );
}
