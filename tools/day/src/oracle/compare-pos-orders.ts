import {
  addTo,
  Explosion,
  type Evidence,
  type PosOrderEvidence,
  type TradeEvidence,
} from './evidence.js';

export interface PosOrderFindings {
  readonly created: number;
  readonly duplicated: number;
  readonly missingPoNumber: number;
  readonly wrongTender: number;
  /** (order, SKU) pairs whose units in the POS are not what the buyer has on order. */
  readonly wrongUnits: number;
  /** Orders whose money in the POS is not what the buyer owes. */
  readonly wrongCents: number;
}

/** Compares what the shop sold to trade with what stands in the POS (R2, R6, R7, R8). */
export function comparePosOrders(evidence: Evidence): PosOrderFindings {
  const explosion = new Explosion(evidence.assemblies);
  const byPo = new Map<string, PosOrderEvidence[]>();
  for (const order of evidence.posOrders) {
    const known = byPo.get(order.poNumber ?? '') ?? [];
    byPo.set(order.poNumber ?? '', [...known, order]);
  }
  let wrongUnits = 0;
  let wrongCents = 0;
  let wrongTender = 0;
  for (const trade of evidence.trade) {
    const posted = byPo.get(trade.poNumber) ?? [];
    wrongUnits += wrongUnitsOf(trade, posted, explosion);
    const money = posted.reduce((sum, order) => sum + order.totalMinor - order.refundedMinor, 0);
    if (money !== trade.totalMinor) wrongCents += 1;
    const due = evidence.tenderOf[trade.paymentType];
    wrongTender += posted.filter(
      (order) =>
        order.totalMinor > 0 &&
        !(
          order.tenders.length === 1 &&
          order.tenders[0]?.type === due.type &&
          order.tenders[0].source === due.source
        ),
    ).length;
  }
  return {
    created: evidence.posOrders.length,
    duplicated: duplicatedOf(evidence),
    missingPoNumber: evidence.posOrders.filter((o) => o.poNumber === null || !o.poNumberShown)
      .length,
    wrongTender,
    wrongUnits,
    wrongCents,
  };
}

/**
 * A place of an order has one POS order. One of which goods have left stays when the buyer adds
 * something, and that is posted beside it: another posting, never the same one twice.
 */
function duplicatedOf({ posOrders, shipments }: Evidence): number {
  const places = new Map<string, PosOrderEvidence[]>();
  for (const order of posOrders.filter(({ cancelled }) => !cancelled)) {
    const place = `${order.poNumber}|${order.store}|${order.part}`;
    places.set(place, [...(places.get(place) ?? []), order]);
  }
  const begun = new Set(shipments.map(({ posOrderId }) => posOrderId));
  let duplicated = 0;
  for (const orders of places.values()) {
    const hasLeft = orders.some(({ id, dispatched }) => dispatched || begun.has(id));
    const postings = new Set(orders.map(({ postingId }) => postingId));
    duplicated += orders.length - (hasLeft ? postings.size : 1);
  }
  return duplicated;
}

function wrongUnitsOf(
  trade: TradeEvidence,
  posted: readonly PosOrderEvidence[],
  explosion: Explosion,
): number {
  const difference = explosion.unitsOf(
    trade.lines.map(({ sku, currentQuantity }) => ({ sku, quantity: currentQuantity })),
  );
  for (const order of posted) {
    for (const [sku, units] of order.units) addTo(difference, sku, -units);
    for (const [sku, units] of order.reversedUnits) addTo(difference, sku, units);
  }
  return [...difference.values()].filter((units) => units !== 0).length;
}
