/** What SparkLayer holds. What its public pages leave open is in `sparklayer.assumptions.ts`. */
export const SPARKLAYER = {
  /** Lines of a cart; the platform drops what is above them from a draft. */
  cartLines: 250,
  /** Purchases of a page. */
  page: 500,
} as const;
