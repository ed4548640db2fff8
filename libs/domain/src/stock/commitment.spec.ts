import fc from 'fast-check';
import {
  committedUnits,
  containedByOrder,
  restockPendingUnits,
  takenOutUnits,
  type MasterCause,
} from './commitment.js';

const tick = (n: number) => `2026-06-01T09:00:00.${String(n).padStart(3, '0')}Z`;

const cause = (change: Partial<MasterCause>): MasterCause => ({
  causeId: 'c1',
  kind: 'order',
  orderId: 'o1',
  units: -10,
  at: tick(5),
  ...change,
});

it('still commits fourteen of twenty-four ordered when the master has deducted ten', () => {
  const contained = containedByOrder([cause({})], tick(5)).get('o1') ?? 0;
  expect(committedUnits(24, contained)).toBe(14);
});

it('takes a cause for contained only when its clock is not after the figure', () => {
  expect(containedByOrder([cause({ at: tick(6) })], tick(5))).toEqual(new Map());
  expect(containedByOrder([cause({ at: tick(5) })], tick(5))).toEqual(new Map([['o1', 10]]));
});

it('counts the same cause once, however often it is seen', () => {
  expect(containedByOrder([cause({}), cause({})], tick(9))).toEqual(new Map([['o1', 10]]));
});

it.each(['reversal', 'return'] as const)(
  'gives back to the promise what a %s puts back',
  (kind) => {
    const back = cause({ causeId: 'c2', kind, units: 4 });
    expect(containedByOrder([cause({}), back], tick(9))).toEqual(new Map([['o1', 6]]));
  },
);

it('lets nothing that happened in the store itself touch a promise', () => {
  for (const kind of ['sale', 'physical-count', 'receipt', 'waste', 'other'] as const) {
    expect(takenOutUnits(cause({ kind }))).toBe(0);
  }
  for (const kind of ['order', 'return'] as const) {
    expect(takenOutUnits(cause({ kind, orderId: null }))).toBe(0);
  }
  expect(takenOutUnits(cause({ kind: 'retail-dispatch', units: -3 }))).toBe(3);
});

it('frees nothing when more is contained than owed, and says so', () => {
  expect(committedUnits(4, 6)).toBe(0);
  expect(restockPendingUnits(4, 6)).toBe(2);
  expect(restockPendingUnits(6, 4)).toBe(0);
});

it('commits no more than is owed while only the putting back is known', () => {
  expect(committedUnits(4, -6)).toBe(4);
});

it('counts each unit as promised or as gone, never as both and never as neither', () => {
  // A consistent master: a ledger of our deductions and of sales, read at any tick.
  const entries = fc.array(
    fc.record({ order: fc.constantFrom('o1', 'o2', null), units: fc.integer({ min: 1, max: 9 }) }),
    { maxLength: 12 },
  );
  const owed = fc.record({ o1: fc.nat(40), o2: fc.nat(40) });
  fc.assert(
    fc.property(entries, owed, fc.nat(13), fc.integer(), (ledger, due, readAt, rotation) => {
      const causes = ledger.map(({ order, units }, n): MasterCause => ({
        causeId: `c${n}`,
        kind: order === null ? 'sale' : 'order',
        orderId: order,
        units: -units,
        at: tick(n),
      }));
      const onHand = causes
        .filter(({ at }) => at <= tick(readAt))
        .reduce((sum, c) => sum + c.units, 500);
      const sold = causes.filter((c) => c.kind === 'sale' && c.at <= tick(readAt));
      const outside = sold.reduce((sum, c) => sum + c.units, 500);
      const turn = causes.length === 0 ? 0 : Math.abs(rotation) % causes.length;
      const seen = [...causes.slice(turn), ...causes, ...causes.slice(0, turn)];
      const contained = containedByOrder(seen, tick(readAt));
      let free = onHand;
      let promisedOrGone = 0;
      for (const [id, units] of Object.entries(due)) {
        free -= committedUnits(units, contained.get(id) ?? 0);
        promisedOrGone += Math.max(units, contained.get(id) ?? 0);
      }
      expect(free).toBe(outside - promisedOrGone);
    }),
  );
});
