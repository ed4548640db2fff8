import { Failure } from '@tillbridge/contracts';
import { SharedWork } from './shared-work.js';

it('does alone what fails together, so that one does not take the others with it', async () => {
  const written: number[][] = [];
  const writes = new SharedWork<number, string>(async (items) => {
    if (items.includes(2)) throw new Error('2 cannot be written');
    written.push([...items]);
    return items.map((item) => `${item} is written`);
  }, 10);
  const outcomes = await Promise.allSettled([1, 2, 3].map((item) => writes.add(item)));
  expect(outcomes).toEqual([
    { status: 'fulfilled', value: '1 is written' },
    { status: 'rejected', reason: new Error('2 cannot be written') },
    { status: 'fulfilled', value: '3 is written' },
  ]);
  expect(written).toEqual([[1], [3]]);
});

it('does not ask a database that is away again for each of them', async () => {
  let tries = 0;
  const writes = new SharedWork<number, string>(async () => {
    tries += 1;
    throw new Failure('database-unavailable', { afterMs: 1 }, 'it is away');
  }, 10);
  const outcomes = await Promise.allSettled([1, 2, 3].map((item) => writes.add(item)));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(tries).toBe(1);
});
