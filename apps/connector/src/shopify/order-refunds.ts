import type { ObservedRefund, ReturnedGoods } from '@tillbridge/contracts';

import type { ReadRefunds } from './refund-reader.js';
import type { OrderLineNode, RefundLineNode } from './shopify.answers.js';
import { minorOf } from './shop-money.js';

/** Where the units of a line have gone; ordered = cancelled + fulfilled + those still to be sent. */
export interface LineUnits {
  readonly cancelled: number;
  /** Sent, whether or not they came back. */
  readonly fulfilled: number;
  readonly returned: number;
  /** Of the returned, those for sale again. */
  readonly restocked: number;
  /** Of the returned, those that were refunded as NO_RESTOCK. */
  readonly lost: number;
}

/** The refunds of an order, as its lines need them and as facts of their own. */
export interface RefundBook {
  unitsOf(line: OrderLineNode): LineUnits;
  /** What had been charged for returned goods, in minor units, and the tax within it. */
  readonly returnedMinor: number;
  readonly returnedTaxMinor: number;
  readonly refunds: readonly ObservedRefund[];
}

/**
 * Tells goods that came back from goods that were never sent: the platform lowers the current quantity
 * for both. RETURN is a return and CANCEL a cancellation; NO_RESTOCK is what the shipments say it is.
 */
export function toRefundBook(
  { refunds, sent }: ReadRefunds,
  lines: readonly OrderLineNode[],
  taxesIncluded: boolean,
  locationOf: (placeId: string) => string | undefined,
): RefundBook {
  const refunded = refunds.flatMap((refund) => refund.refundLineItems.nodes);
  const units = new Map(lines.map((line) => [line.id, unitsOf(line, refunded, sent)]));
  // Of goods that went nowhere for sale, the first refunds were of those that had been sent.
  const left = new Map([...units].map(([id, { lost }]) => [id, lost]));
  const chargedFor = (line: RefundLineNode) =>
    minorOf(line.subtotalSet) + (taxesIncluded ? 0 : minorOf(line.totalTaxSet));
  let returnedMinor = 0;
  let returnedTaxMinor = 0;
  const observed = refunds.map((refund): ObservedRefund => {
    const goods = refund.refundLineItems.nodes.flatMap((line): ReturnedGoods[] => {
      const quantity = quantityBack(line, left);
      if (quantity === 0) return [];
      const share = quantity / line.quantity;
      const amountMinor = Math.round(chargedFor(line) * share);
      returnedMinor += amountMinor;
      returnedTaxMinor += Math.round(minorOf(line.totalTaxSet) * share);
      const locationId = line.location === null ? undefined : locationOf(line.location.id);
      const { restocked } = line;
      const place = restocked && locationId !== undefined ? { locationId } : {};
      return [{ lineId: line.lineItem.id, quantity, restocked, ...place, amountMinor }];
    });
    const goodsMinor = goods.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    return {
      refundId: refund.id,
      refundedAt: refund.processedAt,
      creditMinor: Math.max(0, goodsMinor - discrepancyOf(refund)),
      paidBackMinor: Math.max(0, minorOf(refund.totalRefundedSet)),
      goods,
    };
  });
  return {
    unitsOf: (line) => units.get(line.id) ?? unitsOf(line, [], undefined),
    ...{ returnedMinor, returnedTaxMinor, refunds: observed },
  };
}

function unitsOf(
  line: OrderLineNode,
  refunded: readonly RefundLineNode[],
  sent: ReadonlyMap<string, number> | undefined,
): LineUnits {
  const own = refunded.filter(({ lineItem }) => lineItem.id === line.id);
  const cameBack = sumOf(own, 'RETURN');
  const known = line.currentQuantity + cameBack - line.unfulfilledQuantity;
  const written = sumOf(own, 'NO_RESTOCK');
  const lost = Math.min(written, Math.max(0, (sent?.get(line.id) ?? known) - known));
  const returned = cameBack + lost;
  return {
    cancelled: Math.max(0, line.quantity - line.currentQuantity - returned),
    fulfilled: Math.max(0, known + lost),
    returned,
    restocked: sumOf(
      own.filter(({ restocked }) => restocked),
      'RETURN',
    ),
    lost,
  };
}

function sumOf(lines: readonly RefundLineNode[], type: RefundLineNode['restockType']): number {
  return lines
    .filter(({ restockType }) => restockType === type)
    .reduce((sum, { quantity }) => sum + quantity, 0);
}

function quantityBack(line: RefundLineNode, left: Map<string, number>): number {
  if (line.restockType === 'RETURN') return line.quantity;
  if (line.restockType !== 'NO_RESTOCK') return 0;
  const open = left.get(line.lineItem.id) ?? 0;
  const quantity = Math.min(open, line.quantity);
  left.set(line.lineItem.id, open - quantity);
  return quantity;
}

/** Above zero in the merchant's favour: less was given back than the goods had cost. */
function discrepancyOf({ orderAdjustments }: ReadRefunds['refunds'][number]): number {
  return orderAdjustments.nodes.reduce(
    (sum, { amountSet, taxAmountSet }) => sum + minorOf(amountSet) + minorOf(taxAmountSet),
    0,
  );
}
