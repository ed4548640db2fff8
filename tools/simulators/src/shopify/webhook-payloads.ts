import type { Customer } from './catalogue.js';
import { numberOf } from './gid.js';
import { toDecimal } from './money.js';
import {
  financialStateOf,
  fulfilmentStateOf,
  remainingQuantity,
  shownLines,
  totalsOf,
} from './order-record.js';
import type {
  DraftRecord,
  FulfilmentRecord,
  LineRecord,
  OrderRecord,
  SaleTerms,
} from './order-record.js';
import type { RefundRecord } from './order-refund.js';
import type { StockLevel } from './stock-book.js';
import { toTimestamp } from './timestamp.js';

/** inventory_levels/update: the absolute level as it is when the webhook is made. */
export function toLevelPayload(level: StockLevel) {
  return {
    inventory_item_id: numberOf(level.inventoryItemId),
    location_id: numberOf(level.locationId),
    available: level.available,
    updated_at: toTimestamp(level.updatedAtMs),
    admin_graphql_api_id: level.id,
  };
}

/** Webhooks still speak the older REST form: numeric ids, snake case, retail prices on lines. */
export function toOrderPayload(order: OrderRecord, currency: string) {
  const original = totalsOf(order, 'original');
  const current = totalsOf(order, 'current');
  const cancelledAt = order.cancelledAtMs === null ? null : toTimestamp(order.cancelledAtMs);
  return {
    ...toSalePayload(order, currency),
    name: order.name,
    number: order.number - 1000,
    order_number: order.number,
    created_at: toTimestamp(order.createdAtMs),
    processed_at: toTimestamp(order.createdAtMs),
    updated_at: toTimestamp(order.updatedAtMs),
    cancelled_at: cancelledAt,
    cancel_reason: cancelledAt === null ? null : 'customer',
    closed_at: null,
    confirmed: true,
    test: false,
    financial_status: financialStateOf(order).toLowerCase(),
    fulfillment_status: toFulfilmentStatus(order),
    location_id: null,
    source_name: order.sourceName,
    source_identifier: null,
    total_price: toDecimal(original.totalMinor, currency),
    current_total_price: toDecimal(current.totalMinor, currency),
    subtotal_price: toDecimal(original.linesMinor - original.cartDiscountMinor, currency),
    total_discounts: toDecimal(original.lineDiscountsMinor + original.cartDiscountMinor, currency),
    line_items: shownLines(order).map((line) => ({
      ...toLinePayload(line, currency),
      current_quantity: line.currentQuantity,
      fulfillable_quantity: remainingQuantity(line),
    })),
    fulfillments: order.fulfilments.map((each) => toFulfilmentPayload(order, each, currency)),
  };
}

export function toDraftPayload(draft: DraftRecord, currency: string) {
  const totals = totalsOf(draft, 'original');
  return {
    ...toSalePayload(draft, currency),
    name: draft.name,
    status: draft.status === 'completed' ? 'completed' : 'open',
    created_at: toTimestamp(draft.createdAtMs),
    updated_at: toTimestamp(draft.updatedAtMs),
    completed_at: draft.completedAtMs === null ? null : toTimestamp(draft.completedAtMs),
    order_id: draft.orderId === null ? null : numberOf(draft.orderId),
    total_price: toDecimal(totals.totalMinor, currency),
    subtotal_price: toDecimal(totals.linesMinor - totals.cartDiscountMinor, currency),
    line_items: shownLines(draft).map((line) => toLinePayload(line, currency)),
  };
}

/** What is deleted is told by its id alone. */
export function toDeletedPayload(draft: DraftRecord) {
  return { id: numberOf(draft.id) };
}

export function toFulfilmentPayload(
  order: OrderRecord,
  fulfilment: FulfilmentRecord,
  currency: string,
) {
  const lines = fulfilment.lines.flatMap(({ lineId, quantity }) => {
    const line = order.lines.find((each) => each.id === lineId);
    return line === undefined ? [] : [{ ...toLinePayload(line, currency), quantity }];
  });
  return {
    id: numberOf(fulfilment.id),
    admin_graphql_api_id: fulfilment.id,
    order_id: numberOf(order.id),
    name: fulfilment.name,
    status: fulfilment.cancelledAtMs === null ? 'success' : 'cancelled',
    created_at: toTimestamp(fulfilment.atMs),
    updated_at: toTimestamp(fulfilment.atMs),
    location_id: numberOf(order.locationId),
    tracking_company: fulfilment.carrier,
    tracking_number: fulfilment.trackingNumber,
    line_items: lines,
  };
}

function toSalePayload(sale: SaleTerms & { readonly id: string }, currency: string) {
  return {
    id: numberOf(sale.id),
    admin_graphql_api_id: sale.id,
    currency,
    email: sale.customer?.email ?? '',
    customer: sale.customer === null ? null : toCustomerPayload(sale.customer),
    note: sale.note,
    note_attributes: sale.attributes.map(({ key, value }) => ({ name: key, value })),
    po_number: sale.poNumber,
    tags: sale.tags.join(', '),
    taxes_included: false,
    total_tax: toDecimal(0, currency),
    payment_terms:
      sale.paymentTerms === null
        ? null
        : {
            payment_terms_name: sale.paymentTerms.name,
            payment_terms_type: sale.paymentTerms.type.toLowerCase(),
            due_in_days: sale.paymentTerms.dueInDays,
          },
  };
}

/** refunds/create: names its order, and what came back with which restocking. */
export function toRefundPayload(order: OrderRecord, refund: RefundRecord, currency: string) {
  return {
    id: numberOf(refund.id),
    admin_graphql_api_id: refund.id,
    order_id: numberOf(order.id),
    created_at: toTimestamp(refund.atMs),
    processed_at: toTimestamp(refund.atMs),
    refund_line_items: refund.lines.map((line) => ({
      id: numberOf(line.id),
      line_item_id: numberOf(line.lineId),
      quantity: line.quantity,
      restock_type: line.restockType.toLowerCase(),
      location_id: line.restockType === 'NO_RESTOCK' ? null : numberOf(order.locationId),
      subtotal: toDecimal(line.subtotalMinor, currency),
      total_tax: toDecimal(0, currency),
    })),
    transactions: [],
    order_adjustments: [],
  };
}

function toCustomerPayload(customer: Customer) {
  return {
    id: numberOf(customer.id),
    admin_graphql_api_id: customer.id,
    email: customer.email,
    tags: customer.tags.join(', '),
  };
}

function toLinePayload(line: LineRecord, currency: string) {
  return {
    id: numberOf(line.id),
    admin_graphql_api_id: line.id,
    variant_id: line.variant === null ? null : numberOf(line.variant.id),
    sku: line.variant?.sku ?? null,
    title: line.title,
    quantity: line.quantity,
    price: toDecimal(line.retailUnitMinor, currency),
    total_discount: toDecimal(line.retailUnitMinor * line.quantity - line.totalMinor, currency),
    properties: line.attributes.map(({ key, value }) => ({ name: key, value })),
  };
}

function toFulfilmentStatus(order: OrderRecord): 'fulfilled' | 'partial' | null {
  switch (fulfilmentStateOf(order)) {
    case 'FULFILLED':
      return 'fulfilled';
    case 'PARTIALLY_FULFILLED':
      return 'partial';
    case 'UNFULFILLED':
      return null;
  }
}
