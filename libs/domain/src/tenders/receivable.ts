import type { OrderLife, OrderView } from '../orders/order-record.js';

/** What a customer owes for one order. */
export interface OpenReceivable {
  readonly state: 'open' | 'void';
  readonly amountMinor: number;
}

const FOR_GOOD: ReadonlySet<OrderLife> = new Set([
  'promised',
  'short',
  'posting',
  'posted',
  'part-dispatched',
  'dispatched',
  'closed',
]);

type PaidOrder = Pick<OrderView, 'state' | 'draft' | 'paymentMethod' | 'totalMinor'>;

/** True when this view of an order is enough to owe for: a legal order, accepted for good. */
export function opensReceivable(order: PaidOrder): boolean {
  return isPayLater(order) && !order.draft && FOR_GOOD.has(order.state) && order.totalMinor > 0;
}

/**
 * What is owed for an order as it stands now, if any view of it ever opened a receivable. One that
 * was opened stays, void, when nothing is owed any more: finance may have seen it. Of an order that
 * was cancelled after goods had left, those are still owed for.
 */
export function decideReceivable(
  everOpened: boolean,
  newest: PaidOrder,
): OpenReceivable | undefined {
  if (!everOpened) return undefined;
  const owed = isPayLater(newest) && newest.totalMinor > 0;
  return owed
    ? { state: 'open', amountMinor: newest.totalMinor }
    : { state: 'void', amountMinor: 0 };
}

function isPayLater({ paymentMethod }: PaidOrder): boolean {
  return paymentMethod === 'on-account' || paymentMethod === 'invoice';
}
