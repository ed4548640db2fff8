import type { SquareOrderBook } from '@tillbridge/simulators';
import { addTo } from '../oracle/evidence.js';
import { STORES, type StoreId } from '../plan/day-plan.js';
import { STORE_LOCATIONS, type Market } from './market.js';

/** An order that the hub made in the POS, read from the POS's books. */
export interface PosOrder {
  readonly id: string;
  readonly store: StoreId;
  readonly poNumber: string | null;
  readonly poNumberShown: boolean;
  /** '2/3' on the second of three into which the lines of one order were divided, else ''. */
  readonly part: string;
  /** Our reference on the order; adjustments about it carry the same. */
  readonly hubRef: string | null;
  /** The hub's own id of this POS order. */
  readonly postingId: string;
  readonly units: ReadonlyMap<string, number>;
  readonly reversedUnits: ReadonlyMap<string, number>;
  /** What staff, or the hub for them, wrote on it when it was sent. */
  readonly trackingNumber: string | null;
  readonly totalMinor: number;
  readonly refundedMinor: number;
  readonly tenders: readonly { readonly type: string; readonly source: string | null }[];
  readonly paid: boolean;
  readonly dispatched: boolean;
  readonly cancelled: boolean;
}

/** A parcel that staff are to send. */
export interface Parcel {
  readonly id: string;
  readonly poNumber: string;
}

/** Those that staff have in front of them: paid and neither sent nor called off. */
export function openParcels(market: Market): Parcel[] {
  return market.square
    .undispatchedOrders()
    .filter((order) => order.fulfilmentState !== 'CANCELED' && isPaid(order))
    .map(({ id, metadata }) => ({ id, poNumber: metadata['po_number'] ?? '' }));
}

/** The hub's orders in the POS with a PO number. */
export function posOrdersOf(market: Market, poNumber: string): PosOrder[] {
  return toPosOrders(market, (metadata) => metadata['po_number'] === poNumber);
}

/** All that the hub made in the POS. */
export function posOrders(market: Market): PosOrder[] {
  return toPosOrders(market);
}

type Wanted = Parameters<Market['square']['orders']>[0];

function toPosOrders(market: Market, wanted?: Wanted): PosOrder[] {
  const ours = market.square.orders(wanted).filter((order) => order.createdByApi);
  const reversed = reversedByOrder(market, ours);
  return ours.map((order) => {
    const hubRef = order.metadata['order_id'] ?? null;
    const poNumber = order.metadata['po_number'] ?? null;
    return {
      id: order.id,
      store: storeOf(order.locationId),
      poNumber,
      poNumberShown: poNumber !== null && (order.shippingNote ?? '').includes(poNumber),
      part: order.metadata['part'] ?? '',
      hubRef,
      postingId: order.metadata['posting_id'] ?? '',
      units: unitsOf(order),
      reversedUnits: reversed.get(order.id) ?? new Map(),
      trackingNumber: order.trackingNumber,
      totalMinor: order.totalMinor,
      refundedMinor: order.refundedMinor,
      tenders: order.tenders,
      paid: isPaid(order),
      dispatched: order.dispatchedAtMs !== null,
      cancelled: order.fulfilmentState === 'CANCELED',
    };
  });
}

function isPaid({ tenders, totalMinor, paid }: SquareOrderBook): boolean {
  const paidMinor = tenders.reduce((sum, tender) => sum + tender.amountMinor, 0);
  return paidMinor === totalMinor && (totalMinor > 0 || paid);
}

function unitsOf(order: SquareOrderBook): Map<string, number> {
  const units = new Map<string, number>();
  for (const line of order.lines) if (line.sku !== null) addTo(units, line.sku, line.units);
  return units;
}

/**
 * What was put back, by POS order. The ledger names the hub's order and the store alone: it is laid
 * on the POS orders of both, first on those that were called off, on none more than it has.
 */
function reversedByOrder(
  market: Market,
  ours: readonly SquareOrderBook[],
): Map<string, Map<string, number>> {
  const open = reversedUnits(market);
  const found = new Map<string, Map<string, number>>();
  const calledOff = (order: SquareOrderBook) => order.fulfilmentState === 'CANCELED';
  for (const order of [...ours.filter(calledOff), ...ours.filter((one) => !calledOff(one))]) {
    const left = open.get(`${order.metadata['order_id']}|${storeOf(order.locationId)}`);
    if (left === undefined) continue;
    const mine = new Map<string, number>();
    for (const [sku, units] of unitsOf(order)) {
      const back = Math.min(units, left.get(sku) ?? 0);
      if (back === 0) continue;
      mine.set(sku, back);
      addTo(left, sku, -back);
    }
    found.set(order.id, mine);
  }
  return found;
}

/** Units that are still on these orders. */
export function netUnits(orders: readonly PosOrder[]): Map<string, number> {
  const net = new Map<string, number>();
  for (const order of orders) {
    for (const [sku, units] of order.units) addTo(net, sku, units);
    for (const [sku, units] of order.reversedUnits) addTo(net, sku, -units);
  }
  return net;
}

export function storeOf(locationId: string): StoreId {
  const store = STORES.find((candidate) => STORE_LOCATIONS[candidate] === locationId);
  if (store === undefined) throw new Error(`No store has the POS location ${locationId}`);
  return store;
}

/** The order whose goods the hub put back, because they never left or because they came back. */
export function putBackFor(mark: string | undefined): string | undefined {
  return /\b(?:reversal|return):([^:]+)/.exec(mark ?? '')?.[1];
}

/** What adjustments that name an order put back, by (order reference, store). */
function reversedUnits(market: Market): Map<string, Map<string, number>> {
  const reversed = new Map<string, Map<string, number>>();
  for (const effect of market.world.effects) {
    if (effect.kind !== 'adjust') continue;
    const hubRef = putBackFor(effect.ref);
    if (hubRef === undefined) continue;
    const key = `${hubRef}|${storeOf(effect.locationId ?? '')}`;
    const units = reversed.get(key) ?? new Map<string, number>();
    for (const line of effect.lines) addTo(units, line.sku, line.units);
    reversed.set(key, units);
  }
  return reversed;
}
