export type DecimalMark = ',' | '.';

/**
 * Which mark this file writes before decimals, told by the prices that leave no doubt: those with
 * other than three digits behind their last mark. Three may be thousands. Without any such price the
 * delimiter tells: where `;` parts fields, the comma is for decimals.
 */
export function decimalMarkOf(prices: Iterable<string>, delimiter: ';' | ','): DecimalMark {
  let commas = 0;
  let points = 0;
  for (const price of prices) {
    const [, mark, decimals = ''] = /([.,])(\d+)$/.exec(price.trim()) ?? [];
    if (mark === undefined || decimals.length === 3) continue;
    if (mark === ',') commas += 1;
    else points += 1;
  }
  if (commas === points) return delimiter === ';' ? ',' : '.';
  return commas > points ? ',' : '.';
}

/**
 * A price in minor units, from its text, without a float on the way. More than two decimals are
 * rounded half up, by magnitude: 0.005 is 1, 0.001 is 0, -0.005 is -1. Null when it is no amount.
 */
export function readPriceMinor(text: string, mark: DecimalMark): number | null {
  const [whole = '', decimals = '', ...others] = text.trim().split(mark);
  const thousands = mark === ',' ? '.' : ',';
  const grouped = new RegExp(`^[+-]?(\\d+|\\d{1,3}(\\${thousands}\\d{3})+)$`);
  if (others.length > 0 || !grouped.test(whole) || !/^\d*$/.test(decimals)) return null;
  const digits = whole.replaceAll(thousands, '').replace(/^[+-]/, '');
  const minor = BigInt(digits) * 100n + BigInt(decimals.padEnd(2, '0').slice(0, 2));
  const rounded = minor + (decimals.charAt(2) >= '5' ? 1n : 0n);
  if (rounded > BigInt(Number.MAX_SAFE_INTEGER)) return null;
  // Adding 0 makes 0 of -0.
  return Number(whole.startsWith('-') ? -rounded : rounded) + 0;
}

/** A whole number; some copies write 6 as 6.0. Null when it is none. */
export function readQuantity(text: string): number | null {
  const whole = /^([+-]?\d+)(?:[.,]0{1,2})?$/.exec(text.trim())?.[1];
  const quantity = whole === undefined ? NaN : Number(whole) + 0;
  return Number.isSafeInteger(quantity) ? quantity : null;
}

/** A customer id; some copies write 17850 as 17850.0. Null for a sale over the counter. */
export function readCustomer(text: string): string | null {
  const id = text.trim().replace(/^(\d+)[.,]0$/, '$1');
  return id === '' || /^(nan|null|n\/a)$/i.test(id) ? null : id;
}
