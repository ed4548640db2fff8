import type { InputRow } from '../input/input-row.js';

/** What a stock code stands for when it is no stock. */
export type MoneyCode = 'postage' | 'discount' | 'manual';

const MONEY_CODES: ReadonlyMap<string, MoneyCode> = new Map([
  ['POST', 'postage'],
  ['DOT', 'postage'],
  ['C2', 'postage'],
  ['D', 'discount'],
  ['M', 'manual'],
  ['m', 'manual'],
  ['S', 'manual'],
  ['B', 'manual'],
  ['BANK CHARGES', 'manual'],
  ['AMAZONFEE', 'manual'],
  ['CRUK', 'manual'],
]);

export function moneyCodeOf(sku: string): MoneyCode | null {
  const known = MONEY_CODES.get(sku);
  if (known !== undefined) return known;
  return /^gift_/i.test(sku) ? 'manual' : null;
}

/** Where a row belongs. `reject` names what is wrong with it. */
export type RowMeaning =
  | { readonly kind: 'trade' | 'till-sale' | 'till-return' | 'take-back' | 'receipt' | 'waste' }
  | { readonly kind: 'reject'; readonly reason: string };

const isCancellation = (row: InputRow): boolean => /^C/i.test(row.invoice);

/** Decides what a row of a trade file means for the day. */
export function meaningOf(row: InputRow): RowMeaning {
  if (row.quantity === 0) return { kind: 'reject', reason: 'quantity is 0' };
  if (row.priceMinor < 0) return { kind: 'reject', reason: 'price is below zero' };
  if (isCancellation(row)) {
    if (row.quantity > 0) return { kind: 'reject', reason: 'a cancellation adds goods' };
    return row.customer === null ? { kind: 'till-return' } : { kind: 'take-back' };
  }
  if (row.customer !== null) {
    if (row.quantity > 0) return { kind: 'trade' };
    return { kind: 'reject', reason: 'an order has a quantity below zero and is no cancellation' };
  }
  if (moneyCodeOf(row.sku) === null && row.priceMinor === 0) {
    return { kind: row.quantity < 0 ? 'waste' : 'receipt' };
  }
  return { kind: row.quantity < 0 ? 'till-return' : 'till-sale' };
}
