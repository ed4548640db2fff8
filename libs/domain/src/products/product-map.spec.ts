import fc from 'fast-check';
import { ProductMap } from './product-map.js';

const products = new ProductMap({
  packs: [
    { sku: 'CASE', of: 'A', units: 12 },
    { sku: 'PAIR', of: 'A', units: 2 },
  ],
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

const shelf = (units: Record<string, number>) => new Map(Object.entries(units));

it('takes twelve units for a case of twelve', () => {
  expect(products.explode('CASE', 3)).toEqual([{ sku: 'A', units: 36 }]);
});

it('takes a SKU without a rule as it is', () => {
  expect(products.explode('Z', 3)).toEqual([{ sku: 'Z', units: 3 }]);
});

it('sums an order per component, whichever lines need it', () => {
  const lines = [
    { sku: 'KIT', quantity: 2 },
    { sku: 'A', quantity: 1 },
    { sku: 'CASE', quantity: 1 },
  ];
  expect(products.explodeAll(lines)).toEqual([
    { sku: 'A', units: 17 },
    { sku: 'B', units: 2 },
  ]);
});

it('counts a component that a kit lists twice once, with its whole quantity', () => {
  const twice = new ProductMap({
    packs: [],
    kits: [
      {
        sku: 'K',
        components: [
          { sku: 'A', quantity: 1 },
          { sku: 'A', quantity: 2 },
        ],
      },
    ],
  });
  expect(twice.explode('K', 1)).toEqual([{ sku: 'A', units: 3 }]);
  expect(twice.availableOf('K', [shelf({ A: 5 })])).toBe(1);
});

it('tells SKUs apart by case', () => {
  expect(products.explode('case', 1)).toEqual([{ sku: 'case', units: 1 }]);
  expect(products.dependantsOf('a')).toEqual(['a']);
});

it('knows what moves with a base SKU', () => {
  expect(products.dependantsOf('A')).toEqual(['A', 'CASE', 'PAIR', 'KIT']);
  expect(products.dependantsOf('B')).toEqual(['B', 'KIT']);
});

it('makes no case of six units here and six there', () => {
  expect(products.availableOf('CASE', [shelf({ A: 6 }), shelf({ A: 6 })])).toBe(0);
  expect(products.availableOf('A', [shelf({ A: 6 }), shelf({ A: 6 })])).toBe(12);
  expect(products.availableOf('CASE', [shelf({ A: 23 }), shelf({ A: 12 })])).toBe(2);
});

it('makes as many kits as the scarcest component allows, a location at a time', () => {
  expect(products.availableOf('KIT', [shelf({ A: 5, B: 9 })])).toBe(2);
  expect(products.availableOf('KIT', [shelf({ A: 5 }), shelf({ B: 9 })])).toBe(0);
  expect(products.availableOf('KIT', [shelf({ A: 4, B: 1 }), shelf({ A: 2, B: 1 })])).toBe(2);
});

it('refuses a SKU that is two things, or a pack of packs', () => {
  const pack = { sku: 'P', of: 'A', units: 2 };
  expect(() => new ProductMap({ packs: [pack, pack], kits: [] })).toThrow("'P'");
  const nested = { sku: 'PP', of: 'P', units: 2 };
  expect(() => new ProductMap({ packs: [pack, nested], kits: [] })).toThrow("'P'");
  expect(() => new ProductMap({ packs: [], kits: [{ sku: 'K', components: [] }] })).toThrow("'K'");
});

it('never offers more than the shelves can make, and never one too few', () => {
  const shelves = fc.array(
    fc.record({ A: fc.nat(60), B: fc.nat(20) }).map((units) => shelf(units)),
    { maxLength: 4 },
  );
  const sku = fc.constantFrom('A', 'B', 'CASE', 'PAIR', 'KIT');
  fc.assert(
    fc.property(shelves, sku, (sellable, sold) => {
      let available = 0;
      for (const units of sellable) {
        let left = new Map(units);
        for (;;) {
          const next = new Map(left);
          for (const part of products.partsOf(sold)) {
            next.set(part.sku, (next.get(part.sku) ?? 0) - part.units);
          }
          if ([...next.values()].some((rest) => rest < 0)) break;
          left = next;
          available += 1;
        }
      }
      expect(products.availableOf(sold, sellable)).toBe(available);
    }),
  );
});
