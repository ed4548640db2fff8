import fc from 'fast-check';
import { splitCents, spread } from './cents.js';

describe('splitting an amount over units', () => {
  it('gives whole prices one cent apart that sum to the amount', () => {
    expect(splitCents(12, 10_000)).toEqual([
      { units: 8, unitPriceMinor: 833 },
      { units: 4, unitPriceMinor: 834 },
    ]);
  });

  it('gives one part when the amount divides', () => {
    expect(splitCents(12, 1200)).toEqual([{ units: 12, unitPriceMinor: 100 }]);
  });

  it('gives goods for nothing a price of nothing', () => {
    expect(splitCents(5, 0)).toEqual([{ units: 5, unitPriceMinor: 0 }]);
  });

  it('never loses or makes a cent or a unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.nat(1_000_000_000), (units, total) => {
        const parts = splitCents(units, total);
        expect(parts.length).toBeLessThanOrEqual(2);
        expect(parts.reduce((sum, part) => sum + part.units, 0)).toBe(units);
        expect(parts.reduce((sum, part) => sum + part.units * part.unitPriceMinor, 0)).toBe(total);
        expect(parts.every((part) => part.unitPriceMinor >= 0)).toBe(true);
      }),
    );
  });
});

describe('spreading an amount by weight', () => {
  it('gives the open cents to the largest remainders, the earlier first', () => {
    expect(spread(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(spread(101, [3, 1])).toEqual([76, 25]);
  });

  it('gives all to the first when nothing has weight', () => {
    expect(spread(7, [0, 0])).toEqual([7, 0]);
  });

  it('sums exactly, also beyond what a double multiplies exactly', () => {
    const weights = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), weights, (total, given) => {
        expect(spread(total, given).reduce((sum, share) => sum + share, 0)).toBe(total);
      }),
    );
  });

  it('takes no more from anybody than they have', () => {
    const weights = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, noNaN: true }), (given, part) => {
        const sum = given.reduce((a, b) => a + b, 0);
        const shares = spread(Math.floor(sum * part), given);
        expect(shares.every((share, index) => share <= given[index]!)).toBe(true);
      }),
    );
  });
});
