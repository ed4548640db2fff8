import { shelfKey, type StockBook } from '@tillbridge/domain';
import type { SoakMerchant } from '../world/soak-merchant.js';
import { BASE_SKUS } from '../world/soak-products.js';
import { keptBack, NOTHING_TAKEN } from '../world/taken.js';
import type { Known } from './known.js';
import { expectSame, Violation } from '../../run/violation.js';

/** What each shelf has promised, by its key. */
export type Committed = ReadonlyMap<string, number>;

/**
 * Compares what the hub holds with what it has been told, after each batch.
 * @throws Violation
 */
export function judgeBook(book: StockBook, known: Known, merchant: SoakMerchant): Committed {
  const committed = judgePromises(book, known, merchant);
  let shelves = 0;
  for (const shelf of book.shelves) {
    const key = shelfKey(shelf);
    const count = known.shelves.get(key);
    expectSame('figure is the newest count', key, shelf.onHandUnits, count?.onHandUnits);
    expectSame('figure is the newest count', key, shelf.countedAt, count?.countedAt);
    const promised = committed.get(key) ?? 0;
    expectSame('commitments never below zero', `sum of ${key}`, shelf.committedUnits, promised);
    shelves += 1;
  }
  expectSame('figure is the newest count', 'shelves', shelves, known.shelves.size);
  for (const { channelLocationId, sku, desiredUnits } of book.figures) {
    const may = mayPromise(channelLocationId, sku, known, merchant, committed);
    const of = `${sku} of ${channelLocationId}`;
    expectSame('promised above the figure', of, desiredUnits, may);
  }
  return committed;
}

/**
 * What a channel may be told of a SKU: for each store the figure less commitments and buffer, and
 * never a pack or kit that no one store can make. Null while a part was counted nowhere.
 */
export function mayPromise(
  placeId: string,
  sku: string,
  known: Known,
  merchant: SoakMerchant,
  committed: Committed,
): number | null {
  if (merchant.isCountedThere(placeId, sku)) return null;
  const feeders = merchant.feedersOf({ channelLocationId: placeId });
  const parts = merchant.partsOf(sku);
  let sum = 0;
  for (const locationId of feeders) {
    let makes = Infinity;
    for (const [part, units] of parts) {
      const key = `${locationId} ${part}`;
      const { onHandUnits = 0 } = known.shelves.get(key) ?? {};
      const left = onHandUnits - (committed.get(key) ?? 0) - merchant.bufferOf(locationId);
      makes = Math.min(makes, Math.floor(Math.max(0, left) / units));
    }
    sum += makes;
  }
  for (const [part] of parts) {
    if (!feeders.some((locationId) => known.shelves.has(`${locationId} ${part}`))) return null;
  }
  return sum;
}

/** Each order's promises against its lines and the masters' ledgers. Returns the sums a shelf. */
function judgePromises(book: StockBook, known: Known, merchant: SoakMerchant): Committed {
  const committed = new Map<string, number>();
  const allCounted = known.shelves.size === merchant.locationIds.length * BASE_SKUS.length;
  const containing = new Map<string, number>();
  for (const { orderId, promises } of book.orders) {
    const owed = new Map<string, number>();
    for (const promise of promises) {
      const key = shelfKey(promise);
      const { sku, owedUnits, containedUnits, committedUnits } = promise;
      const of = `${orderId} at ${key}`;
      const taken = known.takenFrom(key).get(orderId) ?? NOTHING_TAKEN;
      expectSame('contained at most once', of, containedUnits, taken.units);
      if (taken.units !== 0) containing.set(key, (containing.get(key) ?? 0) + 1);
      const keeps = keptBack(owedUnits, taken);
      expectSame('commitments never below zero', of, committedUnits, keeps);
      owed.set(sku, (owed.get(sku) ?? 0) + owedUnits);
      committed.set(key, (committed.get(key) ?? 0) + keeps);
    }
    judgeOwed(orderId, owed, known.owedTo(orderId), allCounted);
  }
  for (const key of known.shelves.keys()) {
    let orders = 0;
    for (const { units } of known.takenFrom(key).values()) if (units !== 0) orders += 1;
    expectSame('contained at most once', `orders in ${key}`, containing.get(key) ?? 0, orders);
  }
  return committed;
}

/** While a shelf was never counted, a line may wait for it. */
function judgeOwed(
  orderId: string,
  promised: ReadonlyMap<string, number>,
  wanted: ReadonlyMap<string, number>,
  allCounted: boolean,
): void {
  for (const [sku, units] of promised) {
    const right = wanted.get(sku) ?? 0;
    if (units > right || (allCounted && units < right)) {
      const said = `${orderId} is promised ${units} ${sku} and wants ${right}`;
      throw new Violation('owed is what was ordered', said);
    }
  }
  if (!allCounted) return;
  for (const [sku, units] of wanted) {
    const of = `${sku} of ${orderId}`;
    expectSame('owed is what was ordered', of, promised.get(sku) ?? 0, units);
  }
}
