import type { Customer, Variant } from './catalogue.js';
import type { RefundRecord } from './order-refund.js';

export interface Attribute {
  readonly key: string;
  readonly value: string;
}

export interface PaymentTerms {
  readonly id: string;
  readonly name: string;
  readonly type: 'NET' | 'RECEIPT' | 'FULFILLMENT' | 'FIXED';
  readonly dueInDays: number | null;
}

/** A line of an order or a draft. A draft line's quantity and total are overwritten by an edit. */
export interface LineRecord {
  readonly id: string;
  /** Null for a manual line. */
  readonly variant: Variant | null;
  readonly title: string;
  /** As ordered. */
  quantity: number;
  /** As ordered less what was taken off again. */
  currentQuantity: number;
  /** Sent, whether or not it came back. */
  fulfilledQuantity: number;
  /** Of what was sent, what was refunded: it is not on the line any more. */
  returnedQuantity: number;
  readonly retailUnitMinor: number;
  /** What `quantity` costs after the discount of the line: the truth, unit prices follow from it. */
  totalMinor: number;
  /** This line's share of the discount on the whole order, of `quantity`. */
  cartDiscountMinor: number;
  readonly attributes: readonly Attribute[];
  /** The line's id on the order's fulfilment order. */
  readonly fulfilmentOrderLineId: string;
}

export interface FulfilmentRecord {
  readonly id: string;
  readonly name: string;
  readonly atMs: number;
  readonly lines: readonly { readonly id: string; readonly lineId: string; quantity: number }[];
  carrier: string | null;
  trackingNumber: string | null;
  cancelledAtMs: number | null;
}

/** Those that were not cancelled again. */
export function standingFulfilments(order: {
  readonly fulfilments: readonly FulfilmentRecord[];
}): FulfilmentRecord[] {
  return order.fulfilments.filter(({ cancelledAtMs }) => cancelledAtMs === null);
}

/** What an order and a draft have in common; a completed draft hands it on. */
export interface SaleTerms {
  readonly locationId: string;
  readonly customer: Customer | null;
  readonly shippingMinor: number | null;
  readonly discountMinor: number;
  readonly attributes: readonly Attribute[];
  readonly note: string | null;
  readonly poNumber: string | null;
  readonly tags: readonly string[];
  readonly paymentTerms: PaymentTerms | null;
}

export interface OrderRecord extends SaleTerms {
  readonly id: string;
  readonly name: string;
  readonly number: number;
  readonly createdAtMs: number;
  updatedAtMs: number;
  cancelledAtMs: number | null;
  edited: boolean;
  readonly lines: LineRecord[];
  readonly sourceName: string;
  readonly paid: boolean;
  readonly draftId: string | null;
  readonly fulfilmentOrderId: string;
  readonly fulfilments: FulfilmentRecord[];
  readonly refunds: RefundRecord[];
}

export interface DraftRecord extends SaleTerms {
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
  updatedAtMs: number;
  status: 'open' | 'completed' | 'deleted';
  completedAtMs: number | null;
  readonly lines: LineRecord[];
  orderId: string | null;
}

/**
 * The lines that the platform shows. A line that was taken off a draft is gone there; it stays in
 * the books with a quantity of zero, so that lines keep their places.
 */
export function shownLines(sale: { readonly lines: readonly LineRecord[] }): LineRecord[] {
  return sale.lines.filter((line) => line.quantity > 0);
}

/** Units that are on order and not sent. */
export function remainingQuantity(line: LineRecord): number {
  return line.currentQuantity + line.returnedQuantity - line.fulfilledQuantity;
}

/**
 * What the units still on the line cost. The remaining units get the floor of their share, so that
 * no cent appears that was not in the total.
 */
export function currentLineTotal(line: LineRecord): number {
  return shareOf(line.totalMinor, line.currentQuantity, line.quantity);
}

/** The part of the order's discount that falls on the units still on the line. */
export function currentCartDiscount(line: LineRecord): number {
  return shareOf(line.cartDiscountMinor, line.currentQuantity, line.quantity);
}

export function shareOf(totalMinor: number, part: number, whole: number): number {
  return whole === part ? totalMinor : Math.floor((totalMinor * part) / whole);
}

export interface OrderTotals {
  readonly linesMinor: number;
  readonly lineDiscountsMinor: number;
  readonly cartDiscountMinor: number;
  readonly shippingMinor: number;
  readonly totalMinor: number;
}

/** `original` is before edits and cancels, `current` after them. */
export function totalsOf(
  sale: SaleTerms & { readonly lines: readonly LineRecord[]; cancelledAtMs?: number | null },
  at: 'original' | 'current',
): OrderTotals {
  const isCurrent = at === 'current';
  let linesMinor = 0;
  let retailMinor = 0;
  let cartDiscountMinor = 0;
  for (const line of sale.lines) {
    linesMinor += isCurrent ? currentLineTotal(line) : line.totalMinor;
    retailMinor += line.retailUnitMinor * (isCurrent ? line.currentQuantity : line.quantity);
    cartDiscountMinor += isCurrent ? currentCartDiscount(line) : line.cartDiscountMinor;
  }
  const isCancelled = isCurrent && (sale.cancelledAtMs ?? null) !== null;
  const shippingMinor = isCancelled ? 0 : (sale.shippingMinor ?? 0);
  return {
    linesMinor,
    lineDiscountsMinor: retailMinor - linesMinor,
    cartDiscountMinor,
    shippingMinor,
    totalMinor: linesMinor - cartDiscountMinor + shippingMinor,
  };
}

/** Splits an order's discount over its lines by value; the cents left over go to the first ones. */
export function splitDiscount(discountMinor: number, lineTotals: readonly number[]): number[] {
  const sum = lineTotals.reduce((total, minor) => total + minor, 0);
  if (discountMinor === 0 || sum <= 0) return lineTotals.map((_, i) => (i ? 0 : discountMinor));
  const shares = lineTotals.map((minor) => Math.floor((discountMinor * minor) / sum));
  let left = discountMinor - shares.reduce((total, minor) => total + minor, 0);
  return shares.map((share) => {
    if (left <= 0) return share;
    left -= 1;
    return share + 1;
  });
}

export type FulfilmentState = 'UNFULFILLED' | 'PARTIALLY_FULFILLED' | 'FULFILLED';

export function fulfilmentStateOf(order: OrderRecord): FulfilmentState {
  const sent = order.lines.some((line) => line.fulfilledQuantity > 0);
  if (!sent) return 'UNFULFILLED';
  const open = order.lines.some((line) => remainingQuantity(line) > 0);
  return open ? 'PARTIALLY_FULFILLED' : 'FULFILLED';
}

export type FinancialState = 'PAID' | 'PARTIALLY_REFUNDED' | 'PENDING' | 'REFUNDED' | 'VOIDED';

export function financialStateOf(order: OrderRecord): FinancialState {
  if (order.cancelledAtMs === null) {
    if (!order.paid) return 'PENDING';
    const backMinor = order.refunds.reduce((sum, { paidBackMinor }) => sum + paidBackMinor, 0);
    if (backMinor === 0) return 'PAID';
    const paidMinor = totalsOf(order, 'original').totalMinor;
    return backMinor < paidMinor ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
  }
  return order.paid ? 'REFUNDED' : 'VOIDED';
}

export function attributeOf(sale: SaleTerms, key: string): string | null {
  return sale.attributes.find((attribute) => attribute.key === key)?.value ?? null;
}
