import {
  addTo,
  Explosion,
  type Evidence,
  type PosOrderEvidence,
  type TradeEvidence,
} from './evidence.js';

export interface FulfilmentFindings {
  /** POS orders that staff dispatched. */
  readonly dispatched: number;
  /** Of the trade orders of which anything left, those that buyers are told the truth of. */
  readonly reported: number;
  /** Orders of which the shop or SparkLayer do not show what left, unit by unit. */
  readonly missing: readonly string[];
  /** Orders of which a parcel is shown under a number that it does not travel under. */
  readonly wrongTracking: readonly string[];
  /** Orders that the hub has in another state than what left of them makes it. */
  readonly wrongState: readonly string[];
  /** Units that left in parts and make no whole pack that buyers could be told of. */
  readonly waitingUnits: number;
  /** Writes to SparkLayer, which hears of dispatches from the shop here. */
  readonly toldSparkLayer: number;
}

/** Compares what left the stores with what buyers are told (R10). */
export function compareFulfilment(evidence: Evidence): FulfilmentFindings {
  const explosion = new Explosion(evidence.assemblies);
  const missing: string[] = [];
  const wrongTracking: string[] = [];
  const wrongState: string[] = [];
  let reported = 0;
  let waitingUnits = 0;
  for (const order of evidence.trade) {
    const gone = goneOf(order, evidence);
    if (gone.sent.length === 0 && gone.units.size === 0) continue;
    const name = order.shopOrderName ?? order.ref;
    const waiting = new Map(gone.units);
    for (const { sku, fulfilledQuantity: quantity } of order.lines) {
      for (const [base, units] of explosion.unitsOf([{ sku, quantity }]))
        addTo(waiting, base, -units);
    }
    const told = isTold(order, gone, waiting, explosion);
    const tracked = order.reports.every(({ trackingNumber }) => gone.numbers.has(trackingNumber));
    if (!told) missing.push(name);
    if (!tracked) wrongTracking.push(name);
    if (told && tracked) reported += 1;
    if (order.hubState !== (gone.all ? 'closed' : 'part-dispatched')) wrongState.push(name);
    for (const units of waiting.values()) waitingUnits += Math.max(0, units);
  }
  return {
    dispatched: evidence.posOrders.filter((order) => order.dispatched).length,
    reported,
    missing,
    wrongTracking,
    wrongState,
    waitingUnits,
    toldSparkLayer: evidence.purchasesWritten,
  };
}

/** Whether buyers are told the truth, the hub knows it, and nobody was told twice. */
export function isDispatchRight(found: FulfilmentFindings): boolean {
  const { missing, wrongTracking, wrongState, toldSparkLayer } = found;
  return missing.length + wrongTracking.length + wrongState.length + toldSparkLayer === 0;
}

interface Gone {
  /** POS orders that are closed. */
  readonly sent: readonly PosOrderEvidence[];
  /** Base units that left with them, or as parts of the others. */
  readonly units: Map<string, number>;
  /** Under which numbers; null where the carrier gives none. */
  readonly numbers: ReadonlySet<string | null>;
  /** Whether nothing of the order is still to leave. */
  readonly all: boolean;
  /** Whether all of it comes from one POS order, so that its packs are packed together. */
  readonly together: boolean;
}

function goneOf({ poNumber }: TradeEvidence, { posOrders, shipments }: Evidence): Gone {
  const standing = posOrders.filter((order) => order.poNumber === poNumber && !order.cancelled);
  const sent = standing.filter(({ dispatched }) => dispatched);
  const parts = shipments.filter((shipment) => shipment.poNumber === poNumber);
  const units = new Map<string, number>();
  for (const order of sent) {
    for (const [sku, count] of order.units) addTo(units, sku, count);
    for (const [sku, count] of order.reversedUnits) addTo(units, sku, -count);
  }
  for (const part of parts) {
    if (sent.some(({ id }) => id === part.posOrderId)) continue;
    for (const [sku, count] of part.units) addTo(units, sku, count);
  }
  return {
    sent,
    units,
    numbers: new Set([...sent, ...parts].map(({ trackingNumber }) => trackingNumber)),
    all: sent.length === standing.length,
    together: standing.length === 1,
  };
}

/** Buyers are told of all that left, but for what makes no whole pack while the rest is still here. */
function isTold(
  { lines, shownAsSent }: TradeEvidence,
  { all, together }: Gone,
  waiting: ReadonlyMap<string, number>,
  explosion: Explosion,
): boolean {
  const open = lines.filter(
    ({ sku, fulfilledQuantity, currentQuantity }) =>
      sku !== null && fulfilledQuantity < currentQuantity,
  );
  if ((shownAsSent === true) !== (open.length === 0)) return false;
  const counts = [...waiting.values()];
  if (all) return counts.every((units) => units === 0);
  const couldBeTold = open.some(({ sku }) =>
    [...explosion.unitsOf([{ sku, quantity: 1 }])].every(
      ([base, units]) => units <= (waiting.get(base) ?? 0),
    ),
  );
  return counts.every((units) => units >= 0) && !(together && couldBeTold);
}
