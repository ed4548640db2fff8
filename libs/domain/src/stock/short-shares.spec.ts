import type { Allocation } from './order-settlement.js';
import { decideAnnouncement, shortSharesOf } from './short-shares.js';

const mugs = { lineId: 'a', sku: 'MUG', locationId: 'north', quantity: 3, parts: [unit('MUG', 1)] };
const more = { ...mugs, lineId: 'b', quantity: 2 };
const cases = { ...mugs, lineId: 'c', sku: 'MUG-CASE', quantity: 2, parts: [unit('MUG', 12)] };

function unit(sku: string, units: number) {
  return { sku, units };
}

const lacks = (shortUnits: number, sku = 'MUG', locationId = 'north') => [
  { locationId, sku, shortUnits },
];

it('the last lines lack first, so that the first can be sent', () => {
  expect(shortSharesOf([mugs, more], lacks(3))).toEqual([
    { lineId: 'a', locationId: 'north', quantity: 1 },
    { lineId: 'b', locationId: 'north', quantity: 2 },
  ]);
  expect(shortSharesOf([mugs, more], lacks(3, 'MUG', 'south'))).toEqual([]);
});

it('a case of which one unit is missing is missing whole', () => {
  expect(shortSharesOf([mugs, cases], lacks(13))).toEqual([
    { lineId: 'c', locationId: 'north', quantity: 2 },
  ]);
});

it('a kit is missing as often as the component that is missing most', () => {
  const kit = { ...mugs, parts: [unit('POT', 1), unit('CUP', 4)] };
  expect(shortSharesOf([kit], [...lacks(1, 'POT'), ...lacks(5, 'CUP')])).toEqual([
    { lineId: 'a', locationId: 'north', quantity: 2 },
  ]);
});

describe('an allocation is told', () => {
  const held: Allocation = {
    orderId: 'order-1',
    revision: 4,
    announcedRevision: 4,
    shares: [mugs],
    unallocated: [],
    short: [],
  };

  it('again, with a revision of its own, when it lacks something else than was told', () => {
    const told = decideAnnouncement(held, false, lacks(2));
    expect(told).toMatchObject({
      revision: 5,
      announcedRevision: 5,
      short: [{ lineId: 'a', locationId: 'north', quantity: 2 }],
      shortUnits: 2,
    });
    expect(decideAnnouncement(told!, false, lacks(2))).toBeUndefined();
    expect(decideAnnouncement(told!, false, lacks(0))).toMatchObject({ revision: 6, short: [] });
  });

  it('as it is when it changed, and not at all when nobody is to know it', () => {
    expect(decideAnnouncement(held, true, lacks(1))).toMatchObject({ revision: 4, shortUnits: 1 });
    const untold = { ...held, announcedRevision: 0 };
    expect(decideAnnouncement(untold, true, lacks(1))).toBeUndefined();
    expect(decideAnnouncement({ ...held, revision: 5 }, false, lacks(1))).toBeUndefined();
  });
});
