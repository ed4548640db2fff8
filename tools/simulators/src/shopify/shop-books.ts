import {
  attributeOf,
  currentCartDiscount,
  currentLineTotal,
  financialStateOf,
  fulfilmentStateOf,
  totalsOf,
} from './order-record.js';
import type {
  DraftRecord,
  FinancialState,
  FulfilmentState,
  LineRecord,
  OrderRecord,
  SaleTerms,
} from './order-record.js';
import type { RefundRecord } from './order-refund.js';

export interface ShopifyLineBook {
  readonly lineId: string;
  /** Null for a manual line. */
  readonly sku: string | null;
  readonly title: string;
  readonly quantity: number;
  readonly currentQuantity: number;
  readonly fulfilledQuantity: number;
  /** Of what was sent, what was refunded: it is not in the current quantity. */
  readonly returnedQuantity: number;
  /** What the units still on the line cost, before the discount of the whole order. */
  readonly totalMinor: number;
}

export interface ShopifyChargeBook {
  readonly kind: 'shipping' | 'discount';
  readonly title: string;
  /** Below zero for a discount. */
  readonly amountMinor: number;
}

interface SaleBook {
  /** Global id. */
  readonly id: string;
  readonly name: string;
  readonly locationId: string;
  readonly createdAtMs: number;
  readonly lines: readonly ShopifyLineBook[];
  readonly charges: readonly ShopifyChargeBook[];
  readonly cartId: string | null;
  readonly paymentType: string | null;
  readonly poNumber: string | null;
  readonly note: string | null;
  /** The number as text, as `addCustomer` answered it. */
  readonly customerId: string | null;
  /** Of what is on it now: lines and charges. */
  readonly totalMinor: number;
}

export interface ShopifyOrderBook extends SaleBook {
  readonly status: 'open' | 'cancelled';
  readonly draftId: string | null;
  readonly sourceName: string;
  readonly financialStatus: FinancialState;
  readonly fulfilmentStatus: FulfilmentState;
  readonly fulfilments: readonly {
    readonly id: string;
    readonly atMs: number;
    readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
    readonly carrier: string | null;
    readonly trackingNumber: string | null;
    readonly cancelled: boolean;
  }[];
  readonly refunds: readonly RefundRecord[];
}

export interface ShopifyDraftBook extends SaleBook {
  readonly status: 'open' | 'completed' | 'deleted';
  readonly orderId: string | null;
}

export function toOrderBook(order: OrderRecord): ShopifyOrderBook {
  return {
    ...toSaleBook(order),
    status: order.cancelledAtMs === null ? 'open' : 'cancelled',
    draftId: order.draftId,
    sourceName: order.sourceName,
    financialStatus: financialStateOf(order),
    fulfilmentStatus: fulfilmentStateOf(order),
    fulfilments: order.fulfilments.map(({ lines, cancelledAtMs, ...fulfilment }) => ({
      id: fulfilment.id,
      atMs: fulfilment.atMs,
      carrier: fulfilment.carrier,
      trackingNumber: fulfilment.trackingNumber,
      cancelled: cancelledAtMs !== null,
      lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
    })),
    refunds: [...order.refunds],
  };
}

export function toDraftBook(draft: DraftRecord): ShopifyDraftBook {
  return { ...toSaleBook(draft), status: draft.status, orderId: draft.orderId };
}

type SaleRecord = SaleTerms & {
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly lines: readonly LineRecord[];
  readonly cancelledAtMs?: number | null;
};

function toSaleBook(sale: SaleRecord): SaleBook {
  return {
    id: sale.id,
    name: sale.name,
    locationId: sale.locationId,
    createdAtMs: sale.createdAtMs,
    lines: sale.lines.map(toLineBook),
    charges: toCharges(sale),
    cartId: attributeOf(sale, 'sparkCartId'),
    paymentType: attributeOf(sale, 'sparkPaymentType'),
    poNumber: sale.poNumber,
    note: sale.note,
    customerId: sale.customer === null ? null : (sale.customer.id.split('/').at(-1) ?? null),
    totalMinor: totalsOf(sale, 'current').totalMinor,
  };
}

function toLineBook(line: LineRecord): ShopifyLineBook {
  return {
    lineId: line.id,
    sku: line.variant?.sku ?? null,
    title: line.title,
    quantity: line.quantity,
    currentQuantity: line.currentQuantity,
    fulfilledQuantity: line.fulfilledQuantity,
    returnedQuantity: line.returnedQuantity,
    totalMinor: currentLineTotal(line),
  };
}

function toCharges(sale: SaleRecord): ShopifyChargeBook[] {
  const charges: ShopifyChargeBook[] = [];
  const { shippingMinor } = totalsOf(sale, 'current');
  if (shippingMinor !== 0) {
    charges.push({ kind: 'shipping', title: 'Delivery', amountMinor: shippingMinor });
  }
  const discountMinor = sale.lines.reduce((sum, line) => sum + currentCartDiscount(line), 0);
  if (discountMinor !== 0) {
    charges.push({ kind: 'discount', title: 'Trade', amountMinor: -discountMinor });
  }
  return charges;
}
