import type { StockFact } from '@tillbridge/domain';
import type { EventKind } from './event-kinds.js';
import type { MasterShelf } from './masters.js';
import type { Readable } from './readable.js';
import { trulyOwed } from './true-figures.js';
import type { World } from './world.js';

/** Something happens; returns what of the vendors is another now, nothing when it could not happen. */
export type Act = (world: World) => readonly Readable[];

const HOUR_MS = 3_600_000;

export const sellAtTill: Act = (world) => moveOne(world, 'till-sale', 'sale', -1, -4);
export const takeBack: Act = (world) => moveOne(world, 'customer-return', 'return', 1, 2);
export const receive: Act = (world) => moveOne(world, 'receipt', 'receipt', 2, 9);
export const throwAway: Act = (world) => moveOne(world, 'waste', 'waste', -1, -2);

/** People count a shelf, rather one with goods on it that are booked out already. */
export const countByHand: Act = ({ course, masters, orders }) => {
  const { dice } = course;
  const booked = masters.stores.filter((each) =>
    orders.some(({ orderId }) => each.bookedFor(orderId) > 0),
  );
  const offline = masters.stores.filter(({ isOffline }) => isOffline);
  const rather = offline.length > 0 ? offline : booked;
  const among = rather.length > 0 && dice.chance(0.7) ? rather : masters.stores;
  const shelf = dice.pick(among);
  shelf.countByHand(dice.between(-1, 2));
  course.note('physical-count');
  if (booked.includes(shelf)) course.note('counted-with-promises');
  return [shelf];
};

/** What goes to the other store leaves this one. */
export const transfer: Act = (world) => {
  const { dice } = world.course;
  const from = dice.pick(world.masters.stores);
  const to = world.masters.stores.find(
    ({ sku, locationId }) => sku === from.sku && locationId !== from.locationId,
  ) as MasterShelf;
  const units = dice.between(1, 4);
  from.bring('other', -units);
  to.bring('other', units);
  world.course.note('transfer');
  return [from, to];
};

/** A till sells while it is offline: nobody hears of it yet, so that nothing of the vendors is another. */
export const sellOffline: Act = ({ course, masters }) => {
  const shelf = course.dice.pick(masters.stores);
  shelf.sellOffline(course.dice.between(1, 4));
  return [shelf];
};

/** Three days later the till is back and tells what it sold then; people may have counted meanwhile. */
export const tellOfflineSales: Act = ({ course, masters }) => {
  const shelf = course.dice.shuffled(masters.stores).find(({ isOffline }) => isOffline);
  if (shelf === undefined) return [];
  course.goOn(30 * HOUR_MS, 40 * HOUR_MS);
  if (course.dice.chance(0.4)) {
    shelf.countByHand(course.dice.between(-1, 1));
    course.note('physical-count');
  }
  course.goOn(30 * HOUR_MS, 40 * HOUR_MS);
  const told = shelf.tellOfflineSales();
  course.note('late-till-sale');
  if (told?.sinceCounted === true) course.note('late-till-sale-from-before-a-count');
  return [shelf];
};

/** The POS takes goods of a trade order off a shelf, all of them or some. */
export const deductOrder: Act = (world) => {
  const { course } = world;
  const { dice } = course;
  const open = dice.shuffled([...world.allocations.values()]).find((allocation) => {
    return postedUnits(world, allocation.orderId).some(({ left }) => left > 0);
  });
  if (open === undefined) return [];
  const due = postedUnits(world, open.orderId).filter(({ left }) => left > 0);
  const { shelf, left } = dice.pick(due);
  const units = dice.chance(0.3) ? dice.between(1, left) : left;
  const { postingId } = world.posting(open.orderId, shelf.locationId);
  shelf.move('order', -units, { orderId: open.orderId, postingId });
  course.note('order-deducted');
  if (units < left) course.note('order-deducted-in-part');
  return [shelf];
};

/** The POS puts back what a trade order does not want any more, at times more of it than that. */
export const reverseOrder: Act = (world) => {
  const { dice } = world.course;
  for (const order of dice.shuffled(world.orders)) {
    if (!order.trade) continue;
    const owed = trulyOwed(world.merchant, order);
    for (const shelf of world.masters.shelves) {
      const taken = shelf.bookedFor(order.orderId);
      if (taken <= 0 || taken <= (owed.get(shelf.sku) ?? 0)) continue;
      const { postingId } = world.posting(order.orderId, shelf.locationId);
      shelf.move('reversal', dice.between(1, taken), { orderId: order.orderId, postingId });
      world.course.note('order-reversed');
      return [shelf];
    }
  }
  return [];
};

