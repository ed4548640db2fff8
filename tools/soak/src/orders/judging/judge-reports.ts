import { Violation } from '../../run/violation.js';
import { leftOf } from '../world/shop-document.js';
import { baseUnits, type ShopOrder } from '../world/shop-order.js';
import type { TillOrder } from '../world/till.js';
import type { TradeMerchant } from '../world/trade-merchant.js';
import { sumOf } from './units.js';

interface Said {
  readonly codes: readonly string[];
  /** The platform would not take a report. */
  readonly refused: boolean;
}

/**
 * The platform shows what left as sent, in whole packs; what makes no whole pack waits.
 * @throws Violation
 */
export function judgeReports(
  shopOrder: ShopOrder,
  postings: readonly TillOrder[],
  merchant: TradeMerchant,
  { codes, refused }: Said,
): void {
  const { orderId, order, wanted } = shopOrder;
  if (order === undefined) return;
  const sent = baseUnits(order.lines, merchant, (line) => line.fulfilledQuantity);
  const left = sumOf(postings.map((posting) => posting.left));
  for (const [sku, units] of sent) {
    if (units <= (left.get(sku) ?? 0)) continue;
    throw new Violation('reported once', `${orderId} ${sku}: more is shown than left`);
  }
  for (const line of order.lines) {
    if (line.fulfilledQuantity <= leftOf(line)) continue;
    throw new Violation('reported once', `${orderId} ${line.lineId} is sent twice`);
  }
  if (refused || !wanted || codes.includes('cancelled-after-dispatch')) return;
  for (const line of order.lines) {
    if (line.sku === null || line.fulfilledQuantity >= leftOf(line)) continue;
    const parts = merchant.partsOf(line.sku);
    // A pack is sent from one place, so that units of two places make none.
    const whole = postings
      .filter(({ post }) => post.lines.some(({ lineRef }) => lineRef.startsWith(`${line.lineId}:`)))
      .map((posting) => untoldOf(posting, shopOrder, merchant))
      .some((untold) => parts.every(({ sku, units }) => (untold.get(sku) ?? 0) >= units));
    if (!whole) continue;
    throw new Violation('dispatch is told', `${orderId} ${line.lineId} left and is not shown`);
  }
}

/** What left a posting and no report of it tells; a report's id begins with that of its posting. */
function untoldOf(
  { left, post: { postingId } }: TillOrder,
  { order, reports }: ShopOrder,
  merchant: TradeMerchant,
): Map<string, number> {
  const told = [...reports].filter(([dispatchId]) =>
    dispatchId.startsWith(`${postingId}/dispatch`),
  );
  const sent = (lineId: string) =>
    told.reduce((sum, [, lines]) => sum + (lines.get(lineId) ?? 0), 0);
  const units = baseUnits(order?.lines ?? [], merchant, (line) => sent(line.lineId));
  return new Map([...left].map(([sku, gone]) => [sku, gone - (units.get(sku) ?? 0)]));
}
