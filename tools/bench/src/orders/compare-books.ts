import type { TillOrder } from './canned-till.js';
import { madeOrder, nameOf } from './made-orders.js';

/** What the till should hold and does not; each empty when all is right. By the names of orders. */
export interface BookDifferences {
  readonly lost: string[];
  readonly doubled: string[];
  /** Other goods, other cents, or paid with another sum. */
  readonly wrong: string[];
}

/** Holds the till's books against the orders with the numbers from 0 to below `placed`. */
export function compareBooks(orders: readonly TillOrder[], placed: number): BookDifferences {
  const byName = new Map<string, TillOrder[]>();
  for (const order of orders) {
    byName.set(order.name, [...(byName.get(order.name) ?? []), order]);
  }
  const differences: BookDifferences = { lost: [], doubled: [], wrong: [] };
  for (let number = 0; number < placed; number += 1) {
    const name = nameOf(number);
    const [first, ...more] = byName.get(name) ?? [];
    if (first?.payment === undefined) differences.lost.push(name);
    else if (!isRight(first, number)) differences.wrong.push(name);
    if (more.length > 0) differences.doubled.push(name);
  }
  return differences;
}

function isRight({ totalMinor, payment, units }: TillOrder, number: number): boolean {
  const made = madeOrder(number);
  const sameGoods =
    units.size === made.lines.length &&
    made.lines.every((line) => units.get(line.sku) === line.units);
  return sameGoods && totalMinor === made.totalMinor && payment?.minor === made.totalMinor;
}
