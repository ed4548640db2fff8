import type { IdSequence } from './gid.js';
import { currentCartDiscount, currentLineTotal, remainingQuantity } from './order-record.js';
import type { LineRecord, OrderRecord } from './order-record.js';

export type RestockType = 'CANCEL' | 'RETURN' | 'NO_RESTOCK';

/** What staff enter: units that were sent come back (or stay away), units not sent are called off. */
export interface WantedRefund {
  readonly lines: readonly {
    readonly lineId: string;
    readonly quantity: number;
    readonly restockType: RestockType;
  }[];
  /** What goes back to the buyer; what the lines had cost when it is left out. Only of a paid order. */
  readonly paidBackMinor?: number;
}

export interface RefundLineRecord {
  readonly id: string;
  readonly lineId: string;
  readonly quantity: number;
  readonly restockType: RestockType;
  /** What the order costs less for it. */
  readonly subtotalMinor: number;
}

export interface RefundRecord {
  readonly id: string;
  readonly atMs: number;
  readonly lines: readonly RefundLineRecord[];
  readonly paidBackMinor: number;
  /** What was given back less than the lines had cost; below zero when it was more. */
  readonly discrepancyMinor: number;
}

interface RefundIds {
  readonly refund: IdSequence;
  readonly refundLine: IdSequence;
}

/** Books a refund on the lines of an order. Throws when more is refunded than was sent, or is left. */
export function toRefund(
  order: OrderRecord,
  { lines: wanted, paidBackMinor }: WantedRefund,
  ids: RefundIds,
  atMs: number,
): RefundRecord {
  if (order.cancelledAtMs !== null) throw new Error(`${order.name} is cancelled.`);
  for (const each of wanted) mustBeThere(order, each);
  const lines = wanted.map((each) => bookLine(order, each, ids));
  const costMinor = lines.reduce((sum, { subtotalMinor }) => sum + subtotalMinor, 0);
  const backMinor = paidBackMinor ?? (order.paid ? costMinor : 0);
  if (backMinor > 0 && !order.paid) throw new RangeError(`${order.name} has not been paid.`);
  const discrepancyMinor = order.paid ? costMinor - backMinor : 0;
  return { id: ids.refund.next(), atMs, lines, paidBackMinor: backMinor, discrepancyMinor };
}

function bookLine(
  order: OrderRecord,
  { lineId, quantity, restockType }: WantedRefund['lines'][number],
  ids: RefundIds,
): RefundLineRecord {
  const line = lineOf(order, lineId);
  const before = costOf(line);
  line.currentQuantity -= quantity;
  if (restockType !== 'CANCEL') line.returnedQuantity += quantity;
  const subtotalMinor = before - costOf(line);
  return { id: ids.refundLine.next(), lineId, quantity, restockType, subtotalMinor };
}

function costOf(line: LineRecord): number {
  return currentLineTotal(line) - currentCartDiscount(line);
}

function mustBeThere(
  order: OrderRecord,
  { lineId, quantity, restockType }: WantedRefund['lines'][number],
): void {
  const line = lineOf(order, lineId);
  const most =
    restockType === 'CANCEL'
      ? remainingQuantity(line)
      : line.fulfilledQuantity - line.returnedQuantity;
  if (quantity < 1 || quantity > most) {
    throw new RangeError(
      `${order.name}: ${quantity} of ${lineId} cannot be refunded, ${most} can.`,
    );
  }
}

function lineOf(order: OrderRecord, lineId: string): LineRecord {
  const line = order.lines.find((each) => each.id === lineId);
  if (line === undefined) throw new Error(`There is no line ${lineId}.`);
  return line;
}
