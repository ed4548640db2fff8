import { addTo, Explosion, type Evidence } from './evidence.js';

export interface FulfilmentFindings {
  /** POS orders that staff dispatched. */
  readonly dispatched: number;
  /** Of their trade orders, those that the shop and SparkLayer show as sent, unit by unit. */
  readonly reported: number;
  readonly missing: readonly string[];
}

/** Compares what left the stores with what buyers are told (R10). */
export function compareFulfilment(evidence: Evidence): FulfilmentFindings {
  const explosion = new Explosion(evidence.assemblies);
  const missing: string[] = [];
  let reported = 0;
  for (const order of evidence.trade) {
    const sent = evidence.posOrders.filter((o) => o.poNumber === order.poNumber && o.dispatched);
    if (sent.length === 0) continue;
    const difference = explosion.unitsOf(
      order.lines.map(({ sku, fulfilledQuantity }) => ({ sku, quantity: fulfilledQuantity })),
    );
    for (const pos of sent) {
      for (const [sku, units] of pos.units) addTo(difference, sku, -units);
      for (const [sku, units] of pos.reversedUnits) addTo(difference, sku, units);
    }
    const wholeIsSent = order.lines.every(
      (line) => line.sku === null || line.fulfilledQuantity === line.currentQuantity,
    );
    const wrong =
      [...difference.values()].some((units) => units !== 0) ||
      (wholeIsSent && order.shownAsSent !== true);
    if (wrong) missing.push(order.shopOrderName ?? order.ref);
    else reported += 1;
  }
  const dispatched = evidence.posOrders.filter((order) => order.dispatched).length;
  return { dispatched, reported, missing };
}
