/** Where the columns of a trade file are; optional ones are -1 when it has none. */
export interface TradeColumns {
  readonly count: number;
  readonly invoice: number;
  readonly sku: number;
  readonly description: number;
  readonly quantity: number;
  readonly at: number;
  readonly price: number;
  readonly customer: number;
  readonly country: number;
}

/** Names under which copies of the data set know a column, lower-case, letters only. */
const NAMES: Readonly<Record<Exclude<keyof TradeColumns, 'count'>, readonly string[]>> = {
  invoice: ['invoiceno', 'invoice', 'invoicenumber'],
  sku: ['stockcode', 'sku'],
  description: ['description'],
  quantity: ['quantity'],
  at: ['invoicedate'],
  price: ['unitprice', 'price'],
  customer: ['customerid', 'customer'],
  country: ['country'],
};

const OPTIONAL: readonly string[] = ['at', 'description', 'country'];

/** @throws Error when a column is missing without which no row can be read. */
export function columnsOf(header: readonly string[]): TradeColumns {
  const found = header.map((name) => name.toLowerCase().replace(/[^a-z]/g, ''));
  const places = Object.fromEntries(
    Object.entries(NAMES).map(([column, names]) => [
      column,
      found.findIndex((name) => names.includes(name)),
    ]),
  ) as Omit<TradeColumns, 'count'>;
  const missing = Object.entries(places)
    .filter(([column, place]) => place < 0 && !OPTIONAL.includes(column))
    .map(([column]) => NAMES[column as keyof typeof NAMES][0]);
  if (missing.length > 0) {
    throw new Error(`This is no trade file: no column ${missing.join(', ')} in its first line.`);
  }
  return { ...places, count: header.length };
}

/** Names hold neither mark, so the one there is more of parts them. */
export function delimiterOf(firstLine: string): ';' | ',' {
  return firstLine.split(';').length > firstLine.split(',').length ? ';' : ',';
}
