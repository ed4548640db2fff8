import {
  OrderObserved,
  type FinancialStatus,
  type ObservedCharge,
  type ObservedLine,
  type ObservedPaymentTerms,
  type ObservedRefund,
} from '@tillbridge/contracts';
import type { ShopifyConnection } from '@tillbridge/runtime';

import type { Observation, PrivateTexts } from '../vendor.js';
import { readPayment } from './order-payment.js';
import type { LineUnits, RefundBook } from './order-refunds.js';
import { readHeader, readTexts, type OrderHeader } from './order-header.js';
import type {
  DraftLineNode,
  DraftNode,
  MoneyBag,
  OrderLineNode,
  OrderNode,
} from './shopify.answers.js';
import { minorOf, shareOf } from './shop-money.js';

/** OrderObserved without its revision: what is hashed. */
export interface OrderContent extends OrderHeader {
  readonly status: OrderObserved['status'];
  readonly totalMinor: number;
  readonly taxMinor?: number;
  readonly taxIncluded?: boolean;
  readonly financialStatus?: FinancialStatus;
  readonly paymentTerms?: ObservedPaymentTerms;
  readonly lines: readonly ObservedLine[];
  readonly charges: readonly ObservedCharge[];
  readonly refunds?: readonly ObservedRefund[];
}

/** An order as we say it to everybody. `orderId` is resolved before: it may have been a draft. */
export function fromOrder(
  connection: ShopifyConnection,
  node: OrderNode,
  lines: readonly OrderLineNode[],
  { orderId, refunds: book }: { readonly orderId: string; readonly refunds: RefundBook },
): Observation {
  const header = readHeader(connection, node, { orderId, stage: 'order', note: node.note });
  const cancelled = node.cancelledAt !== null;
  const observed = lines.map((line) => toOrderLine(line, book.unitsOf(line), cancelled));
  // A cancelled order owes nothing but what had been dispatched, whatever postage it carried.
  // What came back is still charged here: it is a refund, told beside it.
  const totalMinor = cancelled
    ? sumOf(observed)
    : minorOf(node.currentTotalPriceSet) + book.returnedMinor;
  const taxMinor = cancelled
    ? taxOf(observed)
    : minorOf(node.currentTotalTaxSet) + book.returnedTaxMinor;
  const known = cancelled ? [] : chargesOfOrder(node, taxMinor);
  return observationOf(
    'order',
    {
      ...header,
      status: cancelled ? 'cancelled' : node.closedAt === null ? 'open' : 'closed',
      totalMinor,
      // What is charged of a cancelled order is goods alone, each line with its tax.
      taxMinor,
      taxIncluded: cancelled || node.taxesIncluded,
      ...readPayment(node),
      lines: observed,
      charges: balanced(known, totalMinor - sumOf(observed), 'Discount'),
      ...(book.refunds.length === 0 ? {} : { refunds: book.refunds }),
    },
    readTexts(orderId, node, node.note),
  );
}

/** A draft as we say it to everybody. It promises stock as long as it is open. */
export function fromDraft(
  connection: ShopifyConnection,
  node: DraftNode,
  lines: readonly DraftLineNode[],
  orderId: string,
): Observation {
  const header = readHeader(connection, node, { orderId, stage: 'draft', note: node.note2 });
  const observed = lines.map(toDraftLine);
  const totalMinor = minorOf(node.totalPriceSet);
  const discount = node.appliedDiscount?.title ?? 'Discount';
  return observationOf(
    'draft',
    {
      ...header,
      status: node.status === 'COMPLETED' ? 'completed' : 'open',
      totalMinor,
      taxMinor: minorOf(node.totalTaxSet),
      taxIncluded: node.taxesIncluded,
      ...readPayment(node),
      lines: observed,
      charges: balanced(chargesOfDraft(node), totalMinor - sumOf(observed), discount),
    },
    readTexts(orderId, node, node.note2),
  );
}

/** An order or a draft that is gone: what we said of it before, less all its goods and money. */
export function fromDeleted(header: OrderHeader): Observation {
  const content: OrderContent = {
    ...header,
    status: 'deleted',
    totalMinor: 0,
    lines: [],
    charges: [],
  };
  return observationOf(header.stage, content);
}

