import type { InputRow } from '../input/input-row.js';
import { planDay, tradeOrdersOf } from './plan-day.js';
import { meaningOf, moneyCodeOf } from './row-meaning.js';

let line = 1;
const aRow = (row: Partial<InputRow>): InputRow => {
  line += 1;
  return {
    row: line,
    invoice: '1001',
    sku: 'A1',
    description: 'A mug',
    quantity: 1,
    at: null,
    priceMinor: 250,
    customer: null,
    country: 'GB',
    ...row,
  };
};
const planOf = (rows: InputRow[], seed = 1) => planDay({ rows, rejected: [] }, seed, 'GBP');

describe('what a row means', () => {
  it('takes a row with a customer for trade and one without for the till', () => {
    expect(meaningOf(aRow({ customer: '12' })).kind).toBe('trade');
    expect(meaningOf(aRow({})).kind).toBe('till-sale');
  });

  it('takes a free row without a customer for a receipt, below zero for waste', () => {
    expect(meaningOf(aRow({ priceMinor: 0, quantity: 10 })).kind).toBe('receipt');
    expect(meaningOf(aRow({ priceMinor: 0, quantity: -10 })).kind).toBe('waste');
  });

  it('rejects what contradicts itself', () => {
    expect(meaningOf(aRow({ quantity: 0 })).kind).toBe('reject');
    expect(meaningOf(aRow({ invoice: 'C9', quantity: 4 })).kind).toBe('reject');
    expect(meaningOf(aRow({ customer: '12', quantity: -4 })).kind).toBe('reject');
  });

  it('knows codes that are no stock', () => {
    expect(moneyCodeOf('POST')).toBe('postage');
    expect(moneyCodeOf('BANK CHARGES')).toBe('manual');
    expect(moneyCodeOf('85123A')).toBeNull();
  });
});

describe('a planned day', () => {
  it('gives every row of the input exactly one fate', () => {
    const rows = [
      aRow({ customer: '12' }),
      aRow({ customer: '12', sku: 'POST', priceMinor: 900 }),
      aRow({ invoice: '1002' }),
      aRow({ invoice: 'C1', customer: '12', quantity: -1 }),
      aRow({ invoice: 'C2', customer: '13', quantity: -5 }),
      aRow({ invoice: '1003', priceMinor: 0, quantity: -3 }),
      aRow({ invoice: '1004', quantity: 0 }),
    ];
    const plan = planOf(rows);
    expect([...plan.fates.keys()].sort((a, b) => a - b)).toEqual(rows.map((row) => row.row));
    expect(plan.counts).toMatchObject({ b2bOrders: 1, cancellations: 1, returns: 1, tillSales: 1 });
    expect(plan.counts.rejected).toHaveLength(1);
  });

  it('sells in cases what trade buys in even dozens, and carries the same units', () => {
    const plan = planOf([aRow({ customer: '12', quantity: 24 })]);
    const [order] = tradeOrdersOf(plan).values();
    expect(order?.lines).toEqual([
      expect.objectContaining({ sku: 'A1-CASE12', quantity: 2, unitPriceMinor: 250 * 12 - 1 }),
    ]);
  });

  it('keeps SKUs apart that differ in case only', () => {
    const plan = planOf([aRow({ sku: 'A1a' }), aRow({ sku: 'A1A' })]);
    expect(plan.products.map((product) => product.sku)).toEqual(['A1a', 'A1A']);
  });

  it('splits a long till invoice into sales of at most five lines', () => {
    const plan = planOf(Array.from({ length: 12 }, (_, n) => aRow({ sku: `S${n}` })));
    const sales = plan.events.filter((event) => event.kind === 'till-sale');
    expect(sales.map((sale) => sale.lines.length)).toEqual([5, 5, 2]);
  });

  it('is the same day for the same seed and another one for another', () => {
    const rows = Array.from({ length: 60 }, (_, n) =>
      aRow({
        invoice: `I${n % 20}`,
        customer: `c${n % 7}`,
        sku: `S${n % 9}`,
        quantity: 1 + (n % 5),
      }),
    );
    expect(planOf(rows, 3)).toEqual(planOf(rows, 3));
    expect(planOf(rows, 3).events).not.toEqual(planOf(rows, 4).events);
  });

  it('leaves every trade order with a line that is not short', () => {
    const rows = Array.from({ length: 400 }, (_, n) =>
      aRow({ invoice: `I${n % 50}`, customer: 'c', sku: `S${n % 83}`, quantity: 5 }),
    );
    const plan = planOf(rows);
    const short = new Set(plan.products.filter((p) => p.short).map((p) => p.sku));
    const parts = new Map(plan.assemblies.map((a) => [a.sku, a.components.map((c) => c.sku)]));
    expect(short.size).toBeGreaterThan(0);
    for (const order of tradeOrdersOf(plan).values()) {
      const ample = order.lines.filter((l) =>
        (parts.get(l.sku ?? '') ?? [l.sku ?? '']).every((sku) => !short.has(sku)),
      );
      expect(ample.length).toBeGreaterThan(0);
    }
  });
});
