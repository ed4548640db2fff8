import type { ChannelShelf } from './channel-shelf.js';
import type { MasterShelf } from './masters.js';
import type { Readable } from './readable.js';
import { openQuantity, ShopDocument, ShopOrder, type ShopLine } from './shop-order.js';
import { CHANNEL_SKUS } from './soak-products.js';
import { OWN_PLACE } from './soak-topology.js';
import type { Act } from './store-acts.js';
import { missingUnits } from './true-figures.js';
import type { World } from './world.js';

export const orderTrade: Act = (world) => placeOrder(world, true);
export const orderRetail: Act = (world) => placeOrder(world, false);

/** A trade buyer's cart is saved; the shop's figure does not move before it is completed. */
export const saveDraft: Act = (world) => {
  const order = newOrder(world, true);
  const lines = drawLines(world, 'd');
  for (const { sku } of lines) rememberPlace(world, order, sku);
  order.draft = new ShopDocument(order, 'draft', lines, world.course);
  world.orders.push(order);
  world.course.note('draft');
  return [order.draft];
};

export const completeDraft: Act = (world) => {
  const order = world.course.dice
    .shuffled(world.orders)
    .find((each) => each.draft?.status === 'open' && each.order === undefined);
  const draft = order?.draft;
  if (order === undefined || draft === undefined) return [];
  draft.status = 'completed';
  draft.version += 1;
  // The platform gives the lines of the order ids of their own.
  const lines = draft.lines.map((line) => ({ ...line, lineId: `o${line.lineId}` }));
  order.order = new ShopDocument(order, 'order', lines, world.course);
  world.course.note('draft-completed');
  return [draft, order.order, ...takeFromShop(world, order.order)];
};

export const deleteDraft: Act = (world) => {
  const order = world.orders.find((each) => each.draft?.status === 'open');
  if (order?.draft === undefined) return [];
  order.draft.status = 'deleted';
  order.draft.version += 1;
  world.course.note('draft-deleted');
  return [order.draft];
};

/** Staff change how many of a line are wanted; the shop's figure goes with it. */
export const editOrder: Act = (world) => {
  const { dice } = world.course;
  const document = pickOpen(world);
  if (document === undefined) return [];
  const line = dice.pick(document.lines);
  const open = openQuantity(line);
  document.version += 1;
  if (open > 0 && dice.chance(0.5)) {
    const units = dice.between(1, open);
    line.cancelledQuantity += units;
    world.course.note('edited-down');
    return [document, ...sell(world, document, line, -units)];
  }
  const units = dice.between(1, 3);
  line.orderedQuantity += units;
  world.course.note('edited-up');
  return [document, ...sell(world, document, line, units)];
};

/** The shop puts goods of a cancelled order back for sale, long before any store has. */
export const cancelOrder: Act = (world) => {
  const document = pickOpen(world);
  if (document === undefined) return [];
  document.status = 'cancelled';
  document.version += 1;
  world.course.note('cancelled');
  if (world.course.dice.chance(0.3)) {
    world.course.note('cancelled-without-restock');
    return [document];
  }
  const restocked = document.lines.flatMap((line) =>
    sell(world, document, line, -openQuantity(line)),
  );
  return [document, ...restocked];
};

/** Goods leave: the platform knows how many, and for some retail orders others take them out. */
export const fulfil: Act = (world) => {
  const { course, merchant, masters } = world;
  const document = pickOpen(world);
  const line = document?.lines.find((each) => openQuantity(each) > 0);
  if (document === undefined || line === undefined) return [];
  const { trade, connectionId, ownPlaceId } = document.order;
  const units = course.dice.between(1, openQuantity(line));
  line.fulfilledQuantity += units;
  document.version += 1;
  course.note(trade ? 'trade-dispatched' : 'retail-fulfilled');
  if (document.lines.every((each) => openQuantity(each) <= 0)) document.status = 'closed';
  if (trade || ownPlaceId !== undefined) return [document];
  if (merchant.retailOrdersOf(connectionId) !== 'other-connector') return [document];
  const locationId = course.dice.pick(merchant.locationsOf(connectionId, false));
  const moved = merchant.partsOf(line.sku).map(([sku, each]) => {
    const shelf = masters.at(locationId, sku);
    shelf.bring('sale', -each * units);
    return shelf;
  });
  return [document, ...moved];
};

