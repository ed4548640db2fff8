import fc from 'fast-check';
import { explainDifference, explainEnd, type DifferenceStory } from './difference-words.js';
import {
  classifyDifference,
  DIFFERENCE_CLASSES,
  remedyFor,
  type StockDifference,
} from './stock-difference.js';

const NOW_MS = Date.UTC(2026, 5, 1, 12);

/** A shelf whose master says 8 by the clock of the 10 that the hub holds. */
function aMasterDifference(change: Partial<StockDifference> = {}): StockDifference {
  return {
    side: 'master',
    hubUnits: 10,
    seenUnits: 8,
    stands: true,
    underWay: false,
    younger: false,
    counted: true,
    placeSilent: false,
    crossed: false,
    packFactors: [],
    hubWrites: false,
    observedUnits: null,
    orderedUnits: 0,
    ...change,
  };
}

/** A shop that shows 8 where the hub had seen and wanted 10. */
function aChannelDifference(change: Partial<StockDifference> = {}): StockDifference {
  return aMasterDifference({
    side: 'channel',
    hubWrites: true,
    observedUnits: 10,
    ...change,
  });
}

describe('a difference is in flight', () => {
  it('until a later look has found it again', () => {
    expect(classifyDifference(aMasterDifference({ stands: false, younger: true }))).toBe(
      'in-flight',
    );
  });

  it('while the hub is at work on it, however often it is found', () => {
    expect(classifyDifference(aChannelDifference({ underWay: true }))).toBe('in-flight');
  });
});

describe('a SKU is unmapped', () => {
  it('when its master does not mention it any more', () => {
    expect(classifyDifference(aMasterDifference({ seenUnits: null }))).toBe('unmapped-sku');
  });

  it('when a shop sells what no master counts', () => {
    expect(classifyDifference(aChannelDifference({ hubUnits: null, counted: false }))).toBe(
      'unmapped-sku',
    );
  });
});

describe('a location is mapped wrongly', () => {
  it('when two places show the figures of each other', () => {
    expect(classifyDifference(aChannelDifference({ crossed: true }))).toBe('location-mapping');
  });

  it('when a system says nothing of a place at all, at the first look', () => {
    const silent = aMasterDifference({ seenUnits: null, placeSilent: true, stands: false });
    expect(classifyDifference(silent)).toBe('location-mapping');
  });
});

describe('a pack factor is wrong', () => {
  it.each([
    ['units are shown as cases', { hubUnits: 2, seenUnits: 24 }],
    ['units are shown as cases, with an odd one', { hubUnits: 2, seenUnits: 30 }],
    ['cases are counted as units', { hubUnits: 36, seenUnits: 3 }],
  ])('when %s', (_, figures) => {
    const difference = aChannelDifference({ ...figures, packFactors: [6, 12] });
    expect(classifyDifference(difference)).toBe('pack-factor');
  });

  it('and not when a multiple is of no pack, or one of the two is nothing', () => {
    const few = { hubUnits: 2, seenUnits: 24 };
    expect(classifyDifference(aMasterDifference({ ...few, packFactors: [5] }))).toBe('unknown');
    const none = { hubUnits: 0, seenUnits: 11, packFactors: [12] };
    expect(classifyDifference(aMasterDifference(none))).toBe('unknown');
  });
});

describe('an event is late', () => {
  it('when the master has moved on by its own clock', () => {
    expect(classifyDifference(aMasterDifference({ younger: true }))).toBe('late-event');
  });

  it('when a master counts what the hub has no figure of', () => {
    expect(classifyDifference(aMasterDifference({ hubUnits: null }))).toBe('late-event');
  });

  it('when orders that the hub knows took exactly that from the shop', () => {
    expect(classifyDifference(aChannelDifference({ orderedUnits: 2 }))).toBe('late-event');
  });

  it('when a shop moved whose figures the hub does not set', () => {
    expect(classifyDifference(aChannelDifference({ hubWrites: false }))).toBe('late-event');
  });
});

