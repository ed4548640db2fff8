import fc from 'fast-check';
import { contentHash } from './content-hash.js';

it('is the same whatever order the keys were written in', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (content) => {
      const reversed = Object.fromEntries(Object.entries(content).reverse());
      expect(contentHash(reversed)).toBe(contentHash(content));
    }),
  );
});

it('differs with every value, and with the order of a list', () => {
  const hashes = [
    { a: 1 },
    { a: '1' },
    { a: null },
    { a: [] },
    { a: {} },
    { b: 1 },
    { a: [1, 2] },
    { a: [2, 1] },
    { a: { b: 1 } },
    {},
    null,
  ].map(contentHash);
  expect(new Set(hashes).size).toBe(hashes.length);
});

it('does not tell an absent value from an undefined one, as JSON does not', () => {
  expect(contentHash({ a: 1, b: undefined })).toBe(contentHash({ a: 1 }));
});

it('stays what it is: facts that were told are recognised by it for ever', () => {
  expect(contentHash({ units: 3, sku: 'A', causes: [{ id: 'x' }] })).toBe(
    '7cafc98e2c928b46112a8c466460dcbe77115439ae791d0309198456fdf8e562',
  );
});
