import { leftOf, type Refund, type ShopDocument, type ShopLine } from './shop-document.js';
import type { ShopOrder } from './shop-order.js';
import type { TradeWorld } from './trade-world.js';

type Goods = Refund['goods'][number];

/** Goods that were sent come back: all that the buyer still has, or some of one line. */
export function returnGoods(world: TradeWorld, document: ShopDocument): ShopDocument[] {
  const { course, dice } = world;
  const sent = document.lines.filter((line) => outside(line) > 0);
  if (!isOrder(document) || sent.length === 0) return [];
  const all = dice.chance(0.3);
  const restocked = dice.chance(0.45);
  const place = dice.chance(0.5) ? {} : { locationId: dice.pick(world.merchant.locationIds) };
  const goods = (all ? sent : [dice.pick(sent)]).map((line): Goods => {
    const quantity = all ? outside(line) : dice.between(1, outside(line));
    const amountMinor = Math.floor((document.lineMinor(line) * quantity) / leftOf(line));
    const sellable = restocked && line.sku !== null;
    return {
      lineId: line.lineId,
      quantity,
      restocked: sellable,
      ...(sellable ? place : {}),
      amountMinor,
    };
  });
  const backOf = ({ lineId }: ShopLine) =>
    goods.find((each) => each.lineId === lineId)?.quantity ?? 0;
  course.note(
    sent.every((line) => backOf(line) === outside(line)) ? 'returned' : 'returned-in-part',
  );
  if (!restocked) course.note('returned-not-restocked');
  document.lines = document.lines.map((line) => ({
    ...line,
    returnedQuantity: line.returnedQuantity + backOf(line),
  }));
  const amountMinor = goods.reduce((sum, each) => sum + each.amountMinor, 0);
  // Some merchants keep a part for their trouble, or take goods back for nothing.
  const kept = dice.pick([0, 0, 0, 0.5, 1]);
  return refund(world, document, Math.floor(amountMinor * (1 - kept)), goods);
}

/** Money goes back, and no goods: for a scratch, or because something was late. */
export function refundMoney(
  world: TradeWorld,
  _: ShopOrder,
  document: ShopDocument,
): ShopDocument[] {
  const sentMinor = document.lines.reduce((sum, line) => {
    const charged = document.lineMinor(line);
    return sum + (leftOf(line) > 0 ? (charged * line.fulfilledQuantity) / leftOf(line) : 0);
  }, 0);
  const early = world.dice.chance(0.15);
  const most = early ? document.totalMinor() / 4 : sentMinor / 2;
  if (!isOrder(document) || roomMinor(document) < 1 || most < 1) return [];
  world.course.note('refunded-money-only');
  return refund(world, document, world.dice.between(1, Math.floor(most)), []);
}

function refund(
  { course }: TradeWorld,
  document: ShopDocument,
  amountMinor: number,
  goods: readonly Goods[],
): ShopDocument[] {
  const creditMinor = Math.max(0, Math.min(amountMinor, roomMinor(document)));
  const refundId = course.newId('refund');
  const refundedAt = new Date(course.nowMs).toISOString();
  const made = { refundId, refundedAt, creditMinor, paidBackMinor: creditMinor, goods };
  document.change({ refunds: [...document.refunds, made] });
  return [document];
}

function isOrder({ stage, status }: ShopDocument): boolean {
  return stage === 'order' && status !== 'deleted';
}

/** What may still be credited: the platform refunds no more than it charges. */
function roomMinor(document: ShopDocument): number {
  return document.totalMinor() - document.creditedMinor();
}

/** Sent, and not come back. */
function outside({ fulfilledQuantity, returnedQuantity }: ShopLine): number {
  return fulfilledQuantity - returnedQuantity;
}
