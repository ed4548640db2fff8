import type { MoneyBag } from './shopify.answers.js';

/** The shop's own currency: what the merchant's books are in, whatever the buyer saw. */
export function minorOf(bag: MoneyBag): number {
  return toMinorUnits(bag.shopMoney.amount, bag.shopMoney.currencyCode);
}

/**
 * `12.5` GBP is 1250. Text to integer without a float on the way. Digits beyond the currency's are
 * rounded half away from zero; the platform sends none for prices.
 * @throws Error when the text is no decimal number: a change of the published format.
 */
export function toMinorUnits(amount: string, currency: string): number {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount);
  if (match === null) throw new Error(`'${amount}' is no decimal amount`);
  const [, sign, whole, fraction = ''] = match;
  const digits = digitsOf(currency);
  const kept = fraction.slice(0, digits).padEnd(digits, '0');
  const roundsUp = (fraction[digits] ?? '0') >= '5';
  const minor = BigInt(`${whole}${kept}`) + (roundsUp ? 1n : 0n);
  return toSafe(sign === '-' ? -minor : minor);
}

/** The part of a line's money that `some` of its `all` units carry, to the nearest minor unit. */
export function shareOf(totalMinor: number, some: number, all: number): number {
  if (some === all) return totalMinor;
  if (all === 0) return 0;
  const negative = totalMinor < 0;
  const doubled = 2n * BigInt(Math.abs(totalMinor)) * BigInt(some) + BigInt(all);
  const share = toSafe(doubled / (2n * BigInt(all)));
  return negative ? 0 - share : share;
}

function digitsOf(currency: string): number {
  const known = DIGITS.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  DIGITS.set(currency, digits);
  return digits;
}

/** To ask for them takes longer than all the rest of reading a line. */
const DIGITS = new Map<string, number>();

function toSafe(minor: bigint): number {
  const value = Number(minor);
  if (!Number.isSafeInteger(value)) throw new Error(`${minor} minor units cannot be held exactly`);
  return value === 0 ? 0 : value;
}
