/** Goods that the till counts and the shop sells. */
export const SKUS = 5_000;
export const LINES = 20;
export const CUSTOMERS = 200;

/** An order of the trade shop, as it is placed; everything of it follows from its number. */
export interface MadeOrder {
  readonly name: string;
  readonly cartId: string;
  readonly poNumber: string;
  readonly customer: number;
  readonly lines: readonly MadeLine[];
  readonly totalMinor: number;
}

export interface MadeLine {
  readonly sku: string;
  readonly units: number;
  readonly unitMinor: number;
}

/** Steps through the goods: no order has one twice, and neighbours share none. */
const STEP = 7;

export function madeOrder(number: number): MadeOrder {
  const lines = Array.from({ length: LINES }, (_, line) => {
    const good = ((number * LINES + line) * STEP) % SKUS;
    return { sku: skuOf(good), units: 1 + ((number + line) % 5), unitMinor: 100 + (good % 900) };
  });
  return {
    name: nameOf(number),
    cartId: `cart-${number}`,
    poNumber: `PO-${number}`,
    customer: number % CUSTOMERS,
    lines,
    totalMinor: lines.reduce((sum, { units, unitMinor }) => sum + units * unitMinor, 0),
  };
}

export function skuOf(good: number): string {
  return `SKU-${good}`;
}

/** What people call the order. */
export function nameOf(number: number): string {
  return `#${number}`;
}
