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
  { orderId, order, wanted }: ShopOrder,
  postings: readonly TillOrder[],
  merchant: TradeMerchant,
  { codes, refused }: Said,
): void {
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
  const untold = new Map([...left].map(([sku, units]) => [sku, units - (sent.get(sku) ?? 0)]));
  for (const line of order.lines) {
    if (line.sku === null || line.fulfilledQuantity >= leftOf(line)) continue;
    const parts = merchant.partsOf(line.sku);
    // A pack is sent from one place, so that units of two places make none.
    const whole = postings.some((posting) =>
      parts.every(({ sku, units }) => {
        const gone = Math.min(posting.left.get(sku) ?? 0, untold.get(sku) ?? 0);
        return gone >= units;
      }),
    );
    if (!whole) continue;
    throw new Violation('dispatch is told', `${orderId} ${line.lineId} left and is not shown`);
  }
}
