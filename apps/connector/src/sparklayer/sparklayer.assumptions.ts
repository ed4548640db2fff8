import { SPARKLAYER } from './sparklayer.capabilities.js';

/**
 * What the trade shop's public documentation leaves open. Each is built as most likely and held by
 * a spec that names it, so that a correction is one line here.
 */

/** Life of a token whose answer does not say it. */
export const ASSUMED_TOKEN_LIFE_S = 3_600;

/** Names of the list's filters and pages, from the older reference. */
export const LIST_PARAMETERS = {
  type: 'type',
  changedSince: 'dates[last_updated][gte]',
  limit: 'limit',
  offset: 'offset',
} as const;

/** The list is an array, or an object that holds it under one of these. */
export const LIST_KEYS = ['purchases', 'data', 'items'] as const;

/** Most purchases in a page: documented. */
export const PAGE_LIMIT = SPARKLAYER.page;

/** Levels in a call: no most is documented. */
export const LEVELS_AT_ONCE = 500;

/** Of a SKU without a level at a stock location, buyers may order nothing from there. */
export const UNITS_WITHOUT_LEVEL = 0;

/** Both spellings are met: the trade shop's own and that of the platform's attribute. */
export const PAYMENT_METHODS_SEEN = {
  platform_upfront: 'card',
  upfrontPayment: 'card',
  on_account: 'on-account',
  paymentOnAccount: 'on-account',
  invoice: 'invoice',
  paymentByInvoice: 'invoice',
  quote: 'quote',
} as const;
