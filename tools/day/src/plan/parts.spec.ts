import { planParts } from './parts.js';
import type { PlannedTradeOrder } from './day-plan.js';

const ORDERS = Array.from({ length: 400 }, (_, n) => ({ ref: `r${n}` }) as PlannedTradeOrder);

it('lets some orders leave in two or three parts, in every way', () => {
  const parts = planParts(ORDERS, 1);
  expect(parts.size).toBeGreaterThan(40);
  expect(parts.size).toBeLessThan(120);
  const all = [...parts.values()];
  expect(new Set(all.map(({ shipments }) => shipments))).toEqual(new Set([2, 3]));
  expect(new Set(all.map(({ last }) => last))).toEqual(
    new Set(['told', 'at-the-till', 'another-day']),
  );
  expect(new Set(all.map(({ trouble }) => trouble))).toEqual(
    new Set(['none', 'miscounted', 'never-left']),
  );
  expect(planParts(ORDERS, 1)).toEqual(parts);
});
