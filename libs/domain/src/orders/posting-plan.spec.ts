import fc from 'fast-check';
import { aLine, allocated, anOrder, aPart, aPolicy } from './an-order.js';
import type { LineAllocation, ObservedOrderState, OrderAllocation } from './order-facts.js';
import { planPostings, postingNameOf, type PostingPlan } from './posting-plan.js';

const policy = aPolicy();

function plan(order: ObservedOrderState, parts: readonly LineAllocation[]): PostingPlan[] {
  return planPostings(order, allocationOf(parts), policy);
}

function allocationOf(parts: readonly LineAllocation[]): OrderAllocation {
  const fact = allocated(parts);
  if (fact.kind !== 'allocated') throw new Error('no allocation');
  return fact.allocation;
}

function moneyOf(posting: PostingPlan): number {
  return posting.lines.reduce((sum, line) => sum + line.units * line.unitPriceMinor, 0);
}

it('posts a case of 12 as 12 units whose cents sum to the line', () => {
  const order = anOrder({
    lines: [aLine({ sku: 'MUG-CASE', orderedQuantity: 1, totalMinor: 10_000 })],
  });
  const parts = [aPart({ quantity: 1, components: [{ sku: 'MUG', units: 12 }] })];
  expect(plan(order, parts)[0]?.lines).toEqual([
    {
      lineRef: 'line-1:0a',
      sku: 'MUG',
      title: 'Mug',
      units: 8,
      unitPriceMinor: 833,
      note: '1 x case of 12',
    },
    {
      lineRef: 'line-1:0b',
      sku: 'MUG',
      title: 'Mug',
      units: 4,
      unitPriceMinor: 834,
      note: '1 x case of 12',
    },
  ]);
});

it('posts each component of a kit once, with the kit named for the till', () => {
  const order = anOrder({ lines: [aLine({ sku: 'KIT-1', orderedQuantity: 2, totalMinor: 900 })] });
  const components = [
    { sku: 'MUG', units: 4 },
    { sku: 'TEA', units: 2 },
  ];
  const lines = plan(order, [aPart({ quantity: 2, components })])[0]?.lines ?? [];
  expect(
    lines.map(({ sku, units, unitPriceMinor, note }) => [sku, units, unitPriceMinor, note]),
  ).toEqual([
    ['MUG', 4, 150, '2 x KIT-1'],
    ['TEA', 2, 150, '2 x KIT-1'],
  ]);
});

it('names a kit with one component as a kit, not as a case', () => {
  const order = anOrder({ lines: [aLine({ sku: 'KIT-1', orderedQuantity: 1 })] });
  const parts = [aPart({ quantity: 1, components: [{ sku: 'MUG', units: 3 }] })];
  expect(plan(order, parts)[0]?.lines[0]?.note).toBe('1 x KIT-1');
});

it('divides a split line over its locations by units', () => {
  const parts = [aPart({ quantity: 1 }), aPart({ quantity: 2, locationId: 'mill-lane' })];
  const postings = plan(anOrder({ lines: [aLine({ totalMinor: 1000 })] }), parts);
  expect(postings.map(({ locationId, totalMinor }) => [locationId, totalMinor])).toEqual([
    ['high-street', 333],
    ['mill-lane', 667],
  ]);
});

it('takes units that were cancelled off the location allocated last', () => {
  const parts = [aPart({ quantity: 1 }), aPart({ quantity: 2, locationId: 'mill-lane' })];
  const order = anOrder({ lines: [aLine({ cancelledQuantity: 2, totalMinor: 1000 })] });
  expect(plan(order, parts).map(({ locationId }) => locationId)).toEqual(['high-street']);
});

it('puts postage, fees and manual lines on the first location as money without stock', () => {
  const order = anOrder({
    lines: [aLine(), aLine({ lineId: 'line-2', sku: null, title: 'Engraving', totalMinor: 450 })],
    charges: [{ kind: 'shipping', title: 'Postage', amountMinor: 595 }],
  });
  const [first, second] = plan(order, [
    aPart({ quantity: 1, locationId: 'mill-lane' }),
    aPart({ quantity: 2 }),
  ]);
  expect(first?.lines.filter((line) => line.sku === null)).toEqual([
    {
      lineRef: 'line-2:m',
      sku: null,
      title: 'Engraving',
      units: 1,
      unitPriceMinor: 450,
      note: '3 x',
    },
    { lineRef: 'shipping:0', sku: null, title: 'Postage', units: 1, unitPriceMinor: 595 },
  ]);
  expect(second?.lines.every((line) => line.sku !== null)).toBe(true);
});

