export interface MoneyBag {
  readonly shopMoney: Money;
  readonly presentmentMoney: Money;
}

export interface Money {
  readonly amount: string;
  readonly currencyCode: string;
}

/** Shop and buyer use the same currency here. */
export function toMoneyBag(minor: number, currency: string): MoneyBag {
  const money = toMoney(minor, currency);
  return { shopMoney: money, presentmentMoney: money };
}

export function toMoney(minor: number, currency: string): Money {
  return { amount: toDecimal(minor, currency), currencyCode: currency };
}

/** 1234 pence are '12.34'. Exact: the digits are moved, nothing is divided. */
export function toDecimal(minor: number, currency: string): string {
  const places = fractionDigits(currency);
  const digits = String(Math.abs(minor)).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const sign = minor < 0 ? '-' : '';
  return places === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-places)}`;
}

const knownDigits = new Map<string, number>();

function fractionDigits(currency: string): number {
  let digits = knownDigits.get(currency);
  if (digits === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    digits = format.resolvedOptions().maximumFractionDigits ?? 2;
    knownDigits.set(currency, digits);
  }
  return digits;
}
