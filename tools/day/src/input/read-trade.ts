import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { CsvError, parse } from 'csv-parse/sync';

import type { InputRow, RejectedRow, TradeInput } from './input-row.js';
import { decimalMarkOf, readCustomer, readPriceMinor, readQuantity } from './trade-amounts.js';
import type { DecimalMark } from './trade-amounts.js';
import { columnsOf, delimiterOf } from './trade-columns.js';
import type { TradeColumns } from './trade-columns.js';
import { dateOrderOf, readDate } from './trade-dates.js';
import type { DateOrder } from './trade-dates.js';

interface FileLine {
  readonly row: number;
  readonly fields: readonly string[];
}

/** How this copy of the data set writes things. */
interface Layout {
  readonly columns: TradeColumns;
  readonly decimalMark: DecimalMark;
  readonly dateOrder: DateOrder;
}

/**
 * Reads a trade file in any of the layouts in which the *Online Retail* data is passed around: see
 * the functions that find out how it writes fields, decimals and dates. Rows that cannot be read
 * are rejected with their line and the reason, and the others are taken.
 *
 * @throws Error when it is no trade file at all.
 */
export async function readTrade(source: string | Readable): Promise<TradeInput> {
  const bytes = typeof source === 'string' ? await readFile(source) : await buffer(source);
  const text = decode(bytes);
  const delimiter = delimiterOf(text.slice(0, text.search(/\r|\n|$/)));
  const [header, ...lines] = linesOf(text, delimiter);
  if (header === undefined) throw new Error('This is no trade file: it is empty.');
  const columns = columnsOf(header.fields);
  const column = (place: number): string[] => lines.map(({ fields }) => fields[place] ?? '');
  const layout = {
    columns,
    decimalMark: decimalMarkOf(column(columns.price), delimiter),
    dateOrder: dateOrderOf(columns.at < 0 ? [] : column(columns.at)),
  };
  const rows: InputRow[] = [];
  const rejected: RejectedRow[] = [];
  for (const line of lines) {
    const read = readRow(line, layout);
    if (typeof read === 'string') rejected.push({ row: line.row, reason: read });
    else rows.push(read);
  }
  return { rows, rejected };
}

/** UTF-8 with or without a byte-order mark; older copies are Latin-1. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/**
 * Records with the line of the file on which each begins. Where a quote is opened and never closed,
 * quotes are taken as letters, so that one bad row does not swallow all that follow.
 */
function linesOf(text: string, delimiter: string): FileLine[] {
  const records = recordsOf(text, delimiter, '"') ?? recordsOf(text, delimiter, false) ?? [];
  return records.map(({ record: fields, info }) => {
    const breaks = fields.reduce((sum, field) => sum + field.split('\n').length - 1, 0);
    return { row: info.lines - breaks, fields };
  });
}

/** Undefined when a quote stays open to the end. */
function recordsOf(
  text: string,
  delimiter: string,
  quote: '"' | false,
): { record: string[]; info: { lines: number } }[] | undefined {
  try {
    return parse(text, {
      delimiter,
      quote,
      info: true,
      relax_column_count: true,
      // Descriptions hold inches: 6" PLATE.
      relax_quotes: true,
      skip_empty_lines: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
  } catch (error) {
    if (error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED') return undefined;
    throw error;
  }
}

/** The row, or why it cannot be read. */
function readRow(line: FileLine, layout: Layout): InputRow | string {
  const { columns, decimalMark, dateOrder } = layout;
  const { fields } = line;
  if (fields.length !== columns.count) {
    return `${fields.length} fields instead of ${columns.count}`;
  }
  const field = (place: number): string => (place < 0 ? '' : (fields[place] ?? '').trim());
  const invoice = field(columns.invoice);
  const sku = field(columns.sku);
  if (invoice === '') return 'no invoice number';
  if (sku === '') return 'no stock code';
  const quantity = readQuantity(field(columns.quantity));
  if (quantity === null) return `quantity '${field(columns.quantity)}' is no whole number`;
  const priceMinor = readPriceMinor(field(columns.price), decimalMark);
  if (priceMinor === null) return `price '${field(columns.price)}' is no amount`;
  const dateText = field(columns.at);
  const at = dateText === '' ? null : readDate(dateText, dateOrder);
  if (dateText !== '' && at === null) return `date '${dateText}' is no date`;
  return {
    row: line.row,
    invoice,
    sku,
    description: field(columns.description),
    quantity,
    at,
    priceMinor,
    customer: readCustomer(field(columns.customer)),
    country: field(columns.country),
  };
}
