import { ShopDocument, type ShopLine } from './shop-document.js';
import type { ShopOrder } from './shop-order.js';
import type { TradeWorld } from './trade-world.js';
import { SOLD_SKUS, type PaymentMethod } from './trade-merchant.js';

const PAY_LATER: readonly PaymentMethod[] = ['on-account', 'invoice'];

/** A buyer checks a cart out: as a draft, as an order that is paid at once, or as a quote. */
export function placeOrder(world: TradeWorld): ShopDocument {
  const { course, dice } = world;
  const order = world.newOrder(course.newId('cart'));
  const atOnce = dice.chance(0.3);
  course.note(atOnce ? 'order-at-once' : 'draft');
  const document = newDocument(world, order, atOnce ? 'order' : 'draft');
  document.lines = drawLines(world);
  document.shippingMinor = dice.chance(0.5) ? dice.between(1, 900) : 0;
  if (dice.chance(0.3)) {
    course.note('discounted');
    document.discountMinor = dice.between(1, 1 + Math.floor(document.totalMinor() / 4));
  }
  if (dice.chance(0.6)) document.poNumber = course.newId('PO-');
  document.method = atOnce && dice.chance(0.6) ? 'card' : dice.pick(PAY_LATER);
  if (!atOnce && dice.chance(0.1)) {
    course.note('quote');
    document.method = 'quote';
  }
  if (dice.chance(0.08)) {
    course.note('other-currency');
    document.currency = 'EUR';
  }
  return document;
}

/** Staff make a copy of a draft, with its cart id in it. */
export function duplicateDraft(world: TradeWorld, of: ShopDocument): ShopDocument {
  world.course.note('draft-duplicated');
  const document = newDocument(world, world.newOrder(of.cartId), 'draft');
  return copied(world, of, document);
}

/** The draft becomes the legal order; its lines get ids of their own. */
export function completeDraft(world: TradeWorld, order: ShopOrder): ShopDocument[] {
  const { draft } = order;
  if (draft === undefined || draft.status !== 'open' || order.order !== undefined) return [];
  draft.change({ status: 'completed' });
  if (draft.method === 'quote') draft.method = 'invoice';
  world.course.note('draft-completed');
  return [draft, copied(world, draft, newDocument(world, order, 'order'))];
}

export function newLine(world: TradeWorld): ShopLine {
  const { course, dice } = world;
  const sku = dice.chance(0.12) ? null : dice.pick(SOLD_SKUS);
  const parts = sku === null ? [] : world.merchant.partsOf(sku);
  if (sku === null) course.note('manual-line');
  else if (parts.length > 1) course.note('kit-sold');
  else if (world.merchant.isWhole(sku)) course.note('pack-sold');
  const orderedQuantity = dice.between(1, 8);
  return {
    lineId: course.newId('line'),
    sku,
    orderedQuantity,
    cancelledQuantity: 0,
    fulfilledQuantity: 0,
    returnedQuantity: 0,
    unitMinor: dice.chance(0.03) ? 0 : dice.between(1, 9_999),
    oddMinor: dice.chance(0.5) ? dice.between(0, orderedQuantity - 1) : 0,
  };
}

function drawLines(world: TradeWorld): ShopLine[] {
  const lines = Array.from({ length: world.dice.between(1, 5) }, () => newLine(world));
  const goods = lines.some(({ sku }) => sku !== null);
  return goods || world.dice.chance(0.1) ? lines : [...lines, newLine(world)];
}

function newDocument(world: TradeWorld, order: ShopOrder, stage: 'draft' | 'order'): ShopDocument {
  const { course } = world;
  const placedAt = new Date(course.nowMs).toISOString();
  const document = new ShopDocument(order.orderId, stage, order.cartId, placedAt, course);
  order[stage] = document;
  return document;
}

function copied(world: TradeWorld, from: ShopDocument, to: ShopDocument): ShopDocument {
  const { method, poNumber, currency, shippingMinor, discountMinor, wrongMinor, negativeMinor } =
    from;
  const lines = from.lines.map((line) => ({ ...line, lineId: world.course.newId('line') }));
  const money = { shippingMinor, discountMinor, wrongMinor, negativeMinor };
  return Object.assign(to, { method, poNumber, currency, ...money, lines });
}
