import { doubledEffects } from './doubled-effects.js';

const anAdjustment = (ref: string, sku: string, kind: 'adjust' | 'till-sale' = 'adjust') => ({
  kind,
  ref,
  locationId: 'L1',
  lines: [{ sku, units: -1 }],
});

describe('doubled effects', () => {
  it('are orders from one cart', () => {
    expect(doubledEffects(['cart 1', 'cart 2', 'cart 1'], [])).toEqual(['cart 1']);
  });

  it('are adjustments that are repeated, SKU by SKU', () => {
    const once = [anAdjustment('retail:1', 'A'), anAdjustment('retail:1', 'B')];
    expect(doubledEffects([], once)).toEqual([]);
    expect(doubledEffects([], [...once, anAdjustment('retail:1', 'B')])).toEqual([
      'retail:1 at L1 of B',
    ]);
  });

  it('are not what people do twice', () => {
    const sale = anAdjustment('sale 1', 'A', 'till-sale');
    expect(doubledEffects([], [sale, sale])).toEqual([]);
  });
});
