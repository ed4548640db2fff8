import fc from 'fast-check';
import { shortUnitsByOrder, type HeldPromise } from './shortage.js';

const promise = (orderId: string, committedUnits: number, second: number): HeldPromise => ({
  orderId,
  committedUnits,
  placedAt: new Date(second * 1000).toISOString(),
});

it('serves whoever ordered first', () => {
  const promises = [promise('late', 5, 2), promise('early', 4, 1)];
  expect(shortUnitsByOrder(6, promises)).toEqual(new Map([['late', 3]]));
  expect(shortUnitsByOrder(9, promises)).toEqual(new Map());
});

it('leaves everybody short of a shelf that is below zero, of no more than they are promised', () => {
  const promises = [promise('a', 5, 1), promise('b', 4, 2)];
  expect(shortUnitsByOrder(-3, promises)).toEqual(
    new Map([
      ['a', 5],
      ['b', 4],
    ]),
  );
});

it('is short of exactly what the shelf lacks, however the orders are listed', () => {
  const promises = fc.uniqueArray(
    fc.record({ id: fc.nat(99).map(String), units: fc.nat(9), second: fc.nat(5) }),
    { selector: ({ id }) => id },
  );
  fc.assert(
    fc.property(promises, fc.nat(60), (given, onHand) => {
      const listed = given.map(({ id, units, second }) => promise(id, units, second));
      const short = shortUnitsByOrder(onHand, listed);
      expect(shortUnitsByOrder(onHand, [...listed].reverse())).toEqual(short);
      const total = given.reduce((sum, { units }) => sum + units, 0);
      const lacking = [...short.values()].reduce((sum, units) => sum + units, 0);
      expect(lacking).toBe(Math.max(0, total - onHand));
    }),
  );
});