it('calls it written by somebody else when a shop moved with no order and no figure of ours', () => {
  expect(classifyDifference(aChannelDifference())).toBe('written-elsewhere');
});

it('leaves unknown what nothing explains: a master of the same clock, orders of other units', () => {
  expect(classifyDifference(aMasterDifference())).toBe('unknown');
  expect(classifyDifference(aChannelDifference({ orderedUnits: 3 }))).toBe('unknown');
});

const differences = fc.record<StockDifference>({
  side: fc.constantFrom('master' as const, 'channel' as const),
  hubUnits: fc.option(fc.integer({ min: -3, max: 40 })),
  seenUnits: fc.option(fc.integer({ min: -3, max: 40 })),
  stands: fc.boolean(),
  underWay: fc.boolean(),
  younger: fc.boolean(),
  counted: fc.boolean(),
  placeSilent: fc.boolean(),
  crossed: fc.boolean(),
  packFactors: fc.subarray([6, 12]),
  hubWrites: fc.boolean(),
  observedUnits: fc.option(fc.integer({ min: -3, max: 40 })),
  orderedUnits: fc.nat(5),
});

it('has a class, a remedy and a sentence for every difference there can be', () => {
  fc.assert(
    fc.property(differences, (difference) => {
      const reason = classifyDifference(difference);
      expect(DIFFERENCE_CLASSES).toContain(reason);
      const { act, exception } = remedyFor(difference, reason);
      // Nobody is told of what may end by itself, and somebody of what nobody heals.
      if (act === 'wait') expect([reason, exception]).toEqual(['in-flight', undefined]);
      if (act === 'tell') expect(exception).toBeDefined();
      expect(explainDifference(difference, reason, aStory(), NOW_MS)).toMatch(/^tills.+\.$/);
    }),
  );
});

it('takes the figure of the master that owns it, and of a shop to publish over it', () => {
  const late = aMasterDifference({ younger: true });
  expect(remedyFor(late, classifyDifference(late))).toEqual({ act: 'take-figure' });
  const written = aChannelDifference();
  expect(remedyFor(written, classifyDifference(written))).toEqual({
    act: 'take-figure',
    exception: 'stock-written-elsewhere',
  });
});

it('leaves to people what the hub owns no remedy for', () => {
  const unknown = aMasterDifference();
  expect(remedyFor(unknown, classifyDifference(unknown))).toEqual({
    act: 'tell',
    exception: 'stock-unexplained',
  });
});

function aStory(change: Partial<DifferenceStory> = {}): DifferenceStory {
  return { place: 'tills harbour', causes: [], crossedWith: null, ...change };
}

describe('in words', () => {
  const sale = { kind: 'sale' as const, units: -2, atMs: NOW_MS - 12 * 60_000 };

  it('a till sale that was never told is named with its age', () => {
    const late = aMasterDifference({ younger: true });
    expect(explainDifference(late, 'late-event', aStory({ causes: [sale] }), NOW_MS)).toBe(
      'tills harbour says 8, the hub 10: till sale of 2 12 min ago, not told to the hub, found by comparing.',
    );
  });

  it('what ended by itself is named too, and a long list is cut', () => {
    const causes = [sale, { ...sale, units: -1 }, sale, sale];
    expect(explainEnd(aStory({ causes }), NOW_MS)).toBe(
      'Ended by itself: till sale of 2 12 min ago, till sale of 1 12 min ago, 2 more, told to the hub after it was compared.',
    );
  });

  it('a wrong pack is told with its size', () => {
    const packed = aChannelDifference({ hubUnits: 2, seenUnits: 24, packFactors: [12] });
    expect(explainDifference(packed, 'pack-factor', aStory(), NOW_MS)).toBe(
      'tills harbour says 24, the hub 2: one of them counts packs of 12.',
    );
  });
});
