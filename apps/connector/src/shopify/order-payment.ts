import type { FinancialStatus, ObservedPaymentTerms } from '@tillbridge/contracts';

import type { DraftNode, OrderNode, PaymentTermsNode } from './shopify.answers.js';

const STATUS: Readonly<Record<NonNullable<OrderNode['displayFinancialStatus']>, FinancialStatus>> =
  {
    AUTHORIZED: 'authorized',
    EXPIRED: 'expired',
    PAID: 'paid',
    PARTIALLY_PAID: 'partially-paid',
    PARTIALLY_REFUNDED: 'partially-refunded',
    PENDING: 'pending',
    REFUNDED: 'refunded',
    VOIDED: 'voided',
  };

const TERMS_TYPE: Readonly<
  Record<PaymentTermsNode['paymentTermsType'], ObservedPaymentTerms['type']>
> = {
  FIXED: 'fixed',
  FULFILLMENT: 'fulfilment',
  NET: 'net',
  RECEIPT: 'receipt',
  UNKNOWN: 'unknown',
};

/** What has been paid and when the rest is due; a draft has no financial status. */
export function readPayment(node: OrderNode | DraftNode): {
  readonly financialStatus?: FinancialStatus;
  readonly paymentTerms?: ObservedPaymentTerms;
} {
  const status = 'displayFinancialStatus' in node ? node.displayFinancialStatus : null;
  return {
    ...(status === null ? {} : { financialStatus: STATUS[status] }),
    ...(node.paymentTerms === null ? {} : { paymentTerms: toTerms(node.paymentTerms) }),
  };
}

function toTerms(node: PaymentTermsNode): ObservedPaymentTerms {
  const dueAt = node.paymentSchedules.nodes[0]?.dueAt ?? null;
  return {
    name: node.paymentTermsName,
    type: TERMS_TYPE[node.paymentTermsType],
    ...(node.dueInDays === null ? {} : { dueInDays: node.dueInDays }),
    ...(dueAt === null ? {} : { dueAt }),
  };
}
