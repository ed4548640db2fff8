import fc from 'fast-check';

import { decimalMarkOf, readPriceMinor, readQuantity } from './trade-amounts.js';

describe('a price', () => {
  it.each([
    ['2,55', ',', 255],
    ['2,1', ',', 210],
    ['18', ',', 1800],
    ['1.234,56', ',', 123456],
    ['1.234', ',', 123400],
    ['1,234', '.', 123400],
    ['0,001', ',', 0],
    ['0.005', '.', 1],
    ['-11062.06', '.', -1106206],
    ['-0.001', '.', 0],
    ['0.2999999999999999889', '.', 30],
  ] as const)("'%s' with decimal mark %s is %d minor units", (text, mark, minor) => {
    expect(readPriceMinor(text, mark)).toBe(minor);
  });

  it.each(['', 'free', '1e-3', '1,2,3', '12.34.5', '.5', '99999999999999999'])(
    "'%s' is none",
    (text) => {
      expect(readPriceMinor(text, '.')).toBeNull();
    },
  );

  it('comes back from any text that money is written in', () => {
    const minors = fc.integer({ min: -10_000_000, max: 10_000_000 });
    fc.assert(
      fc.property(minors, fc.constantFrom(',' as const, '.' as const), (minor, mark) => {
        const digits = String(Math.abs(minor)).padStart(3, '0');
        const text = `${minor < 0 ? '-' : ''}${digits.slice(0, -2)}${mark}${digits.slice(-2)}`;
        expect(readPriceMinor(text, mark)).toBe(minor);
      }),
    );
  });
});

describe('the decimal mark of a file', () => {
  it('is the one in prices that cannot be thousands', () => {
    expect(decimalMarkOf(['1.234', '2,5', '7'], ',')).toBe(',');
    expect(decimalMarkOf(['1,234', '2.55'], ';')).toBe('.');
  });

  it('is told by the delimiter when no price tells', () => {
    expect(decimalMarkOf(['0,001', '12'], ';')).toBe(',');
    expect(decimalMarkOf(['0.001', '12'], ',')).toBe('.');
  });
});

describe('a quantity', () => {
  it.each([
    ['6', 6],
    ['-130', -130],
    ['6.0', 6],
    ['-0', 0],
    ['1.5', null],
    ['1.000', null],
    ['', null],
    ['9007199254740993', null],
  ])("'%s' is %s", (text, quantity) => {
    expect(readQuantity(text)).toBe(quantity);
  });
});