/** A shop sells what it shows, and now and then more: some sell on when nothing is left. */
function placeOrder(world: World, trade: boolean): readonly Readable[] {
  const order = newOrder(world, trade);
  const ofOurs =
    trade ||
    order.ownPlaceId !== undefined ||
    world.merchant.retailOrdersOf(order.connectionId) !== 'separate-location';
  const wanted = drawLines(world, 'l');
  if (ofOurs) for (const { sku } of wanted) rememberPlace(world, order, sku);
  const lines = world.course.dice.chance(0.15)
    ? wanted
    : wanted.flatMap((line) => {
        const shown = order.soldFrom.get(line.sku)?.units ?? line.orderedQuantity;
        const orderedQuantity = Math.min(line.orderedQuantity, shown);
        return orderedQuantity > 0 ? [{ ...line, orderedQuantity }] : [];
      });
  if (lines.length === 0) return [];
  order.order = new ShopDocument(order, 'order', lines, world.course);
  world.course.note(trade ? 'trade-order' : 'retail-order');
  if (order.ownPlaceId !== undefined) world.course.note('own-place-sold');
  if (trade && world.merchant.sellerOf(order.connectionId, true) === world.merchant.tradeLayer) {
    world.course.note('trade-layer-sold');
  }
  world.orders.push(order);
  return [order.order, ...takeFromShop(world, order.order)];
}

function newOrder({ course, merchant, orders }: World, trade: boolean): ShopOrder {
  const platforms = merchant.channels.filter((each) => each !== merchant.tradeLayer);
  const { connectionId } = course.dice.pick(platforms);
  if (orders.some((each) => each.connectionId !== connectionId)) course.note('both-channels-sold');
  const placedAt = new Date(course.nowMs).toISOString();
  const isOwn = !trade && merchant.hasOwnPlace && connectionId === OWN_PLACE.connectionId;
  const ownPlaceId = isOwn && course.dice.chance(0.6) ? OWN_PLACE.placeId : undefined;
  const orderId = `order-${orders.length + 1}`;
  return new ShopOrder(orderId, connectionId, trade, placedAt, ownPlaceId);
}

function drawLines({ course: { dice } }: World, prefix: string): ShopLine[] {
  const count = dice.pick([1, 1, 2, 3]);
  return dice
    .shuffled(CHANNEL_SKUS)
    .slice(0, count)
    .map((sku) => {
      const orderedQuantity = sku.length > 1 ? dice.between(1, 2) : dice.between(1, 5);
      return {
        lineId: `${prefix}-${sku}`,
        sku,
        orderedQuantity,
        cancelledQuantity: 0,
        fulfilledQuantity: 0,
      };
    });
}

function rememberPlace(world: World, order: ShopOrder, sku: string): void {
  const { merchant, masters, course } = world;
  const { ownPlaceId } = order;
  if (ownPlaceId !== undefined && merchant.isCountedThere(ownPlaceId, sku)) {
    order.soldFrom.set(sku, masters.at(OWN_PLACE.locationId, sku));
    return;
  }
  const { connectionId } = merchant.sellerOf(order.connectionId, order.trade);
  const own = world.channelShelves.filter(
    (each) =>
      each.sku === sku &&
      (ownPlaceId === undefined
        ? each.connectionId === connectionId && each.placeId !== OWN_PLACE.placeId
        : each.placeId === ownPlaceId),
  );
  order.soldFrom.set(sku, course.dice.pick(own));
}

function takeFromShop(world: World, document: ShopDocument): Readable[] {
  return document.lines.flatMap((line) => sell(world, document, line, line.orderedQuantity));
}

/**
 * The shop's figure of a line's SKU goes down by what is sold. What nobody has of it is oversold by
 * the hub as far as the figure was too high against its knowledge, else it is a race.
 */
function sell(
  world: World,
  { order, version }: ShopDocument,
  { sku }: ShopLine,
  units: number,
): (ChannelShelf | MasterShelf)[] {
  const shelf = order.soldFrom.get(sku);
  if (shelf === undefined || units === 0) return [];
  if (units > 0 && sku === 'CASE') world.course.note('pack-sold');
  if (units > 0 && sku === 'KIT') world.course.note('kit-sold');
  if (units > 0 && sku.length > 1 && 'placeId' in shelf && shelf.placeId === OWN_PLACE.placeId) {
    world.course.note('own-place-pack-sold');
  }
  const fromExcess = shelf.sell(units, order.orderId, version);
  if (units > 0) {
    const parts = world.merchant.partsOf(sku);
    const missing = Math.max(...parts.map(([base]) => missingUnits(world, base)));
    const oversold = Math.min(fromExcess, missing);
    world.oversoldUnits += oversold;
    world.racedUnits += Math.min(units, missing) - oversold;
  }
  return [shelf];
}

function pickOpen({ orders, course }: World): ShopDocument | undefined {
  const open = orders.flatMap(({ order }) => (order?.status === 'open' ? [order] : []));
  return open.length === 0 ? undefined : course.dice.pick(open);
}
