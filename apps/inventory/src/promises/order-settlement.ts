import {
  countedSighting,
  decideSettlements,
  type Allocation,
  type BaseUnits,
  type Shelf,
} from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import type { ChannelMap } from '../merchant/channel-map.js';
import { adjustRetailStock } from '../retail/retail-adjustments.js';
import { recordInLedger } from '../stock/stock-ledger.js';
import { readLevelsOfSkus, type StockLevel } from '../stock/stock-levels.js';
import { readCommitmentsOf, saveOwed, type Commitment } from './commitments.js';
import { saveAllocations, type OrderRecord } from './order-book.js';

/** What settling orders changed, for whoever refreshes what depends on it. */
export interface Settled {
  readonly shelves: readonly Shelf[];
  /** Allocations that changed. */
  readonly changed: readonly Allocation[];
}

/**
 * Brings the promises of orders up to what is known of them, and has left what was dispatched.
 * `sources` names the fact behind each order's change.
 */
export async function settleOrders(
  tx: Transaction,
  channels: ChannelMap,
  records: readonly OrderRecord[],
  sources: ReadonlyMap<string, string>,
  now: Date,
): Promise<Settled> {
  const known = records.filter((record) => countedSighting(record) !== undefined);
  if (known.length === 0) return { shelves: [], changed: [] };
  const levels = await readLevelsFor(tx, channels, known);
  const promises = await readPromisesOf(tx, known);
  const orders = known.map((record) => ({
    ...record,
    promises: promises.get(record.orderId) ?? [],
  }));
  const settled = decideSettlements(orders, (key) => levels.get(key), channels);
  const changed = settled.filter((each) => each.changed).map(({ allocation }) => allocation);
  await saveAllocations(tx, changed);
  const owed = settled.flatMap((each) => each.owed);
  await saveOwed(tx, owed);
  await recordInLedger(
    tx,
    settled.flatMap(({ entries }) =>
      entries.map((entry) => ({ ...entry, messageId: sources.get(entry.orderId) ?? '' })),
    ),
  );
  await adjustRetailStock(
    tx,
    channels,
    settled.map(({ allocation: { orderId, shares }, leaving }) => ({ orderId, shares, leaving })),
    now,
  );
  return { shelves: owed, changed };
}

async function readPromisesOf(
  tx: Transaction,
  records: readonly OrderRecord[],
): Promise<Map<string, Commitment[]>> {
  const orderIds = records.map(({ orderId }) => orderId);
  const promises = new Map<string, Commitment[]>();
  for (const each of await readCommitmentsOf(tx, orderIds)) {
    promises.set(each.orderId, [...(promises.get(each.orderId) ?? []), each]);
  }
  return promises;
}

/** The shelves of all that these orders name or hold. */
async function readLevelsFor(
  tx: Transaction,
  { products }: ChannelMap,
  records: readonly OrderRecord[],
): Promise<Map<string, StockLevel>> {
  const skus = new Set<string>();
  const add = (parts: readonly BaseUnits[]) => parts.forEach(({ sku }) => skus.add(sku));
  for (const record of records) {
    for (const { sku } of countedSighting(record)?.lines ?? []) {
      if (sku !== null && sku !== undefined) add(products.partsOf(sku));
    }
    for (const { parts } of record.allocation?.shares ?? []) add(parts);
  }
  return readLevelsOfSkus(tx, skus);
}
