import { ProductMap } from '../products/product-map.js';
import {
  availabilityFormula,
  explainChannel,
  type ChannelSituation,
} from './availability-words.js';

const products = new ProductMap({
  packs: [{ sku: 'CASE', of: 'A', units: 12 }],
  kits: [
    {
      sku: 'KIT',
      components: [
        { sku: 'A', quantity: 2 },
        { sku: 'B', quantity: 1 },
      ],
    },
  ],
});

const north = { locationId: 'north', sellable: new Map(Object.entries({ A: 21, B: 5 })) };
const south = { locationId: 'south', sellable: new Map(Object.entries({ A: 24 })) };

describe('the formula of a figure', () => {
  it.each([
    ['A', 'north 21 + south 24'],
    ['CASE', 'north ⌊21 / 12⌋ + south ⌊24 / 12⌋'],
    ['KIT', 'north min(⌊21 / 2⌋, 5) + south min(⌊24 / 2⌋, not counted)'],
  ])('of %s is %s', (sku, formula) => {
    expect(availabilityFormula(products, sku, [north, south])).toBe(formula);
  });

  it('says when nothing feeds the place', () => {
    expect(availabilityFormula(products, 'A', [])).toBe('no location feeds it');
  });
});

describe('why a channel shows another figure', () => {
  const situation: ChannelSituation = {
    observedUnits: 5,
    desiredUnits: 9,
    inFlight: false,
    inFlightUnits: null,
    declinedUnits: null,
    sinceMs: 1_000,
    completeThroughMs: 999,
    compares: true,
    published: true,
    refused: false,
  };

  it.each<[string, Partial<ChannelSituation>, RegExp]>([
    ['it was never seen', { observedUnits: null }, /^the channel has never shown it$/],
    ['nobody counted it', { desiredUnits: null }, /^no master has counted/],
    ['it agrees', { desiredUnits: 5 }, /^agrees$/],
    ['a batch is on its way', { inFlight: true, inFlightUnits: 8 }, /^being set to 8$/],
    ['a rise waits for a poll', {}, /^waits for a poll/],
    ['a poll has let the rise go', { completeThroughMs: 1_000 }, /^to be sent next$/],
    ['a fall goes at once', { desiredUnits: 2 }, /^to be sent next$/],
    ['a fall waits where nobody compares', { desiredUnits: 2, compares: false }, /^waits for/],
    ['the hub does not publish', { published: false }, /does not publish/],
    ['the channel refused', { declinedUnits: 9, refused: true }, /^the channel refused it$/],
    ['the connection observes', { declinedUnits: 9 }, /only observes$/],
  ])('%s', (_, change, words) => {
    expect(explainChannel({ ...situation, ...change })).toMatch(words);
  });
});
