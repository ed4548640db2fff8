import { PurchaseObserved, type PaymentMethod } from '@tillbridge/contracts';

import type { Observation } from '../vendor.js';
import { PAYMENT_METHODS_SEEN } from './sparklayer.assumptions.js';

/** What we read of the trade shop's record of a cart, a quote or an order. */
export interface Purchase {
  readonly type: string;
  readonly purchase_identifiers?: {
    readonly sparklayer?: string | null;
    readonly platform?: string | number | null;
  };
  readonly customer_identifiers?: {
    /** A sales agent acting for the customer. */
    readonly sparklayer_impersonator?: string | null;
  };
  readonly payment_method?: string | null;
  readonly customer_reference?: string | null;
  readonly calculated_fulfilment_status?: string | null;
  readonly dates?: { readonly updated_at?: string | null };
}

const TYPES: readonly string[] = [
  'cart',
  'quote',
  'awaiting_approval',
  'order_unconfirmed',
  'order',
] satisfies PurchaseObserved['type'][];

const PO_NUMBER_LENGTH = 255;

/** The trade shop's id of a purchase, by which the platform's order names it. */
export function cartIdOf(purchase: Purchase): string | undefined {
  return purchase.purchase_identifiers?.sparklayer ?? undefined;
}

/** Undefined for what was not born in the trade shop, or is of a kind that nobody knows yet. */
export function fromPurchase(connectionId: string, purchase: Purchase): Observation | undefined {
  const cartId = cartIdOf(purchase);
  if (cartId === undefined || !TYPES.includes(purchase.type)) return undefined;
  const platformOrderId = purchase.purchase_identifiers?.platform ?? undefined;
  const poNumber = purchase.customer_reference?.trim().slice(0, PO_NUMBER_LENGTH);
  const agentId = purchase.customer_identifiers?.sparklayer_impersonator;
  const fulfilmentStatus = purchase.calculated_fulfilment_status;
  const content = {
    connectionId,
    cartId,
    ...(platformOrderId === undefined ? {} : { platformOrderId: String(platformOrderId) }),
    ...(agentId ? { agentId } : {}),
    type: purchase.type as PurchaseObserved['type'],
    paymentMethod: paymentMethodOf(purchase),
    ...(poNumber ? { poNumber } : {}),
    ...(typeof fulfilmentStatus === 'string' ? { fulfilmentStatus } : {}),
  };
  return {
    key: { kind: 'purchase', id: cartId },
    content,
    toMessage: (revision) => Object.assign(new PurchaseObserved(), content, { revision }),
  };
}

function paymentMethodOf({ payment_method: method }: Purchase): PaymentMethod {
  const seen: Readonly<Record<string, PaymentMethod>> = PAYMENT_METHODS_SEEN;
  return seen[method ?? ''] ?? 'other';
}
