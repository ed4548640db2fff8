import fc from 'fast-check';
import { ProductMap } from '../products/product-map.js';
import { decideAllocation, promisedByLocation, type Share } from './allocation.js';
import type { OwedLine } from './owed.js';

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

type Shelves = Readonly<Record<string, Readonly<Record<string, number>>>>;

function allocate(shelves: Shelves, lines: readonly OwedLine[], held: readonly Share[] = []) {
  const locations = Object.keys(shelves);
  const free = (id: string, sku: string) => shelves[id]?.[sku];
  return decideAllocation({ lines, held, locations, free, products });
}

const line = (sku: string, quantity: number, lineId = sku): OwedLine => ({ lineId, sku, quantity });

const places = (shares: readonly Share[]) =>
  shares.map(({ lineId, locationId, quantity }) => [lineId, locationId, quantity]);

it('takes the whole order from the first location that can serve all of it', () => {
  const shelves = { north: { A: 9, B: 1 }, south: { A: 9, B: 9 } };
  expect(places(allocate(shelves, [line('A', 5), line('B', 5)]).shares)).toEqual([
    ['A', 'south', 5],
    ['B', 'south', 5],
  ]);
});

it('sums the components of all lines before it says that a location can serve the order', () => {
  const shelves = { north: { A: 5, B: 9 }, south: { A: 6, B: 9 } };
  expect(places(allocate(shelves, [line('KIT', 2), line('A', 2)]).shares)).toEqual([
    ['KIT', 'south', 2],
    ['A', 'south', 2],
  ]);
});

it('goes line by line when no location can serve the order', () => {
  const shelves = { north: { A: 9, B: 0 }, south: { A: 0, B: 9 } };
  expect(places(allocate(shelves, [line('A', 5), line('B', 5)]).shares)).toEqual([
    ['A', 'north', 5],
    ['B', 'south', 5],
  ]);
});

it('splits a single SKU, and leaves what nobody has with the first location', () => {
  const shelves = { north: { A: 3 }, south: { A: 4 } };
  expect(places(allocate(shelves, [line('A', 7)]).shares)).toEqual([
    ['A', 'north', 3],
    ['A', 'south', 4],
  ]);
  expect(places(allocate(shelves, [line('A', 9)]).shares)).toEqual([
    ['A', 'north', 5],
    ['A', 'south', 4],
  ]);
});

it('picks a pack or a kit at one location, short or not', () => {
  const shelves = { north: { A: 6, B: 1 }, south: { A: 12, B: 1 } };
  expect(places(allocate(shelves, [line('CASE', 1)]).shares)).toEqual([['CASE', 'south', 1]]);
  expect(places(allocate(shelves, [line('CASE', 2)]).shares)).toEqual([['CASE', 'north', 2]]);
  expect(places(allocate(shelves, [line('KIT', 2)]).shares)).toEqual([['KIT', 'north', 2]]);
});

it('names the lines that nobody stocks, and those of a channel that nobody feeds', () => {
  const plan = allocate({ north: { A: 9 } }, [line('A', 1), line('Z', 1), line('KIT', 1)]);
  expect(places(plan.shares)).toEqual([['A', 'north', 1]]);
  expect(plan.unallocated).toEqual([
    { lineId: 'Z', reason: 'unknown-sku', missing: ['Z'] },
    { lineId: 'KIT', reason: 'unknown-sku', missing: ['B'] },
  ]);
  expect(allocate({}, [line('A', 1)]).unallocated).toMatchObject([{ reason: 'location-unmapped' }]);
});

it('waits with a kit until one location stocks all of it', () => {
  const apart = allocate({ north: { A: 9 }, south: { B: 9 } }, [line('KIT', 1)]);
  expect(apart.unallocated).toEqual([
    { lineId: 'KIT', reason: 'unknown-sku', missing: ['A', 'B'] },
  ]);
});

