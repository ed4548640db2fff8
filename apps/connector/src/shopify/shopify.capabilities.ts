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
  /** Points of one query. */
  queryCost: 1_000,
} as const;
