import type { ObservedOrderState, OrderFinancialStatus } from './order-facts.js';

/** What finance has to do because goods have left. */
export type DueAtDispatch = 'capture' | 'invoice' | 'nothing';

/** The platform has all of the money, or had it. */
const SETTLED: ReadonlySet<OrderFinancialStatus> = new Set([
  'paid',
  'partially-refunded',
  'refunded',
]);

/** The card does not give the money, or not all of it. */
const LAPSED: ReadonlySet<OrderFinancialStatus> = new Set(['partially-paid', 'expired', 'voided']);

/**
 * Pay-later orders are invoiced for what leaves; the money of a card is captured then. What the
 * platform says has been paid comes before how the buyer meant to pay: an order on account that was
 * paid ahead owes nothing, and a card whose authorisation has run out has to be asked otherwise.
 */
export function dueAtDispatch(
  order: Pick<ObservedOrderState, 'paymentMethod' | 'financialStatus' | 'paymentTerms'>,
): DueAtDispatch {
  const { paymentMethod, financialStatus, paymentTerms } = order;
  if (financialStatus !== undefined && SETTLED.has(financialStatus)) return 'nothing';
  switch (paymentMethod) {
    case 'on-account':
    case 'invoice':
      return 'invoice';
    case 'card':
      return financialStatus !== undefined && LAPSED.has(financialStatus) ? 'invoice' : 'capture';
    case 'quote':
      return 'nothing';
    case 'other':
      return paymentTerms === undefined ? 'nothing' : 'invoice';
  }
}
