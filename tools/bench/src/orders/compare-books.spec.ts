import type { TillOrder } from './canned-till.js';
import { compareBooks } from './compare-books.js';
import { LINES, madeOrder } from './made-orders.js';

/** As the till holds an order that was posted rightly. */
function posted(number: number): TillOrder {
  const { name, lines, totalMinor } = madeOrder(number);
  return {
    id: `ORDER-${number}`,
    name,
    totalMinor,
    units: new Map(lines.map(({ sku, units }) => [sku, units])),
    payment: { id: `PAYMENT-${number}`, minor: totalMinor, atMs: 0 },
  };
}

it('makes orders of so many different goods', () => {
  for (const number of [0, 1, 999]) {
    expect(new Set(madeOrder(number).lines.map(({ sku }) => sku)).size).toBe(LINES);
  }
});

it('finds nothing when each order is there once, as it was charged', () => {
  expect(compareBooks([posted(1), posted(0)], 2)).toEqual({ lost: [], doubled: [], wrong: [] });
});

it('finds what is lost or not paid, what is there twice, and what differs', () => {
  const unpaid = { ...posted(1), payment: undefined };
  const [sku = ''] = posted(3).units.keys();
  const otherGoods = { ...posted(3), units: new Map([...posted(3).units, [sku, 99]]) };
  const otherCents = { ...posted(4), totalMinor: posted(4).totalMinor - 1 };
  const paidLess = { ...posted(5), payment: { id: 'PAYMENT-5', minor: 1, atMs: 0 } };
  const books = [unpaid, posted(2), posted(2), otherGoods, otherCents, paidLess];
  expect(compareBooks(books, 6)).toEqual({
    lost: ['#0', '#1'],
    doubled: ['#2'],
    wrong: ['#3', '#4', '#5'],
  });
});
