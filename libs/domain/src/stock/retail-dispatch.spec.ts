import fc from 'fast-check';
import { sumBySku, type BaseUnits } from '../products/product-map.js';
import type { Share } from './allocation.js';
import { decideRetailAdjustments } from './retail-dispatch.js';

const share = (change: Partial<Share> = {}): Share => ({
  lineId: '1',
  sku: 'A',
  locationId: 'north',
  quantity: 4,
  parts: [{ sku: 'A', units: 1 }],
  ...change,
});

const NONE = new Map<string, BaseUnits[]>();

it('takes out what the platform says has left, in base units', () => {
  const cases = share({ sku: 'CASE', parts: [{ sku: 'A', units: 12 }] });
  expect(decideRetailAdjustments([cases], [{ lineId: '1', quantity: 2 }], NONE)).toEqual([
    {
      locationId: 'north',
      units: [{ sku: 'A', units: 24 }],
      cumulative: [{ sku: 'A', units: 24 }],
    },
  ]);
});

it('takes out only what was not asked for before', () => {
  const asked = new Map([['north', [{ sku: 'A', units: 3 }]]]);
  const lines = [{ lineId: '1', quantity: 4 }];
  expect(decideRetailAdjustments([share()], lines, asked)).toEqual([
    { locationId: 'north', units: [{ sku: 'A', units: 1 }], cumulative: [{ sku: 'A', units: 4 }] },
  ]);
  const all = new Map([['north', [{ sku: 'A', units: 4 }]]]);
  expect(decideRetailAdjustments([share()], lines, all)).toEqual([]);
});

it('lets a split line leave its locations in order', () => {
  const shares = [share(), share({ locationId: 'south', quantity: 6 })];
  const adjustments = decideRetailAdjustments(shares, [{ lineId: '1', quantity: 7 }], NONE);
  expect(adjustments.map(({ locationId, units }) => [locationId, units[0]?.units])).toEqual([
    ['north', 4],
    ['south', 3],
  ]);
});

it('takes nothing out before dispatch', () => {
  expect(decideRetailAdjustments([share()], [{ lineId: '1', quantity: 0 }], NONE)).toEqual([]);
});

it('takes each dispatched unit out once, in however many parts and repeats it is told', () => {
  const shares = [share(), share({ locationId: 'south', quantity: 6 })];
  fc.assert(
    fc.property(fc.array(fc.nat(12)), (reports) => {
      const asked = new Map<string, BaseUnits[]>();
      for (const quantity of reports) {
        const lines = [{ lineId: '1', quantity }];
        for (const { locationId, units } of decideRetailAdjustments(shares, lines, asked)) {
          asked.set(locationId, sumBySku([...(asked.get(locationId) ?? []), ...units]));
        }
      }
      const out = [...asked.values()].flat().reduce((sum, { units }) => sum + units, 0);
      expect(out).toBe(Math.min(10, Math.max(0, ...reports)));
    }),
  );
});
