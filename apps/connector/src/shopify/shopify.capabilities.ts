/** What Shopify takes in one call and holds in one thing. */
export const SHOPIFY = {
  /** Nodes of a page. */
  page: 250,
  /** Entries of a list that we hand over. */
  listInput: 250,
  /** Lines of a draft. */
  draftLines: 499,
  /** Lines of one fulfilment that is reported. */
  fulfilmentLines: 512,
  /**
   * Days back to which an app sees orders that was not granted all of them; an older one is answered
   * as one that does not exist.
   */
  ordersShownDays: 60,
  /** Points of one query. */
  queryCost: 1_000,
} as const;
