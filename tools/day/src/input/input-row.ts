/** One row of a trade file, cleaned. Money in minor units; quantity below zero takes back. */
export interface InputRow {
  /** Line of the file, the header being 1. */
  readonly row: number;
  readonly invoice: string;
  /** Case-sensitive, as the file has it, without outer blanks. */
  readonly sku: string;
  readonly description: string;
  readonly quantity: number;
  /** ISO 8601 without zone, or null when the file has no date. */
  readonly at: string | null;
  readonly priceMinor: number;
  readonly customer: string | null;
  readonly country: string;
}

export interface RejectedRow {
  readonly row: number;
  readonly reason: string;
}

export interface TradeInput {
  readonly rows: readonly InputRow[];
  readonly rejected: readonly RejectedRow[];
}
