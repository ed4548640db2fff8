import { sumBySku, type BaseUnits, type Share, type Shelf } from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import { recordInLedger } from '../stock/stock-ledger.js';

export interface SkuRename {
  readonly from: string;
  readonly to: string;
}

const RENAMES = `jsonb_to_recordset($1::jsonb) as r("from" text, "to" text)`;

/**
 * Has what is held under old names held under the new ones: figures, causes, promises, what has left, and
 * what was asked of masters. What the new name has of its own stays: where both were counted, its own
 * figure is believed until the master tells another. What is done already is not done again. Returns
 * the shelves of the new names that changed. `source` names the change in the ledger.
 */
export async function renameSkus(
  tx: Transaction,
  renames: readonly SkuRename[],
  source: string,
): Promise<Shelf[]> {
  const held = await tx.query<SkuRename>(
    `select r."from", r."to" from ${RENAMES}
      where exists (select 1 from stock_level l where l.sku = r."from")
         or exists (select 1 from commitment c where c.sku = r."from")
         or exists (select 1 from allocation a where a.waiting_skus && array[r."from"])`,
    [JSON.stringify(renames)],
  );
  if (held.length === 0) return [];
  const list = JSON.stringify(held);
  await copyCauses(tx, list);
  const levels = await moveLevels(tx, list, source);
  const promises = await movePromises(tx, list);
  await recordInLedger(
    tx,
    promises.map((promise) => ({ ...promise, messageId: source })),
  );
  await moveDispatches(tx, list);
  await renameInOrders(tx, held, [...new Set(promises.map(({ orderId }) => orderId))]);
  const names = new Set(held.map(({ to }) => to));
  return [...levels, ...promises].filter(({ sku }) => names.has(sku));
}

/** They stay under the old name, too: the past is told by it. */
async function copyCauses(tx: Transaction, renames: string): Promise<void> {
  await tx.query(
    `insert into stock_cause (location_id, sku, cause_id, kind, order_id, posting_id, units,
       taken_out_units, at, happened_at, contained, message_id)
     select location_id, r."to", cause_id, kind, order_id, posting_id, units, taken_out_units, at,
            happened_at, contained, message_id
       from stock_cause c join ${RENAMES} on c.sku = r."from"
     on conflict do nothing`,
    [renames],
  );
}

/** An old name ends in the ledger with nothing on hand. */
async function moveLevels(tx: Transaction, renames: string, source: string): Promise<Shelf[]> {
  return tx.query<Shelf>(
    `with gone as (
       delete from stock_level l using ${RENAMES} where l.sku = r."from"
       returning l.*, r."to"),
     ended as (
       insert into stock_ledger (message_id, location_id, sku, on_hand_units, counted_at)
       select $2, location_id, sku, 0, counted_at from gone),
     moved as (
       insert into stock_level (location_id, sku, on_hand_units, counted_at, revision, last_count_at)
       select distinct on (location_id, "to") location_id, "to", on_hand_units, counted_at,
              revision, last_count_at
         from gone order by location_id, "to", counted_at desc, revision desc
       on conflict do nothing
       returning location_id, sku, on_hand_units, counted_at),
     begun as (
       insert into stock_ledger (message_id, location_id, sku, on_hand_units, counted_at)
       select $2, location_id, sku, on_hand_units, counted_at from moved)
     select distinct location_id as "locationId", "to" as sku from gone`,
    [renames, source],
  );
}

interface MovedPromise extends Shelf {
  readonly orderId: string;
  readonly owedUnits: number;
  readonly containedUnits: number;
}

/** The promises as they are now, those of the old names with nothing. */
async function movePromises(tx: Transaction, renames: string): Promise<MovedPromise[]> {
  return tx.query<MovedPromise>(
    `with gone as (
       delete from commitment c using ${RENAMES} where c.sku = r."from"
       returning c.*, r."to"),
     moved as (
       insert into commitment as c (order_id, location_id, sku, placed_at, owed_units,
         contained_units, left_units, counted)
       select order_id, location_id, "to", min(placed_at), sum(owed_units), sum(contained_units),
              sum(left_units), bool_or(counted)
         from gone group by order_id, location_id, "to"
       on conflict (order_id, location_id, sku) do update
         set owed_units = c.owed_units + excluded.owed_units,
             contained_units = c.contained_units + excluded.contained_units,
             left_units = c.left_units + excluded.left_units,
             counted = c.counted or excluded.counted,
             placed_at = coalesce(c.placed_at, excluded.placed_at)
       returning *)
     select order_id as "orderId", location_id as "locationId", sku, 0 as "owedUnits",
            0 as "containedUnits"
       from gone
     union all
     select order_id, location_id, sku, owed_units, contained_units from moved`,
    [renames],
  );
}

async function moveDispatches(tx: Transaction, renames: string): Promise<void> {
  await tx.query(
    `with gone as (
       delete from dispatch d using ${RENAMES} where d.sku = r."from"
       returning d.*, r."to")
     insert into dispatch as d (posting_id, shipment_id, location_id, sku, order_id, units, at)
     select posting_id, shipment_id, location_id, "to", order_id, sum(units), max(at)
       from gone group by posting_id, shipment_id, location_id, "to", order_id
     on conflict (posting_id, shipment_id, location_id, sku) do update
       set units = d.units + excluded.units`,
    [renames],
  );
}

/** Where orders' goods come from, and what masters were asked to take out for them. */
async function renameInOrders(
  tx: Transaction,
  renames: readonly SkuRename[],
  orderIds: readonly string[],
): Promise<void> {
  const names = new Map(renames.map(({ from, to }) => [from, to]));
  const nameOf = (sku: string): string => names.get(sku) ?? sku;
  const renamed = (units: readonly BaseUnits[]): BaseUnits[] =>
    sumBySku(units.map((each) => ({ sku: nameOf(each.sku), units: each.units })));
  const plans = await tx.query<{
    orderId: string;
    shares: Share[];
    unallocated: { missing: string[] }[];
    waiting: string[];
  }>(
    `select order_id as "orderId", shares, unallocated, waiting_skus as waiting from allocation
      where order_id = any($1::uuid[]) or waiting_skus && $2::text[]`,
    [orderIds, [...names.keys()]],
  );
  await tx.query(
    `update allocation a set shares = p.shares, unallocated = p.unallocated,
            waiting_skus = array(select jsonb_array_elements_text(p.waiting))
       from jsonb_to_recordset($1::jsonb)
         as p("orderId" uuid, shares jsonb, unallocated jsonb, waiting jsonb)
      where a.order_id = p."orderId"`,
    [
      JSON.stringify(
        plans.map(({ orderId, shares, unallocated, waiting }) => ({
          orderId,
          shares: shares.map((share) => ({ ...share, parts: renamed(share.parts) })),
          unallocated: unallocated.map((line) => ({ ...line, missing: line.missing.map(nameOf) })),
          waiting: waiting.map(nameOf),
        })),
      ),
    ],
  );
  const asked = await tx.query<{ id: string; units: BaseUnits[] }>(
    `select adjustment_id as id, units from retail_adjustment where order_id = any($1::uuid[])`,
    [orderIds],
  );
  await tx.query(
    `update retail_adjustment a set units = n.units
       from jsonb_to_recordset($1::jsonb) as n(id uuid, units jsonb) where a.adjustment_id = n.id`,
    [JSON.stringify(asked.map(({ id, units }) => ({ id, units: renamed(units) })))],
  );
}
