import { changesIn, delaysOf } from './told-sales.js';

const sale = (sku: string, atMs: number, mostUnits: number) => ({ sku, atMs, mostUnits });
const call = (atMs: number, accepted: boolean, ...figures: [string, number, number][]) => ({
  atMs,
  accepted,
  figures: figures.map(([sku, from, to]) => ({ sku, from, to })),
});

it('counts a sale as told with the first figure that has it in, and refused calls as nothing', () => {
  const sales = [sale('A', 100, 9), sale('A', 150, 8), sale('B', 160, 4), sale('C', 170, 1)];
  const calls = [
    call(300, false, ['A', 10, 8]),
    call(400, true, ['A', 10, 9], ['B', 6, 5]),
    call(900, true, ['A', 9, 7], ['B', 5, 4]),
  ];
  expect(delaysOf(sales, calls)).toEqual([300, 750, 740]);
});

it('counts the figures that calls changed, not those they only repeated', () => {
  const calls = [call(1, true, ['A', 3, 2], ['B', 5, 5]), call(2, false, ['A', 2, 1])];
  expect(changesIn(calls)).toBe(1);
});
