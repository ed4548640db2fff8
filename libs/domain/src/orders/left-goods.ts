import type { OrderFacts, SkuUnits } from './order-facts.js';
import type { DispatchAct, OrderActs } from './order-record.js';

/** A line of a posting: so many of what the channel sells, and the base units of all of them. */
export interface Goods {
  readonly lineId: string;
  readonly quantity: number;
  readonly components: readonly SkuUnits[];
}

/** A recorded shipment as far as it serves one posting. */
export interface PostingShipment {
  readonly dispatchId: string;
  readonly at: string;
  readonly units: readonly SkuUnits[];
  readonly carrier?: string;
  readonly trackingNumber?: string;
}

/** The recorded shipments of a posting that stand, the oldest first. */
export function shipmentsOf(postingId: string, { shipments }: OrderFacts): PostingShipment[] {
  const standing = Object.values(shipments.recorded).flatMap((shipment) => {
    const { dispatchId, dispatchedAt: at, shares, carrier, trackingNumber } = shipment;
    const share = shares.find((each) => each.postingId === postingId);
    if (share === undefined || shipments.cancelled[dispatchId] !== undefined) return [];
    const tracking = {
      ...(carrier === undefined ? {} : { carrier }),
      ...(trackingNumber === undefined ? {} : { trackingNumber }),
    };
    return [{ dispatchId, at, units: share.units, ...tracking }];
  });
  const key = ({ at, dispatchId }: PostingShipment) => `${at} ${dispatchId}`;
  return standing.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/**
 * True when the POS says that all goods of the posting have left. What we told the POS ourselves,
 * once every recorded shipment was gone, says nothing new.
 */
export function leftByPos(postingId: string, facts: OrderFacts, acts: OrderActs): boolean {
  const told = acts.posCompletions.some((act) => act.postingId === postingId);
  return facts.fulfilments[postingId]?.state === 'completed' && !told;
}

/**
 * True when the platform has a report or is to have it: it was not cancelled there, nor refused and
 * then called off.
 */
export function isStanding(report: DispatchAct, facts: OrderFacts, acts: OrderActs): boolean {
  const { dispatchId, shipmentId, postingId } = report;
  const cancel = acts.reportCancels.find((act) => act.dispatchId === dispatchId);
  const outcome = cancel && facts.shipments.acts[cancel.cancellationId]?.outcome;
  if (outcome === 'done' || outcome === 'not-sent') return false;
  const refused = facts.unreported[dispatchId] !== undefined;
  if (!refused || facts.reported[dispatchId] !== undefined) return true;
  if (shipmentId === null) return leftByPos(postingId, facts, acts);
  return facts.shipments.cancelled[shipmentId] === undefined;
}

/** By line: what standing reports of a posting have told the platform, or were asked to. */
export function reportedOf(
  postingId: string,
  facts: OrderFacts,
  acts: OrderActs,
): Map<string, number> {
  const reported = new Map<string, number>();
  for (const report of acts.dispatches) {
    if (report.postingId !== postingId || !isStanding(report, facts, acts)) continue;
    for (const { lineId, quantity } of report.lines) {
      reported.set(lineId, (reported.get(lineId) ?? 0) + quantity);
    }
  }
  return reported;
}

/** How units that left are shared by the lines they may belong to. */
export interface Allotment {
  /** By line: how many are complete. */
  readonly whole: ReadonlyMap<string, number>;
  /** By line: the same, and those of which only a part has left. */
  readonly touched: ReadonlyMap<string, number>;
  /** Units that make nothing whole yet. */
  readonly waiting: readonly SkuUnits[];
  /** True when there is something that can leave and all of it is whole. */
  readonly all: boolean;
}

/**
 * Shares units over lines. What was reported before keeps its units; then the smallest packs come
 * first, so that units which were enough for a line once stay with it when more leave. What is no
 * whole pack waits. Lines without units (typed in by hand) go with the last goods.
 */
export function allot(
  goods: readonly Goods[],
  left: readonly SkuUnits[],
  reported: ReadonlyMap<string, number>,
): Allotment {
  const free = new Map<string, number>();
  for (const { sku, units } of left) free.set(sku, (free.get(sku) ?? 0) + units);
  const whole = new Map<string, number>();
  const packed = goods.map(toPacked).filter(({ each }) => each.length > 0);
  const sorted = packed.sort((a, b) => a.size - b.size || (a.lineId < b.lineId ? -1 : 1));
  const add = (line: Packed, wanted: number) => {
    const fits = line.each.map(({ sku, units }) => Math.floor((free.get(sku) ?? 0) / units));
    const more = Math.max(0, Math.min(wanted, ...fits));
    take(free, line, more);
    whole.set(line.lineId, (whole.get(line.lineId) ?? 0) + more);
  };
  for (const line of sorted) add(line, Math.min(line.quantity, reported.get(line.lineId) ?? 0));
  for (const line of sorted) add(line, line.quantity - (whole.get(line.lineId) ?? 0));
  const waiting = [...free].flatMap(([sku, units]) => (units > 0 ? [{ sku, units }] : []));
  const all = sorted.length > 0 && sorted.every((line) => whole.get(line.lineId) === line.quantity);
  for (const { lineId, quantity, components } of goods) {
    if (components.length === 0) whole.set(lineId, all ? quantity : 0);
  }
  return { whole, touched: touchedOf(sorted, whole, free), waiting, all };
}

/** The units of several, by SKU. */
export function unitsTogether(all: readonly (readonly SkuUnits[])[]): SkuUnits[] {
  const sums = new Map<string, number>();
  for (const { sku, units } of all.flat()) sums.set(sku, (sums.get(sku) ?? 0) + units);
  return [...sums].map(([sku, units]) => ({ sku, units }));
}

interface Packed {
  readonly lineId: string;
  readonly quantity: number;
  /** The base units of one. */
  readonly each: readonly SkuUnits[];
  readonly size: number;
}

function toPacked({ lineId, quantity, components }: Goods): Packed {
  const each =
    quantity === 0 ? [] : components.map(({ sku, units }) => ({ sku, units: units / quantity }));
  return { lineId, quantity, each, size: each.reduce((sum, { units }) => sum + units, 0) };
}

function take(free: Map<string, number>, { each }: Packed, count: number): void {
  for (const { sku, units } of each) free.set(sku, (free.get(sku) ?? 0) - units * count);
}

function touchedOf(
  sorted: readonly Packed[],
  whole: ReadonlyMap<string, number>,
  waiting: ReadonlyMap<string, number>,
): Map<string, number> {
  const free = new Map(waiting);
  const touched = new Map(whole);
  for (const line of sorted) {
    const held = whole.get(line.lineId) ?? 0;
    const begun = line.each.map(({ sku, units }) => Math.ceil((free.get(sku) ?? 0) / units));
    const more = Math.max(0, Math.min(line.quantity - held, Math.max(...begun)));
    for (const { sku, units } of line.each) {
      free.set(sku, Math.max(0, (free.get(sku) ?? 0) - units * more));
    }
    touched.set(line.lineId, held + more);
  }
  return touched;
}