it('sends an order without stock to the first configured location', () => {
  const order = anOrder({ lines: [aLine({ sku: null, totalMinor: 450 })] });
  expect(plan(order, []).map(({ locationId, totalMinor }) => [locationId, totalMinor])).toEqual([
    ['high-street', 450],
  ]);
});

it('leaves out lines of which nothing is left', () => {
  const order = anOrder({
    lines: [aLine(), aLine({ lineId: 'line-2', cancelledQuantity: 3, totalMinor: 0 })],
  });
  expect(plan(order, [aPart()])[0]?.parts.map(({ lineId }) => lineId)).toEqual(['line-1']);
});

it('spreads a discount so that no posting falls below zero', () => {
  const order = anOrder({
    lines: [aLine(), aLine({ lineId: 'line-2', sku: 'TEA', totalMinor: 100 })],
    charges: [{ kind: 'discount', title: 'Trade week', amountMinor: -3100 }],
  });
  const tea = aPart({
    lineId: 'line-2',
    locationId: 'mill-lane',
    components: [{ sku: 'TEA', units: 3 }],
  });
  const postings = plan(order, [aPart(), tea]);
  expect(postings.map(({ discountMinor, totalMinor }) => [discountMinor, totalMinor])).toEqual([
    [3000, 0],
    [100, 0],
  ]);
});

it('keeps line references within what a POS stores, and apart', () => {
  const long = 'gid://platform/LineItem/'.padEnd(70, '9');
  const lines = ['1', '2'].map((end) => aLine({ lineId: `${long}${end}` }));
  const parts = lines.map(({ lineId }) => aPart({ lineId }));
  const refs = plan(anOrder({ lines }), parts)[0]?.lines.map(({ lineRef }) => lineRef) ?? [];
  expect(new Set(refs).size).toBe(2);
  expect(refs.every((ref) => ref.length <= 60)).toBe(true);
});

