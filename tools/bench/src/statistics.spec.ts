import { median, percentiles } from './statistics.js';

it('takes the middle of an odd number, and the mean of both middles of an even one', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([10, 1, 9, 2])).toBe(5.5);
});

it('takes percentiles by nearest rank, whatever the order', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
  expect(percentiles(hundred)).toEqual({ p50: 50, p99: 99 });
  expect(percentiles([7])).toEqual({ p50: 7, p99: 7 });
});
