import { figuresOf, measurePairs } from './pairs.js';

it('takes the ratio of each pair, so that a slow minute of the machine cancels out', () => {
  const figures = figuresOf([
    { perSecond: 600, rawPerSecond: 1_000 },
    { perSecond: 70, rawPerSecond: 100 },
    { perSecond: 800, rawPerSecond: 1_000 },
  ]);
  expect(figures).toEqual({ perSecond: 600, rawPerSecond: 1_000, ratio: 0.7, scatter: 1.33 });
});

it('measures in alternation, and neither side always comes second', async () => {
  const order: string[] = [];
  const side = (name: string, rate: number) => async (): Promise<number> => {
    order.push(name);
    return rate;
  };
  const lines: string[] = [];
  const figures = await measurePairs({
    pairs: 2,
    name: 'batches',
    ours: side('ours', 50),
    raw: side('raw', 100),
    report: (line) => lines.push(line),
  });
  expect(order).toEqual(['ours', 'raw', 'raw', 'ours']);
  expect(lines).toEqual([
    'batches, pair 1 of 2: ours 50/s, bare 100/s, ratio 0.5',
    'batches, pair 2 of 2: ours 50/s, bare 100/s, ratio 0.5',
  ]);
  expect(figures.ratio).toBe(0.5);
});
