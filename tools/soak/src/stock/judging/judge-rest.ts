import { shelfKey, type BookOrder, type StockBook } from '@tillbridge/domain';
import type { HubUnderSoak } from '../hub-under-soak.js';
import { keptBack } from '../world/taken.js';
import { trulyOwed } from '../world/true-figures.js';
import type { World } from '../world/world.js';
import { expectSame } from '../../run/violation.js';

/**
 * When all is quiet: the channels show what the stores really have less what orders really want,
 * apart from what a channel refused, and the exceptions name what is short or lies about.
 * @throws Violation
 */
export function judgeRest(hub: HubUnderSoak, world: World): void {
  hub.judgeLedger();
  judgeOrders(hub, world);
  const free = freeUnits(hub.book, world);
  for (const { channelLocationId, sku, refused } of hub.book.figures) {
    if (refused) continue;
    const shelf = world.channelShelf(channelLocationId, sku);
    let right = 0;
    for (const locationId of world.merchant.feedersOf({ channelLocationId })) {
      const makes = world.merchant.partsOf(sku).map(([part, units]) => {
        const left = (free.get(`${locationId} ${part}`) ?? 0) - hub.merchant.bufferOf(locationId);
        return Math.floor(Math.max(0, left) / units);
      });
      right += Math.min(...makes);
    }
    const of = `${sku} of ${channelLocationId}`;
    expectSame('channel shows the truth at rest', of, shelf?.units, right);
  }
  judgeExceptions(hub.book, world);
}

/** What orders want and have been given is what the platform and the stores say. */
function judgeOrders({ book, known }: HubUnderSoak, world: World): void {
  const held = new Map(book.orders.map((order) => [order.orderId, order]));
  for (const order of world.orders) {
    const promised = new Map<string, number>();
    for (const { sku, owedUnits } of held.get(order.orderId)?.promises ?? []) {
      promised.set(sku, (promised.get(sku) ?? 0) + owedUnits);
    }
    const partsOf = (sku: string) => known.partsOf(order.orderId, sku);
    for (const [sku, units] of trulyOwed(world.merchant, order, partsOf)) {
      const of = `${sku} of ${order.orderId}`;
      expectSame('channel shows the truth at rest', of, promised.get(sku), units);
    }
    for (const shelf of world.masters.shelves) {
      const promise = held
        .get(order.orderId)
        ?.promises.find((each) => shelfKey(each) === shelf.key);
      const of = `${order.orderId} out of ${shelf.key}`;
      const taken = shelf.takenFor(order.orderId).units;
      expectSame('contained at most once', of, promise?.containedUnits ?? 0, taken);
    }
  }
}

const ORDER_CODES: readonly string[] = [
  'order-short',
  'restock-pending',
  'deducted-twice-by-master',
  'put-back-twice-by-master',
  'sku-unknown',
  'location-unmapped',
];

/** What each store has less what is promised from it; where that is, only the hub can say. */
function freeUnits(book: StockBook, world: World): Map<string, number> {
  const free = new Map(world.masters.shelves.map(({ key, units }) => [key, units]));
  for (const { orderId, promises } of book.orders) {
    for (const promise of promises) {
      const taken = world.masters.at(promise.locationId, promise.sku).takenFor(orderId);
      const keeps = keptBack(promise.owedUnits, taken);
      const key = shelfKey(promise);
      free.set(key, (free.get(key) ?? 0) - keeps);
    }
  }
  return free;
}

/** Whoever ordered first is served first; what is taken out and not wanted lies about. */
function judgeExceptions(book: StockBook, world: World): void {
  const right: string[] = [];
  const short = new Set<string>();
  const known = book.orders.filter(
    ({ draft, order }) => draft !== undefined || order !== undefined,
  );
  for (const { locationId, sku, onHandUnits } of book.shelves) {
    const rows = known
      .flatMap(({ promises }) => promises)
      .filter((each) => each.locationId === locationId && each.sku === sku)
      .sort((a, b) => compare(a.placedAt ?? '', b.placedAt ?? '') || compare(a.orderId, b.orderId));
    let promised = 0;
    for (const { orderId, committedUnits } of rows) {
      promised += committedUnits;
      if (committedUnits > 0 && promised > onHandUnits) short.add(orderId);
    }
  }
  for (const orderId of short) right.push(`order-short ${orderId}`);
  for (const { orderId, promises } of known) {
    for (const code of oddCodes(promises, world)) right.push(`${code} ${orderId}`);
  }
  const rule = 'exceptions say what is';
  expectSame(rule, 'what is open', openOrderExceptions(book), right.sort().join());
}

/** The open exceptions that follow from figures and orders alone. */
export function openOrderExceptions(book: StockBook): string {
  return book.openExceptions
    .filter(({ code }) => ORDER_CODES.includes(code))
    .map(({ code, subject }) => `${code} ${subject}`)
    .sort()
    .join();
}

/** What was booked for an order and does not fit what it wants. */
function oddCodes(promises: BookOrder['promises'], world: World): Set<string> {
  const codes = new Set<string>();
  for (const { orderId, locationId, sku, owedUnits } of promises) {
    const shelf = world.masters.at(locationId, sku);
    const { units, left, counted } = shelf.takenFor(orderId);
    const excess = Math.max(0, units - owedUnits);
    const twice = counted ? Math.max(0, Math.min(left, units - left, excess)) : 0;
    if (twice > 0) codes.add('deducted-twice-by-master');
    if (excess > twice + Math.max(0, shelf.takenBackSince(orderId))) codes.add('restock-pending');
    if (counted && units < 0) codes.add('put-back-twice-by-master');
  }
  return codes;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
