import type { InputRow } from './input-row.js';
import { seededDay } from './seeded-day.js';

describe('a seeded day', () => {
  const { rows } = seededDay(1, { orders: 300 });
  const some = (what: (row: InputRow) => boolean): InputRow[] => rows.filter(what);
  const isCancelled = (row: InputRow): boolean => row.invoice.startsWith('C');
  const isTrade = (row: InputRow): boolean =>
    row.customer !== null && !isCancelled(row) && row.quantity > 0;

  it('is the same for the same seed and another for another', () => {
    expect(seededDay(1, { orders: 300 }).rows).toEqual(rows);
    expect(seededDay(2, { orders: 300 }).rows).not.toEqual(rows);
  });

  it('has as many trade invoices as asked for, and others', () => {
    expect(new Set(some(isTrade).map(({ invoice }) => invoice)).size).toBe(300);
    const till = some((row) => row.customer === null && row.priceMinor > 0 && row.quantity > 0);
    expect(new Set(till.map(({ invoice }) => invoice)).size).toBeGreaterThan(30);
  });

  it('has whatever makes a real file difficult', () => {
    expect(
      some((row) => row.customer === null && row.priceMinor === 0 && row.quantity > 0),
    ).not.toEqual([]);
    expect(
      some((row) => row.customer === null && row.priceMinor === 0 && row.quantity < 0),
    ).not.toEqual([]);
    expect(some((row) => isCancelled(row) && row.customer === null)).not.toEqual([]);
    for (const code of ['POST', 'DOT', 'D', 'M']) {
      expect(some(({ sku }) => sku === code)).not.toEqual([]);
    }
    const places = new Set<string>();
    const repeated = some(isTrade).filter(({ invoice, sku }) => {
      const place = `${invoice}|${sku}`;
      return places.has(place) || !places.add(place);
    });
    expect(repeated).not.toEqual([]);
  });

  it('takes back lines that were sold, each of them once', () => {
    const sold = some(isTrade).map((row) => `${row.customer}|${row.sku}|${row.quantity}`);
    const back = some((row) => isCancelled(row) && sold.includes(keyBack(row)));
    expect(back.length).toBeGreaterThan(5);
    for (const row of back) {
      const times = back.filter((other) => keyBack(other) === keyBack(row)).length;
      expect(times).toBeLessThanOrEqual(sold.filter((key) => key === keyBack(row)).length);
    }
  });

  it('has products that trade takes in even dozens only', () => {
    const quantities = new Map<string, number[]>();
    for (const { sku, quantity } of some(isTrade)) {
      quantities.set(sku, [...(quantities.get(sku) ?? []), quantity]);
    }
    const dozens = [...quantities.values()].filter((all) => all.every((units) => units % 12 === 0));
    expect(dozens.filter((all) => all.length > 1).length).toBeGreaterThan(5);
  });

  it('numbers its rows as a file would, and goes on in time', () => {
    expect(rows.map(({ row }) => row)).toEqual(rows.map((_, index) => index + 2));
    const times = rows.map(({ at }) => at ?? '');
    expect(times.toSorted()).toEqual(times);
  });

  it('can be small', () => {
    expect(seededDay(1, { orders: 1 }).rows.length).toBeGreaterThan(3);
  });
});

function keyBack(row: InputRow): string {
  return `${row.customer}|${row.sku}|${-row.quantity}`;
}
