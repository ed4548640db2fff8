import type { DayLog } from '../actors/day-log.js';
import type { PlanCounts } from '../plan/day-plan.js';

/** A plan that has fewer of a kind may see all of them come too late. */
const SURE_FROM = 10;

/**
 * Kinds of things that the plan has enough of and of which not one happened: such a day proves
 * nothing about them.
 */
export function notPlayedOf(counts: PlanCounts, log: DayLog): string[] {
  const { changes, shipments } = log;
  const kinds: readonly (readonly [string, number, number])[] = [
    ['edits', counts.edits, changes.edited],
    ['addedLines', counts.addedLines, changes.linesAdded],
    ['cancelledOrders', counts.cancelledOrders, changes.calledOff],
    ['partDispatches', counts.partDispatches, shipments.size],
  ];
  return kinds
    .filter(([, planned, happened]) => planned >= SURE_FROM && happened === 0)
    .map(([kind]) => kind);
}