function observationOf(
  kind: 'order' | 'draft',
  content: OrderContent,
  texts?: PrivateTexts,
): Observation {
  return {
    key: { kind, id: content.vendorId },
    content,
    toMessage: (revision) => Object.assign(new OrderObserved(), content, { revision }),
    ...(texts === undefined ? {} : { texts }),
  };
}

/**
 * `quantity` stays as ordered; edits, cancels and refunds lower `currentQuantity`. The money is for
 * what was not cancelled: the line's discounted total, or its share where units have gone.
 */
function toOrderLine(line: OrderLineNode, units: LineUnits, cancelled: boolean): ObservedLine {
  const { fulfilled: fulfilledQuantity, returned, restocked } = units;
  const kept = cancelled ? fulfilledQuantity : line.quantity - units.cancelled;
  return {
    lineId: line.id,
    sku: skuOf(line),
    title: line.title,
    orderedQuantity: line.quantity,
    cancelledQuantity: line.quantity - kept,
    fulfilledQuantity,
    ...(returned === 0 ? {} : { returnedQuantity: returned, restockedQuantity: restocked }),
    totalMinor: shareOf(minorOf(line.discountedTotalSet), kept, line.quantity),
    ...(line.taxLines.length === 0
      ? {}
      : { taxMinor: shareOf(sumOfTax(line), kept, line.quantity) }),
    ...(line.channelLocationId === undefined ? {} : { channelLocationId: line.channelLocationId }),
  };
}

function toDraftLine(line: DraftLineNode): ObservedLine {
  return {
    lineId: line.id,
    sku: line.custom ? null : skuOf(line),
    title: line.title,
    orderedQuantity: line.quantity,
    cancelledQuantity: 0,
    fulfilledQuantity: 0,
    totalMinor: minorOf(line.discountedTotalSet),
  };
}

/**
 * A line without a variant was typed in by hand and is no stock. A variant without a SKU is stock
 * that nobody can name: its own id stands in, so that the order is held and somebody sees why.
 */
function skuOf(line: { sku: string | null; variant: { id: string } | null }): string | null {
  if (line.variant === null) return null;
  return line.sku?.trim() || line.variant.id;
}

function chargesOfOrder(node: OrderNode, taxMinor: number): ObservedCharge[] {
  const shipping = node.shippingLines.nodes.map(({ title, currentDiscountedPriceSet }) =>
    charge('shipping', title, currentDiscountedPriceSet),
  );
  return node.taxesIncluded
    ? shipping
    : [...shipping, { kind: 'fee', title: 'Tax', amountMinor: taxMinor }];
}

function chargesOfDraft(node: DraftNode): ObservedCharge[] {
  const { shippingLine } = node;
  const shipping =
    shippingLine === null
      ? []
      : [charge('shipping', shippingLine.title, shippingLine.discountedPriceSet)];
  return node.taxesIncluded ? shipping : [...shipping, charge('fee', 'Tax', node.totalTaxSet)];
}

function charge(kind: ObservedCharge['kind'], title: string, price: MoneyBag): ObservedCharge {
  return { kind, title, amountMinor: minorOf(price) };
}

/**
 * The platform's own total is the truth. What lines and named charges leave open is the discount on
 * the order as a whole, which is in no line, or, above zero, a fee that has no field of its own
 * (duties, a tip, a cent of rounding after an edit).
 */
function balanced(
  known: readonly ObservedCharge[],
  openMinor: number,
  discountTitle: string,
): ObservedCharge[] {
  const charges = known.filter(({ amountMinor }) => amountMinor !== 0);
  const rest = openMinor - charges.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  if (rest < 0) return [...charges, { kind: 'discount', title: discountTitle, amountMinor: rest }];
  if (rest > 0) return [...charges, { kind: 'fee', title: 'Other charges', amountMinor: rest }];
  return charges;
}

function sumOf(lines: readonly ObservedLine[]): number {
  return lines.reduce((sum, { totalMinor }) => sum + totalMinor, 0);
}

function sumOfTax({ taxLines }: OrderLineNode): number {
  return taxLines.reduce((sum, { priceSet }) => sum + minorOf(priceSet), 0);
}

function taxOf(lines: readonly ObservedLine[]): number {
  return lines.reduce((sum, { taxMinor = 0 }) => sum + taxMinor, 0);
}