/** Goods of a trade order that had left come back: the platform takes them off, and the store books them. */
export const returnTrade: Act = (world) => {
  const { dice } = world.course;
  for (const posting of dice.shuffled([...world.postings.values()])) {
    const { orderId, locationId, postingId } = posting;
    const document = world.orders.find((each) => each.orderId === orderId)?.order;
    const line = document?.lines.find((each) => {
      const parts = world.merchant.partsOf(each.sku);
      return (
        each.orderedQuantity > each.cancelledQuantity &&
        parts.every(([sku, units]) => {
          const shelf = world.masters.at(locationId, sku);
          return posting.leftFrom(shelf) >= units && shelf.bookedFor(orderId) >= units;
        })
      );
    });
    if (document === undefined || line === undefined) continue;
    line.cancelledQuantity += 1;
    document.version += 1;
    const shelves = world.merchant.partsOf(line.sku).map(([sku, units]) => {
      const shelf = world.masters.at(locationId, sku);
      shelf.bring('return', units, { orderId, postingId });
      return shelf;
    });
    world.course.note('order-goods-returned');
    return [document, ...shelves];
  }
  return [];
};

/** A trade order of which nothing has left is voided at its store, and posted there anew. */
export const postOrderAnew: Act = (world) => {
  for (const posting of world.course.dice.shuffled([...world.postings.values()])) {
    const { orderId, locationId, postingId } = posting;
    const shelves = world.masters.shelves.filter(
      (each) => each.locationId === locationId && each.bookedFor(orderId) > 0,
    );
    if (!posting.isUntouched || shelves.length === 0) continue;
    for (const shelf of shelves) {
      shelf.move('reversal', shelf.bookedFor(orderId), { orderId, postingId });
    }
    world.postAnew(orderId, locationId);
    world.course.note('order-posted-anew');
    return shelves;
  }
  return [];
};

/** Customers bring goods of an order back that was sent: the till books it, the platform refunds it, or both. */
export const returnRetail: Act = ({ course, masters, orders, merchant }) => {
  const { dice } = course;
  const document = dice
    .shuffled(orders)
    .filter(({ trade, ownPlaceId }) => !trade && ownPlaceId === undefined)
    .map(({ order }) => order)
    .find((each) => each?.lines.some(({ fulfilledQuantity }) => fulfilledQuantity > 0));
  const line = document?.lines.find(({ fulfilledQuantity }) => fulfilledQuantity > 0);
  if (document === undefined || line === undefined) return [];
  const quantity = dice.between(1, line.fulfilledQuantity);
  const isBooked = dice.chance(0.7);
  const locationId = dice.pick(masters.stores).locationId;
  const shelves = merchant.partsOf(line.sku).map(([sku, units]) => {
    const shelf = masters.at(locationId, sku);
    if (isBooked) shelf.bring('return', units * quantity);
    return shelf;
  });
  course.note('retail-returned');
  if (isBooked && dice.chance(0.2)) return shelves;
  line.cancelledQuantity += quantity;
  line.fulfilledQuantity -= quantity;
  document.version += 1;
  return isBooked ? [document, ...shelves] : [document];
};

/** A store does what it was asked to take out for a retail order, or refuses. */
export function answerAdjustment(world: World): { changed: Readable[]; answer?: StockFact } {
  const { course, asked } = world;
  const adjustment = asked.shift();
  if (adjustment === undefined) return { changed: [] };
  const { adjustmentId, orderId, locationId, units, leftMs, refuses: refused } = adjustment;
  course.note(refused ? 'adjustment-refused' : 'retail-adjusted');
  const changed = refused
    ? []
    : units.map((each) => {
        const shelf = world.masters.at(locationId, each.sku);
        if (!world.merchant.isOwnPlace(locationId) && course.dice.chance(0.85)) {
          course.goOn(1_000, 60_000);
          shelf.countByHand(0);
          course.note('counted-before-booked');
          course.goOn(1_000, 60_000);
        }
        shelf.bookLeft(each.units, orderId, leftMs);
        return shelf;
      });
  const data = { adjustmentId, orderId, outcome: refused ? 'refused' : 'done' } as const;
  return { changed, answer: { id: course.newId('m'), kind: 'stock-adjusted', data } };
}

function moveOne(
  world: World,
  event: EventKind,
  kind: 'sale' | 'return' | 'receipt' | 'waste',
  from: number,
  to: number,
): readonly Readable[] {
  const { course, masters } = world;
  const shelf = course.dice.pick(masters.stores);
  const units = course.dice.between(Math.min(from, to), Math.max(from, to));
  shelf.bring(kind, units);
  course.note(event);
  return [shelf];
}

/** What of a trade order's allocation each shelf still has to book out. */
function postedUnits(world: World, orderId: string): { shelf: MasterShelf; left: number }[] {
  return wantedOf(world, orderId).map(([shelf, units]) => {
    return { shelf, left: units - shelf.bookedFor(orderId) };
  });
}

/** What a trade order is to get from each shelf. */
export function wantedOf(world: World, orderId: string): [MasterShelf, number][] {
  const wanted = new Map<MasterShelf, number>();
  for (const { locationId, quantity, parts } of world.allocations.get(orderId)?.shares ?? []) {
    for (const { sku, units } of parts) {
      const shelf = world.masters.at(locationId, sku);
      wanted.set(shelf, (wanted.get(shelf) ?? 0) + units * quantity);
    }
  }
  return [...wanted];
}
