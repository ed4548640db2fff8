import type { DraftRecord, LineRecord } from './order-record.js';
import type { EventLine } from './shop-event.js';

export function onOrder(lines: readonly LineRecord[]): EventLine[] {
  return lines.flatMap((line) => eventLine(line, line.currentQuantity));
}

/** Nothing for a manual line: it has no stock. */
export function eventLine(line: LineRecord, units: number): EventLine[] {
  return line.variant === null ? [] : [{ sku: line.variant.sku, units }];
}

export function lineOf(
  sale: { readonly lines: readonly LineRecord[] },
  lineId: string,
): LineRecord {
  const line = sale.lines.find((each) => each.id === lineId);
  if (line === undefined) throw new Error(`There is no line ${lineId}.`);
  return line;
}

export function mustBeOpen(draft: DraftRecord): void {
  if (draft.status !== 'open') throw new Error(`${draft.name} is ${draft.status}.`);
}
