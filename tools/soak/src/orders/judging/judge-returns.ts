import { expectSame, Violation } from '../../run/violation.js';
import type { ShopOrder } from '../world/shop-order.js';
import type { TillOrder } from '../world/till.js';
import type { TradeMerchant } from '../world/trade-merchant.js';
import { sumOf } from './units.js';

interface Said {
  readonly codes: readonly string[];
  /** Postings for which the POS would not take a return. */
  readonly refused: ReadonlySet<string>;
}

/**
 * What came back lies on the POS's shelf once, and what was credited is refunded there once; where
 * it is not, an exception says so, or nothing of the order has left. What the till takes in itself
 * is asked of nobody.
 * @throws Violation
 */
export function judgeReturns(
  order: ShopOrder,
  postings: readonly TillOrder[],
  merchant: TradeMerchant,
  { codes, refused }: Said,
): void {
  const { orderId } = order;
  const due = dueOf(order, merchant);
  const units = sumOf(postings.map(({ returnedUnits }) => returnedUnits));
  // What was voided gave all its money back, the rest of it with the void.
  const live = postings.filter((posting) => posting.live);
  const minor = live.reduce((sum, { returnedMinor }) => sum + returnedMinor, 0);
  for (const [sku, back] of units) {
    if (back <= (due.units.get(sku) ?? 0)) continue;
    throw new Violation('returned once', `${orderId} ${sku}: more came back than was returned`);
  }
  if (minor > due.minor) {
    throw new Violation('refunded once', `${orderId}: ${minor} of ${due.minor} went back`);
  }
  for (const { netMinor, returnedMinor, post } of postings) {
    if (returnedMinor <= netMinor) continue;
    const said = `${post.postingId} held ${netMinor} and gave ${returnedMinor} back`;
    throw new Violation('refunded once', said);
  }
  if (order.order?.status === 'deleted' || codes.includes('return-exceeds-dispatched')) return;
  if (codes.includes('return-refused')) {
    if (postings.some(({ post }) => refused.has(post.postingId))) return;
    throw new Violation('refused for a reason', `${orderId}: nobody refused a return`);
  }
  for (const [sku, came] of due.units) {
    expectSame('returned once', `${orderId} ${sku}`, units.get(sku) ?? 0, came);
  }
  const waits = live.every(({ hasLeft }) => !hasLeft);
  if (waits || codes.includes('refund-exceeds-charged')) return;
  expectSame('refunded once', orderId, minor, due.minor);
}

/** What the refunds ask of the POS: goods for sale again in base units, and the credits. */
function dueOf({ order }: ShopOrder, merchant: TradeMerchant) {
  const atTill = merchant.policy.returnedGoods === 'booked-at-till';
  const units = new Map<string, number>();
  let minor = 0;
  for (const { goods, creditMinor } of order?.refunds ?? []) {
    if (atTill && goods.length > 0) continue;
    minor += creditMinor;
    for (const { lineId, quantity, restocked } of goods) {
      const sku = order?.lines.find((line) => line.lineId === lineId)?.sku ?? null;
      if (!restocked || sku === null) continue;
      for (const part of merchant.partsOf(sku)) {
        units.set(part.sku, (units.get(part.sku) ?? 0) + part.units * quantity);
      }
    }
  }
  return { units, minor };
}
