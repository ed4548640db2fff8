import type { OrderRecord } from './order-book.js';
import type { SquareAccount } from './square-account.js';
import type { FulfilmentState, OrderState } from './square-order.js';

/** An order as somebody with the books open sees it. */
export interface SquareOrderBook {
  readonly id: string;
  readonly locationId: string;
  readonly referenceId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly customerId: string | null;
  readonly state: OrderState;
  readonly fulfilmentState: FulfilmentState | null;
  readonly lines: readonly {
    /** Null for a line that is no item of the catalogue. */
    readonly sku: string | null;
    readonly name: string;
    readonly note: string | null;
    readonly units: number;
    readonly unitPriceMinor: number;
  }[];
  readonly discountMinor: number;
  readonly totalMinor: number;
  /** Paid in full; an order of nothing is not, until somebody pays it with nothing. */
  readonly paid: boolean;
  readonly tenders: readonly {
    /** `external_details.type` of an external payment; CASH at the till. */
    readonly type: string;
    readonly source: string | null;
    readonly amountMinor: number;
  }[];
  readonly sourceName: string | null;
  readonly shippingNote: string | null;
  readonly trackingNumber: string | null;
  readonly ticketName: string | null;
  readonly refundedMinor: number;
  readonly createdByApi: boolean;
  readonly createdAtMs: number;
  readonly dispatchedAtMs: number | null;
}

export function toOrderBook(record: OrderRecord, account: SquareAccount): SquareOrderBook {
  const { order } = record;
  const fulfilment = order.fulfillments?.[0];
  const payments = (order.tenders ?? []).map(({ payment_id: id }) => account.payments.get(id));
  const note = fulfilment?.shipment_details?.shipping_note ?? fulfilment?.pickup_details?.note;
  const tracking = fulfilment?.shipment_details?.tracking_number;
  return {
    id: order.id,
    locationId: order.location_id,
    referenceId: order.reference_id ?? null,
    metadata: { ...order.metadata },
    customerId: order.customer_id ?? null,
    state: order.state,
    fulfilmentState: fulfilment?.state ?? null,
    lines: (order.line_items ?? []).map((line) => ({
      sku:
        line.catalog_object_id === undefined
          ? null
          : account.catalogue.variation(line.catalog_object_id).sku,
      name: line.name ?? '',
      note: line.note ?? null,
      units: Number(line.quantity),
      unitPriceMinor: line.base_price_money.amount,
    })),
    discountMinor: order.total_discount_money?.amount ?? 0,
    totalMinor: order.total_money?.amount ?? 0,
    paid: record.paid,
    tenders: payments.map((payment) => ({
      type: payment.external_details?.type ?? payment.source_type,
      source: payment.external_details?.source ?? null,
      amountMinor: payment.amount_money.amount,
    })),
    sourceName: order.source?.name ?? null,
    shippingNote: typeof note === 'string' ? note : null,
    trackingNumber: typeof tracking === 'string' ? tracking : null,
    ticketName: order.ticket_name ?? null,
    refundedMinor: payments.reduce((sum, held) => sum + (held.refunded_money?.amount ?? 0), 0),
    createdByApi: record.createdByApi,
    createdAtMs: record.createdAtMs,
    dispatchedAtMs: record.dispatchedAtMs,
  };
}