describe('whatever the order', () => {
  const packs = fc.array(
    fc.record({
      factor: fc.constantFrom(1, 1, 12, 7),
      kit: fc.boolean(),
      here: fc.nat(5),
      there: fc.nat(5),
      totalMinor: fc.nat(99_999),
    }),
    { minLength: 1, maxLength: 6 },
  );
  const charges = fc.record({
    shipping: fc.nat(900),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  it('the postings sum to it, in units and in cents', () => {
    fc.assert(
      fc.property(packs, charges, (given, { shipping, part }) => {
        const stocked = given.filter(({ here, there }) => here + there > 0);
        const lines = stocked.map(({ here, there, totalMinor }, index) =>
          aLine({ lineId: `l${index}`, orderedQuantity: here + there, totalMinor }),
        );
        const gross = lines.reduce((sum, line) => sum + line.totalMinor, shipping);
        const discount = Math.floor(gross * part);
        const order = anOrder({
          lines,
          charges: [
            { kind: 'shipping', title: 'Postage', amountMinor: shipping },
            { kind: 'discount', title: 'Discount', amountMinor: 0 - discount },
          ],
        });
        const parts = stocked.flatMap(({ factor, kit, here, there }, index) =>
          [here, there].flatMap((quantity, at) => {
            if (quantity === 0) return [];
            const components = [
              { sku: 'MUG', units: quantity * factor },
              ...(kit ? [{ sku: 'TEA', units: quantity * 2 }] : []),
            ];
            const locationId = at === 0 ? 'high-street' : 'mill-lane';
            return [aPart({ lineId: `l${index}`, locationId, quantity, components })];
          }),
        );
        const postings = plan(order, parts);
        expect(postings.reduce((sum, posting) => sum + posting.totalMinor, 0)).toBe(
          order.totalMinor,
        );
        for (const posting of postings) {
          expect(posting.totalMinor).toBe(moneyOf(posting) - posting.discountMinor);
          expect(posting.totalMinor).toBeGreaterThanOrEqual(0);
        }
        const wanted = parts.flatMap(({ components }) => components);
        const posted = postings.flatMap(({ lines: each }) => each).filter((line) => line.sku);
        for (const sku of ['MUG', 'TEA']) {
          const unitsOf = (all: readonly { sku: string | null; units: number }[]) =>
            all.filter((one) => one.sku === sku).reduce((sum, one) => sum + one.units, 0);
          expect(unitsOf(posted)).toBe(unitsOf(wanted));
        }
      }),
    );
  });
});

describe('an order above the lines that the POS holds in one', () => {
  const three = aPolicy({
    locations: [
      { id: 'high-street', posConnectionId: 'tills', linesPerOrder: 3 },
      { id: 'mill-lane', posConnectionId: 'tills', linesPerOrder: 3 },
    ],
  });

  it('is posted in parts, a line that makes two prices counted as two', () => {
    // 1,000 cents over 3 units are 2 × 333 and 1 × 334.
    const lines = ['a', 'b', 'c'].map((lineId) => aLine({ lineId, totalMinor: 1000 }));
    const parts = lines.map(({ lineId }) => aPart({ lineId }));
    const postings = planPostings(anOrder({ lines }), allocationOf(parts), three);
    expect(postings.map(({ split, lines: held }) => [split, held.map((l) => l.lineRef)])).toEqual([
      [{ number: 1, of: 3 }, ['a:0a', 'a:0b']],
      [{ number: 2, of: 3 }, ['b:0a', 'b:0b']],
      [{ number: 3, of: 3 }, ['c:0a', 'c:0b']],
    ]);
    expect(postings.map(({ totalMinor }) => totalMinor)).toEqual([1000, 1000, 1000]);
  });

  it('is a full cart of 250 lines that all make two prices, with its postage', () => {
    const lines = Array.from({ length: 250 }, (_, at) =>
      aLine({ lineId: `l${at}`, totalMinor: 1000 }),
    );
    const charges = [{ kind: 'shipping', title: 'Postage', amountMinor: 500 }] as const;
    const order = anOrder({ lines, charges });
    const postings = plan(
      order,
      lines.map(({ lineId }) => aPart({ lineId })),
    );
    expect(postings.map(({ lines: held }) => held.length)).toEqual([500, 1]);
    expect(postings.reduce((sum, { totalMinor }) => sum + totalMinor, 0)).toBe(order.totalMinor);
  });

  it('spreads its discount over the parts and has its postage once', () => {
    const lines = ['a', 'b', 'c'].map((lineId) => aLine({ lineId }));
    const parts = lines.map(({ lineId }) => aPart({ lineId }));
    const charges = [
      { kind: 'shipping', title: 'Postage', amountMinor: 1000 },
      { kind: 'discount', title: 'Trade week', amountMinor: -1000 },
    ] as const;
    const postings = planPostings(anOrder({ lines, charges }), allocationOf(parts), three);
    expect(postings.map(({ discountMinor, totalMinor }) => [discountMinor, totalMinor])).toEqual([
      [900, 8100],
      [100, 900],
    ]);
  });

  it('is divided at each location by itself, under ids that stay as they are', () => {
    const lines = ['a', 'b', 'c', 'd'].map((lineId) => aLine({ lineId }));
    const parts = lines.flatMap(({ lineId }) => [
      aPart({ lineId, quantity: 1, locationId: 'mill-lane' }),
      aPart({ lineId, quantity: 2 }),
    ]);
    const postings = planPostings(anOrder({ lines }), allocationOf(parts), three);
    expect(postings.map((posting) => postingNameOf('o', posting))).toEqual([
      'o/posting/high-street',
      'o/posting/high-street/part-2',
      'o/posting/mill-lane',
      'o/posting/mill-lane/part-2',
    ]);
  });

  it('never divides what a location serves of one line: a kit above the limit stands alone', () => {
    const components = ['A', 'B', 'C', 'D'].map((sku) => ({ sku, units: 3 }));
    const lines = [aLine({ lineId: 'kit', totalMinor: 1200 }), aLine({ lineId: 'mug' })];
    const parts = [aPart({ lineId: 'kit', components }), aPart({ lineId: 'mug' })];
    const postings = planPostings(anOrder({ lines }), allocationOf(parts), three);
    expect(postings.map(({ parts: held }) => held.map(({ lineId }) => lineId))).toEqual([
      ['kit'],
      ['mug'],
    ]);
  });
});
