import fc from 'fast-check';
import {
  aLine,
  after,
  allocated,
  anOrder,
  aPart,
  aPolicy,
  dispatched,
  observed,
  posted,
  postingIdAt,
  reported,
  tenderDecided,
} from './an-order.js';
import { decideOrder } from './decide-order.js';
import type { OrderFact } from './order-facts.js';

const terms = {
  name: 'Net 30',
  type: 'net',
  dueInDays: 30,
  dueAt: '2026-04-01T09:00:00Z',
} as const;
const sold = anOrder({
  lines: [aLine({ orderedQuantity: 4, cancelledQuantity: 1, totalMinor: 3000, taxMinor: 600 })],
  charges: [
    { kind: 'shipping', title: 'Carrier', amountMinor: 500 },
    { kind: 'discount', title: 'Spring', amountMinor: -200 },
    { kind: 'fee', title: 'Tax', amountMinor: 660 },
    { kind: 'fee', title: 'Pallet', amountMinor: 40 },
  ],
  taxMinor: 660,
  taxIncluded: false,
  financialStatus: 'pending',
  paymentTerms: terms,
});
const life: OrderFact[] = [
  observed(sold),
  allocated(),
  tenderDecided(),
  posted(),
  dispatched(),
  reported(),
];
const closings = (facts: readonly OrderFact[]) =>
  after(facts).decisions.flatMap(({ closed }) => (closed === undefined ? [] : [closed]));

describe('an order that is done', () => {
  it('is told once, with all that finance books from', () => {
    expect(closings(life.slice(0, -1))).toEqual([]);
    expect(closings(life)).toEqual([
      {
        revision: 1,
        outcome: 'closed',
        connectionId: 'shop',
        vendorId: 'vendor-order-1',
        name: '#1001',
        placedAt: '2026-03-02T09:00:00.000Z',
        poNumber: 'PO-7',
        customerId: 'customer-1',
        currency: 'GBP',
        paymentMethod: 'on-account',
        tender: { name: 'On Account', kind: 'STORED_BALANCE' },
        financialStatus: 'pending',
        paymentTerms: terms,
        goodsMinor: 3000,
        discountMinor: -200,
        shippingMinor: 500,
        feesMinor: 40,
        taxMinor: 660,
        taxIncluded: false,
        totalMinor: 4000,
        creditedMinor: 0,
        lines: [
          {
            lineId: 'line-1',
            sku: 'MUG',
            orderedQuantity: 4,
            cancelledQuantity: 1,
            returnedQuantity: 0,
            totalMinor: 3000,
            taxMinor: 600,
          },
        ],
        posOrders: [
          {
            postingId: postingIdAt('high-street'),
            posConnectionId: 'tills',
            posOrderId: 'pos-high-street',
            locationId: 'high-street',
            revision: 1,
          },
        ],
        dispatches: [
          {
            dispatchId: `${postingIdAt('high-street')}/dispatch`,
            locationId: 'high-street',
            units: [{ sku: 'MUG', units: 3 }],
            amountMinor: 4000,
          },
        ],
        refunds: [],
      },
    ]);
  });

  it('has amounts that sum, tax included or not', () => {
    for (const taxIncluded of [true, false]) {
      const facts = [observed({ ...sold, taxIncluded }), ...life.slice(1)];
      const [closed] = closings(facts);
      const { goodsMinor, discountMinor, shippingMinor, feesMinor, taxMinor } = closed!;
      const sum = goodsMinor + discountMinor + shippingMinor + feesMinor;
      expect(sum + (taxIncluded ? 0 : taxMinor!)).toBe(closed!.totalMinor);
    }
  });

  it('is told again when it changes afterwards, and not when it is only seen again', () => {
    const paid = observed({ ...sold, revision: 2, financialStatus: 'paid' });
    const again = [...life, ...life, paid, paid];
    expect(closings(again).map((one) => [one.revision, one.financialStatus])).toEqual([
      [1, 'pending'],
      [2, 'paid'],
    ]);
  });

  it('is told once whatever the database does to the order of keys', () => {
    const { record } = after(life);
    const stored = sortKeys(record) as typeof record;
    expect(decideOrder(stored, [posted()], aPolicy()).closed).toBeUndefined();
  });

  it('is told when it is called off after goods left, with what they cost', () => {
    const parts = allocated([
      aPart({ quantity: 1 }),
      aPart({ quantity: 2, locationId: 'mill-lane' }),
    ]);
    const cancelled = anOrder({
      status: 'cancelled',
      revision: 2,
      lines: [aLine({ cancelledQuantity: 2, fulfilledQuantity: 1, totalMinor: 1000 })],
    });
    const told = closings([
      observed(anOrder()),
      parts,
      tenderDecided(),
      ...[posted(), posted('mill-lane'), dispatched(), reported()],
      observed(cancelled),
    ]);
    expect(told.at(-1)).toMatchObject({
      outcome: 'cancelled',
      totalMinor: 1000,
      lines: [{ orderedQuantity: 3, cancelledQuantity: 2 }],
      dispatches: [{ locationId: 'high-street', units: [{ sku: 'MUG', units: 1 }] }],
    });
  });

  it('is not told when it was called off before anything left, or placed before the cut-over', () => {
    expect(
      closings([...life.slice(0, 4), observed(anOrder({ status: 'cancelled', revision: 2 }))]),
    ).toEqual([]);
    expect(closings([observed({ ...sold, placedAt: '2025-12-31T09:00:00.000Z' })])).toEqual([]);
  });

  it('ends at the same closing in any order of arrival', () => {
    const paid = observed({ ...sold, revision: 2, financialStatus: 'paid' });
    const facts = [...life, paid];
    const content = (told: ReturnType<typeof closings>) => ({ ...told.at(-1), revision: 0 });
    const last = content(closings(facts));
    fc.assert(
      fc.property(fc.shuffledSubarray(facts, { minLength: facts.length }), (shuffled) => {
        expect(content(closings(shuffled))).toEqual(last);
      }),
      { numRuns: 50 },
    );
  });
});

function sortKeys(value: unknown): unknown {
  if (value instanceof Set || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const entries = Object.entries(value).sort(([a], [b]) => b.localeCompare(a));
  return Object.fromEntries(entries.map(([key, each]) => [key, sortKeys(each)]));
}
