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
  const standing = evidence.posOrders.filter(({ cancelled }) => !cancelled);
  const places = new Set(
    standing.map(({ poNumber, store, part }) => `${poNumber}|${store}|${part}`),
  );
  return {
    created: evidence.posOrders.length,
    duplicated: standing.length - places.size,
    missingPoNumber: evidence.posOrders.filter((o) => o.poNumber === null || !o.poNumberShown)
      .length,
    wrongTender,
    wrongUnits,
    wrongCents,
  };
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
