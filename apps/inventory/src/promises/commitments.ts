import {
  shelfKey,
  shortUnitsByOrder,
  type NewlyContained,
  type OwedFromShelf,
  type Shelf,
  type ShelfPromise,
} from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import { readLevels, saveCommitted } from '../stock/stock-levels.js';

export interface Commitment extends ShelfPromise {
  readonly shortUnits: number;
}

/** `of` is the name of the table with its dot, where there is more than one. */
export const COMMITMENT = (of = ''): string => `
  ${of}order_id as "orderId", ${of}location_id as "locationId", ${of}sku,
  ${of}placed_at as "placedAt", ${of}owed_units as "owedUnits",
  ${of}contained_units as "containedUnits", ${of}left_units as "leftUnits", ${of}counted,
  ${of}committed_units as "committedUnits", ${of}short_units as "shortUnits"`;

export async function readCommitmentsOf(
  tx: Transaction,
  orderIds: readonly string[],
): Promise<Commitment[]> {
  return tx.query<Commitment>(
    `select ${COMMITMENT()} from commitment where order_id = any($1::uuid[])`,
    [orderIds],
  );
}

/** When an order was placed, where its platform has shown it; `orderId` is a column. */
export const PLACED_AT = (orderId: string): string => `
  (select placed_at from channel_order where order_id = ${orderId} order by stage desc limit 1)`;

/** Adds what figures contain to the orders they contain it for. Returns the rows as they are now. */
export async function addContained(
  tx: Transaction,
  contained: readonly NewlyContained[],
): Promise<Commitment[]> {
  if (contained.length === 0) return [];
  return tx.query<Commitment>(
    `insert into commitment as c (order_id, location_id, sku, contained_units, placed_at)
     select n.*, ${PLACED_AT('n."orderId"')} from jsonb_to_recordset($1::jsonb)
       as n("orderId" uuid, "locationId" text, sku text, units int)
     on conflict (order_id, location_id, sku) do update
       set contained_units = c.contained_units + excluded.contained_units
     returning ${COMMITMENT()}`,
    [JSON.stringify(contained)],
  );
}

/** Orders of which more was taken out of these shelves than they are owed. */
export async function readOrdersInExcess(
  tx: Transaction,
  shelves: readonly Shelf[],
): Promise<string[]> {
  if (shelves.length === 0) return [];
  const rows = await tx.query<{ orderId: string }>(
    `select distinct order_id as "orderId" from commitment
      where contained_units > owed_units
        and (location_id, sku) in (select * from unnest($1::text[], $2::text[]))`,
    [shelves.map(({ locationId }) => locationId), shelves.map(({ sku }) => sku)],
  );
  return rows.map(({ orderId }) => orderId);
}

/** Sets what orders are owed from each shelf. */
export async function saveOwed(tx: Transaction, owed: readonly OwedFromShelf[]): Promise<void> {
  if (owed.length === 0) return;
  await tx.query(
    `insert into commitment (order_id, location_id, sku, placed_at, owed_units)
     select * from jsonb_to_recordset($1::jsonb)
       as o("orderId" uuid, "locationId" text, sku text, "placedAt" text, "owedUnits" int)
     on conflict (order_id, location_id, sku) do update
       set owed_units = excluded.owed_units, placed_at = excluded.placed_at`,
    [JSON.stringify(owed)],
  );
}

/**
 * Brings each shelf's promised sum, and who is short on it, up to its commitments. Returns the
 * orders that became short, or more or less so.
 */
export async function refreshShelves(
  tx: Transaction,
  shelves: readonly Shelf[],
): Promise<Set<string>> {
  if (shelves.length === 0) return new Set();
  const levels = await readLevels(tx, shelves);
  const promises = await readOpenPromises(tx, shelves);
  const byShelf = new Map<string, Commitment[]>();
  for (const each of promises) {
    byShelf.set(shelfKey(each), [...(byShelf.get(shelfKey(each)) ?? []), each]);
  }
  const shorts: (Pick<Commitment, 'orderId' | 'shortUnits'> & Shelf)[] = [];
  const sums: (Shelf & { committedUnits: number })[] = [];
  for (const [key, level] of levels) {
    const held = byShelf.get(key) ?? [];
    const committedUnits = held.reduce((sum, each) => sum + each.committedUnits, 0);
    const { locationId, sku } = level;
    if (committedUnits !== level.committedUnits) sums.push({ locationId, sku, committedUnits });
    const short = shortUnitsByOrder(level.onHandUnits, held);
    for (const { orderId, shortUnits } of held) {
      const now = short.get(orderId) ?? 0;
      if (now !== shortUnits) shorts.push({ orderId, locationId, sku, shortUnits: now });
    }
  }
  await saveCommitted(tx, sums);
  await saveShorts(tx, shorts);
  return new Set(shorts.map(({ orderId }) => orderId));
}

async function readOpenPromises(tx: Transaction, shelves: readonly Shelf[]): Promise<Commitment[]> {
  return tx.query<Commitment>(
    `select ${COMMITMENT()} from commitment
      where (committed_units > 0 or short_units > 0)
        and (location_id, sku) in (select * from unnest($1::text[], $2::text[]))`,
    [shelves.map(({ locationId }) => locationId), shelves.map(({ sku }) => sku)],
  );
}

async function saveShorts(
  tx: Transaction,
  shorts: readonly (Pick<Commitment, 'orderId' | 'shortUnits'> & Shelf)[],
): Promise<void> {
  if (shorts.length === 0) return;
  await tx.query(
    `update commitment c set short_units = s."shortUnits"
       from jsonb_to_recordset($1::jsonb)
         as s("orderId" uuid, "locationId" text, sku text, "shortUnits" int)
      where c.order_id = s."orderId" and c.location_id = s."locationId" and c.sku = s.sku`,
    [JSON.stringify(shorts)],
  );
}
