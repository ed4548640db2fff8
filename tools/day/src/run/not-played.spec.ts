import { DayLog } from '../actors/day-log.js';
import type { PlanCounts } from '../plan/day-plan.js';
import { notPlayedOf } from './not-played.js';

const COUNTS = { edits: 12, addedLines: 3, cancelledOrders: 10, partDispatches: 0 } as PlanCounts;

it('names kinds of which the plan has many and the day had none', () => {
  const log = new DayLog();
  expect(notPlayedOf(COUNTS, log)).toEqual(['edits', 'cancelledOrders']);
  log.changes.edited = 1;
  log.changes.calledOff = 1;
  expect(notPlayedOf(COUNTS, log)).toEqual([]);
});
