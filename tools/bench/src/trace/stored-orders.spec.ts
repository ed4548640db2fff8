import { askedBy } from './stored-orders.js';
import { NUMBER, toldStories } from './told-stories.js';

it('the stories end as they are called, and every turn of twenty has one', () => {
  const stories = toldStories();
  expect(stories.map(({ name, record }) => [name, record.state])).toEqual(
    stories.map(({ name }) => [name, name]),
  );
  expect(stories.flatMap(({ turns }) => turns)).toEqual(Array.from({ length: 20 }, (_, n) => n));
});

it('every step and every name carries the number of its order', () => {
  for (const { events, identifiers } of toldStories()) {
    expect(events.every(({ content }) => JSON.stringify(content).includes(NUMBER))).toBe(true);
    const names = identifiers.filter(({ kind }) => kind !== 'customer');
    expect(names.every(({ value }) => value.includes(NUMBER))).toBe(true);
  }
});

it('is asked by everything that names an order, and by its customer', () => {
  const asked = Array.from({ length: 9 }, (_, turn) => askedBy(7, turn, 100_000));
  expect(asked.slice(0, 8).map(({ matches, orderId }) => [matches, orderId.slice(-6)])).toEqual(
    Array.from({ length: 8 }, () => [1, '000007']),
  );
  expect(new Set(asked.map(({ identifier }) => identifier)).size).toBe(9);
  expect(asked[8]).toMatchObject({ identifier: '0007', matches: 50 });
  expect(asked[8]?.orderId.slice(-6)).toBe('098007');
});