it('never moves what it decided, adds for an edit up and takes off the last for an edit down', () => {
  const first = allocate({ north: { A: 3 }, south: { A: 9 } }, [line('A', 5)]).shares;
  expect(places(first)).toEqual([['A', 'south', 5]]);
  const richer = { north: { A: 50 }, south: { A: 4 } };
  const up = allocate(richer, [line('A', 15)], first).shares;
  expect(places(up)).toEqual([
    ['A', 'south', 5],
    ['A', 'north', 10],
  ]);
  expect(places(allocate(richer, [line('A', 6)], up).shares)).toEqual([
    ['A', 'south', 5],
    ['A', 'north', 1],
  ]);
  expect(allocate(richer, [], up).shares).toEqual([]);
});

it('keeps a case that is edited up at its location', () => {
  const first = allocate({ north: { A: 12 }, south: { A: 99 } }, [line('CASE', 1)]).shares;
  const up = allocate({ north: { A: 0 }, south: { A: 99 } }, [line('CASE', 2)], first).shares;
  expect(places(up)).toEqual([['CASE', 'north', 2]]);
});

it('carries a draft over to the order it becomes, whose line ids are others', () => {
  const shelves = { north: { A: 12, B: 0 }, south: { A: 5, B: 9 } };
  const draft = allocate(shelves, [line('CASE', 1, 'd1'), line('B', 4, 'd2'), line('B', 2, 'd3')]);
  const order = [line('B', 2, 'o1'), line('B', 4, 'o2'), line('CASE', 1, 'o3')];
  const nothingLeft = { north: { A: 0, B: 0 }, south: { A: 0, B: 0 } };
  expect(places(allocate(nothingLeft, order, draft.shares).shares)).toEqual([
    ['o1', 'south', 2],
    ['o2', 'south', 4],
    ['o3', 'north', 1],
  ]);
});

it('keeps the factor of the day on which a line was captured', () => {
  const held = [
    {
      lineId: 'CASE',
      sku: 'CASE',
      locationId: 'north',
      quantity: 1,
      parts: [{ sku: 'A', units: 10 }],
    },
  ];
  const plan = allocate({ north: { A: 99 } }, [line('CASE', 2)], held);
  expect(promisedByLocation(plan.shares)).toEqual(new Map([['north', [{ sku: 'A', units: 20 }]]]));
});

describe('whatever is ordered and edited', () => {
  const lines = fc.uniqueArray(
    fc.record({
      lineId: fc.constantFrom('1', '2', '3', '4'),
      sku: fc.constantFrom('A', 'B', 'CASE', 'KIT'),
      quantity: fc.integer({ min: 1, max: 20 }),
    }),
    { selector: ({ lineId }) => lineId },
  );
  const shelf = fc.record({ A: fc.integer({ min: -5, max: 60 }), B: fc.nat(20) });
  const world = fc.record({ north: shelf, south: shelf });

  it('promises each line exactly as often as it is owed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(world, lines), { minLength: 1, maxLength: 4 }), (edits) => {
        let held: readonly Share[] = [];
        for (const [shelves, owed] of edits) {
          held = allocate(shelves, owed, held).shares;
          const promised = [...promisedByLocation(held).values()].flat();
          for (const sku of ['A', 'B']) {
            const units = promised.filter((each) => each.sku === sku);
            const due = products.explodeAll(owed).find((each) => each.sku === sku)?.units ?? 0;
            expect(units.reduce((sum, each) => sum + each.units, 0)).toBe(due);
          }
        }
      }),
    );
  });

  it('changes nothing when it is seen again', () => {
    fc.assert(
      fc.property(world, world, lines, (shelves, later, owed) => {
        const first = allocate(shelves, owed).shares;
        expect(allocate(later, owed, first).shares).toEqual(first);
      }),
    );
  });

  it('is short at no location while another could have served the line', () => {
    fc.assert(
      fc.property(world, fc.integer({ min: 1, max: 40 }), (shelves, quantity) => {
        const { shares } = allocate(shelves, [line('A', quantity)]);
        const free = (id: 'north' | 'south') => Math.max(0, shelves[id].A);
        const served = shares.reduce(
          (sum, share) => sum + Math.min(share.quantity, free(share.locationId as 'north')),
          0,
        );
        expect(served).toBe(Math.min(quantity, free('north') + free('south')));
      }),
    );
  });
});
