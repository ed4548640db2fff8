import type { Money } from './square-order.js';

export const EXTERNAL_TYPES = [
  'CHECK',
  'BANK_TRANSFER',
  'OTHER_GIFT_CARD',
  'CRYPTO',
  'SQUARE_CASH',
  'SOCIAL',
  'EXTERNAL',
  'EMONEY',
  'CARD',
  'STORED_BALANCE',
  'FOOD_VOUCHER',
  'OTHER',
] as const;

export interface ExternalDetails {
  type: (typeof EXTERNAL_TYPES)[number];
  source: string;
  source_id?: string;
}

/** A payment in the words of the API. */
export interface SquarePayment {
  id: string;
  created_at: string;
  updated_at: string;
  amount_money: Money;
  total_money: Money;
  approved_money: Money;
  refunded_money?: Money;
  status: 'APPROVED' | 'COMPLETED' | 'CANCELED';
  source_type: 'EXTERNAL' | 'CASH' | 'CARD';
  external_details?: ExternalDetails;
  location_id: string;
  order_id: string;
  reference_id?: string;
  customer_id?: string;
  note?: string;
  refund_ids?: string[];
  receipt_number: string;
  version_token: string;
}

export interface SquareRefund {
  id: string;
  status: 'COMPLETED';
  location_id: string;
  unlinked: false;
  destination_type: 'EXTERNAL' | 'CASH' | 'CARD';
  amount_money: Money;
  payment_id: string;
  order_id: string;
  reason?: string;
  created_at: string;
  updated_at: string;
}

export interface WantedPayment {
  source_id: string;
  idempotency_key: string;
  amount_money: Money;
  external_details: ExternalDetails;
  order_id: string;
  location_id?: string;
  customer_id?: string;
  reference_id?: string;
  note?: string;
  autocomplete?: boolean;
}

export interface WantedRefund {
  idempotency_key: string;
  payment_id: string;
  amount_money: Money;
  reason?: string;
  payment_version_token?: string;
}
