import { ingressLines, isMet, tableOf } from './verdict.js';

it('marks what is met and what is missed, each with its target', () => {
  const figures = { perSecond: 1_499, rawPerSecond: 2_998, ratio: 0.5, scatter: 1 };
  const lines = ingressLines({ ...figures, ms: { p50: 9, p99: 50 }, errors: 1 });
  expect(lines.filter((line) => !isMet(line)).map(({ name }) => name)).toEqual([
    'webhooks a second',
    'errors',
  ]);
  const table = tableOf(lines);
  expect(table[0]).toMatch(/^✗ webhooks a second +1499 +at least 1500$/);
  expect(table[1]).toMatch(/^ {2}the bare route +2998$/);
  expect(table[2]).toMatch(/^✓ ratio +0.5 +at least 0.5$/);
});
