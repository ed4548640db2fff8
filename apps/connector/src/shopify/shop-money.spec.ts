import fc from 'fast-check';

import { shareOf, toMinorUnits } from './shop-money.js';

describe('money of the platform', () => {
  it.each([
    ['12.5', 'GBP', 1250],
    ['0.07', 'GBP', 7],
    ['-3.10', 'GBP', -310],
    ['1200', 'JPY', 1200],
    ['1.234', 'KWD', 1234],
    ['8.005', 'GBP', 801],
    ['0.0', 'GBP', 0],
    ['90071992547409.91', 'GBP', 9007199254740991],
  ])('%s %s is %d in the smallest unit', (amount, currency, minor) => {
    expect(toMinorUnits(amount, currency)).toBe(minor);
  });

  it.each(['', '1,20', '1e3', 'abc', '.5'])('is not guessed from %p', (amount) => {
    expect(() => toMinorUnits(amount, 'GBP')).toThrow();
  });

  it('comes back as it was written, for every amount of cents', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (minor) => {
        const text = `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;
        expect(toMinorUnits(text, 'GBP')).toBe(minor);
      }),
    );
  });

  it('is shared to the nearest cent, and whole where nothing was taken off', () => {
    expect(shareOf(1000, 1, 3)).toBe(333);
    expect(shareOf(1000, 2, 3)).toBe(667);
    expect(shareOf(1000, 3, 3)).toBe(1000);
    expect(shareOf(1000, 0, 3)).toBe(0);
    expect(shareOf(-1000, 1, 3)).toBe(-333);
  });

  it('of two complementary shares sums to the whole, a cent of rounding aside', () => {
    const cases = fc.tuple(fc.integer({ min: 0, max: 1e9 }), fc.nat(500), fc.nat(500));
    fc.assert(
      fc.property(cases, ([total, some, rest]) => {
        fc.pre(some + rest > 0);
        const sum = shareOf(total, some, some + rest) + shareOf(total, rest, some + rest);
        expect(Math.abs(sum - total)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
