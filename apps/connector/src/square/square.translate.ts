import {
  PosDispatch,
  StockCause,
  type CauseKind,
  type POS_FULFILMENT_STATES,
} from '@tillbridge/contracts';
import { sumBySku } from '@tillbridge/domain';
import type {
  InventoryAdjustment,
  InventoryChange,
  InventoryPhysicalCount,
  Order,
} from './square-model.js';

/** An order in Square that we posted. */
export interface OurOrder {
  readonly orderId: string;
  readonly postingId: string;
}

/** One row of the inventory ledger, as it moved what is on hand. */
export interface LedgerEntry {
  readonly id: string;
  readonly variationId: string;
  readonly vendorLocationId: string;
  readonly cause: StockCause;
}

type FulfilmentState = (typeof POS_FULFILMENT_STATES)[number];

/**
 * Which Square order moved the stock, if one did. That `transaction_id` is the order's id is
 * inferred from what Square sends, not promised; so it is said here and nowhere else.
 */
export function orderOfLedgerEntry(adjustment: InventoryAdjustment): string | undefined {
  return adjustment.transaction_id === '' ? undefined : adjustment.transaction_id;
}

/** The Square orders that have to be known before these entries can be told. */
export function ordersToKnow(changes: readonly InventoryChange[]): string[] {
  const ids = changes.flatMap(({ adjustment }) => {
    // What was rung up on a till is never ours; asking for each sale would cost a call.
    if (adjustment === undefined || adjustment.source?.product === 'SQUARE_POS') return [];
    return orderOfLedgerEntry(adjustment) ?? [];
  });
  return [...new Set(ids)];
}

/** Null when the entry did not move what is on hand, as from SOLD to somewhere else. */
export function toLedgerEntry(
  change: InventoryChange,
  ours: ReadonlyMap<string, OurOrder>,
): LedgerEntry | null {
  const { adjustment, physical_count: count } = change;
  if (count !== undefined) {
    if (count.state !== 'IN_STOCK') return null;
    return {
      id: count.id,
      variationId: count.catalog_object_id,
      vendorLocationId: count.location_id,
      cause: causeOf(count, 'physical-count', toUnits(count.quantity)),
    };
  }
  if (adjustment === undefined) return null;
  const units = onHandChange(adjustment);
  if (units === 0) return null;
  const { kind, ...about } = reasonFor(adjustment, units, ours);
  return {
    id: adjustment.id,
    variationId: adjustment.catalog_object_id,
    vendorLocationId: adjustment.location_id,
    cause: causeOf(adjustment, kind, units, about),
  };
}

/** Our marks on adjustments that we write: an order, and the posting of it if there is one. */
const MARK = /^(tb:[a-z]+):([0-9a-f-]{36})(?::([0-9a-f-]{36}))?$/;

/** What they say of the ledger entry. */
const MARKS: Readonly<Record<string, CauseKind>> = {
  'tb:retail': 'retail-dispatch',
  'tb:reversal': 'reversal',
  'tb:return': 'return',
};

export const retailMark = (orderId: string): string => `tb:retail:${orderId}`;
export const reversalMark = ({ orderId, postingId }: OurOrder): string =>
  `tb:reversal:${orderId}:${postingId}`;
export const returnMark = ({ orderId, postingId }: OurOrder): string =>
  `tb:return:${orderId}:${postingId}`;

function reasonFor(
  adjustment: InventoryAdjustment,
  units: number,
  ours: ReadonlyMap<string, OurOrder>,
): { kind: CauseKind } & Partial<OurOrder> {
  const mark = MARK.exec(adjustment.reference_id ?? '');
  const marked = MARKS[mark?.[1] ?? ''];
  if (marked !== undefined) return { kind: marked, orderId: mark?.[2], postingId: mark?.[3] };
  const our = ours.get(orderOfLedgerEntry(adjustment) ?? '');
  // Staff who refund our order on the till and put the goods back do not say whether they had left.
  if (our !== undefined) return { kind: units < 0 ? 'order' : 'return', ...our };
  const { from_state: from, to_state: to } = adjustment;
  if (to === 'SOLD') return { kind: 'sale' };
  if (to === 'WASTE') return { kind: 'waste' };
  if (from === 'UNLINKED_RETURN' || from === 'RETURNED_BY_CUSTOMER') return { kind: 'return' };
  if (from === 'NONE') return { kind: 'receipt' };
  return { kind: 'other' };
}

