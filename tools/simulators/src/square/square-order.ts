export interface Money {
  amount: number;
  currency: string;
}

export type OrderState = 'OPEN' | 'COMPLETED' | 'CANCELED';

export type FulfilmentState =
  'PROPOSED' | 'RESERVED' | 'PREPARED' | 'COMPLETED' | 'CANCELED' | 'FAILED';

export interface OrderLine {
  uid: string;
  name?: string;
  quantity: string;
  note?: string;
  catalog_object_id?: string;
  catalog_version?: number;
  variation_name?: string;
  item_type: 'ITEM' | 'CUSTOM_AMOUNT';
  metadata?: Record<string, string>;
  base_price_money: Money;
  applied_discounts?: { uid: string; discount_uid: string; applied_money: Money }[];
  gross_sales_money: Money;
  total_discount_money: Money;
  total_tax_money: Money;
  total_money: Money;
}

export interface OrderDiscount {
  uid: string;
  name?: string;
  type: 'FIXED_AMOUNT';
  amount_money: Money;
  applied_money: Money;
  scope: 'ORDER';
}

export interface Fulfilment {
  uid: string;
  type: 'PICKUP' | 'SHIPMENT' | 'DELIVERY';
  state: FulfilmentState;
  metadata?: Record<string, string>;
  shipment_details?: Record<string, unknown>;
  pickup_details?: Record<string, unknown>;
}

export interface OrderTender {
  id: string;
  location_id: string;
  transaction_id: string;
  created_at: string;
  note?: string;
  amount_money: Money;
  type: 'OTHER' | 'CARD' | 'CASH';
  payment_id: string;
}

export interface OrderRefund {
  id: string;
  location_id: string;
  transaction_id: string;
  tender_id: string;
  created_at: string;
  reason: string;
  amount_money: Money;
  status: 'APPROVED';
}

/** An order in the words of the API. */
export interface SquareOrder {
  id: string;
  location_id: string;
  reference_id?: string;
  source?: { name?: string };
  customer_id?: string;
  ticket_name?: string;
  line_items?: OrderLine[];
  discounts?: OrderDiscount[];
  fulfillments?: Fulfilment[];
  returns?: object[];
  metadata?: Record<string, string>;
  created_at: string;
  updated_at: string;
  closed_at?: string;
  state: OrderState;
  /** Orders rung up on the till have none, and take no updates. */
  version?: number;
  tenders?: OrderTender[];
  refunds?: OrderRefund[];
  net_amounts?: Record<string, Money>;
  total_money?: Money;
  total_tax_money?: Money;
  total_discount_money?: Money;
  total_tip_money?: Money;
  total_service_charge_money?: Money;
  net_amount_due_money?: Money;
}

export const FINAL_FULFILMENT_STATES: readonly FulfilmentState[] = [
  'COMPLETED',
  'CANCELED',
  'FAILED',
];

export function paidMinor(order: SquareOrder): number {
  return (order.tenders ?? []).reduce((sum, tender) => sum + tender.amount_money.amount, 0);
}

export function totalMinor(order: SquareOrder): number {
  return order.total_money?.amount ?? 0;
}
