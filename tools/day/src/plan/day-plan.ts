import type { PlannedParts } from './parts.js';

/** How the buyer pays, in the trade shop's words. */
export type PaymentType = 'paymentOnAccount' | 'paymentByInvoice' | 'upfrontPayment';

/** A product as the systems know it. Prices in minor units. */
export interface PlannedProduct {
  readonly sku: string;
  readonly title: string;
  readonly priceMinor: number;
  /** Opening stock by store. */
  readonly opening: Readonly<Record<StoreId, number>>;
  /** Fewer than will be asked for. */
  readonly short: boolean;
}

/** Something sold online that is made of base units: a case (one component) or a kit. */
export interface PlannedAssembly {
  readonly kind: 'case' | 'kit';
  readonly sku: string;
  readonly title: string;
  readonly priceMinor: number;
  readonly components: readonly { readonly sku: string; readonly units: number }[];
}

export type StoreId = 'high-street' | 'dockside';
export const STORES: readonly StoreId[] = ['high-street', 'dockside'];

export interface PlannedCustomer {
  readonly id: string;
  /** False: the till has no customer for it, so nothing links the two. */
  readonly atTheTill: boolean;
}

export interface PlannedTradeLine {
  /** Rows of the input that this line stands for. */
  readonly row: number;
  /** Null: money without stock. */
  readonly sku: string | null;
  readonly title: string;
  /** In what the shop sells: a case is 1. */
  readonly quantity: number;
  readonly unitPriceMinor: number;
}

export interface PlannedTradeOrder {
  readonly kind: 'trade-order';
  readonly ref: string;
  readonly customer: string;
  readonly paymentType: PaymentType;
  readonly poNumber: string;
  readonly lines: readonly PlannedTradeLine[];
  readonly shippingMinor: number;
  readonly discountMinor: number;
}

export interface PlannedRetailOrder {
  readonly kind: 'retail-order';
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

export interface PlannedTillLine {
  readonly row: number;
  /** Null: money without stock. */
  readonly sku: string | null;
  readonly title: string;
  readonly units: number;
  readonly priceMinor: number;
}

export interface PlannedTillSale {
  readonly kind: 'till-sale';
  readonly store: StoreId;
  readonly lines: readonly PlannedTillLine[];
}

export interface PlannedTillReturn {
  readonly kind: 'till-return';
  readonly store: StoreId;
  readonly lines: readonly PlannedTillLine[];
}

/** Takes a line of an earlier order back: off the order before dispatch, over the counter after. */
export interface PlannedTakeBack {
  readonly kind: 'take-back';
  readonly row: number;
  readonly orderRef: string;
  readonly lineIndex: number;
  readonly quantity: number;
  readonly store: StoreId;
}

/** A buyer changes their mind while the order is in the house: more or less of a line. */
export interface PlannedOrderEdit {
  readonly kind: 'order-edit';
  readonly orderRef: string;
  readonly lineIndex: number;
  /** In what the shop sells; below zero takes off. */
  readonly change: number;
}

/** A buyer wants something else on an order that stands, at a price that others pay for it. */
export interface PlannedAddedLine {
  readonly kind: 'order-add-line';
  readonly orderRef: string;
  readonly sku: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
}

/** A buyer does not want the order any more; too late once goods of it have left. */
export interface PlannedOrderCancel {
  readonly kind: 'order-cancel';
  readonly orderRef: string;
}

export interface PlannedStockMove {
  readonly kind: 'receipt' | 'waste';
  readonly row: number;
  readonly store: StoreId;
  readonly sku: string;
  readonly units: number;
}

export type PlannedEvent =
  | PlannedTradeOrder
  | PlannedRetailOrder
  | PlannedTillSale
  | PlannedTillReturn
  | PlannedTakeBack
  | PlannedOrderEdit
  | PlannedAddedLine
  | PlannedOrderCancel
  | PlannedStockMove;

export interface PlanCounts {
  readonly rows: number;
  readonly invoices: number;
  readonly b2bOrders: number;
  readonly retailOrders: number;
  readonly tillSales: number;
  /** Rows that take back something sold earlier, matched. */
  readonly cancellations: number;
  /** Rows that bring goods back over the counter, unmatched. */
  readonly returns: number;
  /** Changes of mind about an order that stands: more or less of a line. */
  readonly edits: number;
  /** Lines that are put on orders that stand. */
  readonly addedLines: number;
  /** Whole orders that are called off. */
  readonly cancelledOrders: number;
  /** Trade orders whose goods leave in parts. */
  readonly partDispatches: number;
  readonly nonStockLines: number;
  readonly rejected: readonly { readonly row: number; readonly reason: string }[];
}

/** A trading day, decided beforehand: the same input and seed give the same plan. */
export interface DayPlan {
  readonly seed: number;
  readonly currency: string;
  readonly products: readonly PlannedProduct[];
  readonly assemblies: readonly PlannedAssembly[];
  readonly customers: readonly PlannedCustomer[];
  /** In the order in which they happen. */
  readonly events: readonly PlannedEvent[];
  /** Trade orders whose goods do not leave at once, by reference. */
  readonly parts: ReadonlyMap<string, PlannedParts>;
  readonly counts: PlanCounts;
  /** Rows of the input that were read and not rejected by the reader. */
  readonly rowsRead: number;
  /** What became of each row of the input; every row is in it once. */
  readonly fates: ReadonlyMap<number, string>;
}