/** A figure is of Square's clock, but a count leaves out what is dated before it: both are told. */
function causeOf(
  entry: Pick<InventoryPhysicalCount, 'id' | 'created_at' | 'occurred_at'>,
  kind: CauseKind,
  units: number,
  { orderId, postingId }: Partial<OurOrder> = {},
): StockCause {
  const at = toClock(entry.created_at);
  const happenedAt = toClock(entry.occurred_at ?? entry.created_at);
  // What happened in the store itself touches no promise, whenever it was.
  const dated = (orderId !== undefined || kind === 'physical-count') && happenedAt !== at;
  return Object.assign(new StockCause(), {
    causeId: entry.id,
    kind,
    units,
    at,
    ...(orderId ? { orderId } : {}),
    ...(postingId ? { postingId } : {}),
    ...(dated ? { happenedAt } : {}),
  });
}

function onHandChange(adjustment: InventoryAdjustment): number {
  const { from_state: from, to_state: to, quantity } = adjustment;
  if (to === 'IN_STOCK' && from !== 'IN_STOCK') return toUnits(quantity);
  if (from === 'IN_STOCK' && to !== 'IN_STOCK') return -Math.ceil(Number(quantity));
  return 0;
}

/** Whole units: what is sold by weight is rounded so that never too much is promised. */
export function toUnits(quantity: string): number {
  return Math.floor(Number(quantity));
}

/**
 * Square's time as text that sorts: UTC with six digits. A Date would lose the microseconds that
 * tell two changes of a busy second apart.
 *
 * @throws RangeError when it is no time.
 */
export function toClock(time: string): string {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? '';
  const seconds = new Date(time.replace(/\.\d+/, '')).toISOString().slice(0, 19);
  return `${seconds}.${fraction.padEnd(6, '0').slice(0, 6)}Z`;
}

/** What our application wrote on the order; null on anybody else's. */
export function ourOrderOf(order: Order): OurOrder | null {
  const { order_id: orderId, posting_id: postingId } = order.metadata ?? {};
  return orderId === undefined || postingId === undefined ? null : { orderId, postingId };
}

const STATES: Readonly<Record<string, FulfilmentState>> = {
  PROPOSED: 'proposed',
  RESERVED: 'reserved',
  PREPARED: 'prepared',
  COMPLETED: 'completed',
  CANCELED: 'cancelled',
  FAILED: 'failed',
};

/** How far the store is. An order that has no fulfilment is told by its own state. */
export function fulfilmentOf(order: Order): {
  state: FulfilmentState;
  carrier?: string;
  trackingNumber?: string;
} {
  const [fulfilment] = order.fulfillments ?? [];
  const ended = order.state === 'CANCELED' || order.state === 'COMPLETED';
  const state = STATES[fulfilment?.state ?? (ended ? order.state : 'PROPOSED')] ?? 'proposed';
  const { carrier, tracking_number: trackingNumber } = fulfilment?.shipment_details ?? {};
  return {
    state: order.state === 'CANCELED' ? 'cancelled' : state,
    ...(carrier ? { carrier } : {}),
    ...(trackingNumber ? { trackingNumber } : {}),
  };
}

/**
 * What left with an order and when, as Square stamped its shipment; null while it is here. Square
 * does not change the lines of a paid order, so they are what was packed.
 */
export function dispatchOf(
  order: Order,
  locationId: string | undefined,
  skus: ReadonlyMap<string, string>,
): PosDispatch | null {
  if (locationId === undefined || fulfilmentOf(order).state !== 'completed') return null;
  const left = order.fulfillments?.[0]?.shipment_details?.shipped_at ?? order.closed_at;
  const units = (order.line_items ?? []).flatMap(({ catalog_object_id: id, quantity }) => {
    const sku = skus.get(id ?? '');
    return sku === undefined ? [] : [{ sku, units: toUnits(quantity) }];
  });
  const at = toClock(left ?? order.updated_at);
  return Object.assign(new PosDispatch(), { locationId, at, units: sumBySku(units) });
}

/** The payment that carries our tender, as the order shows it. */
export function paymentOf(order: Order): string | undefined {
  const [tender] = order.tenders ?? [];
  return tender?.payment_id ?? tender?.id;
}
