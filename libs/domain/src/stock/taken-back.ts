import type { MasterCause } from './commitment.js';
import { happenedAt } from './physical-count.js';

/** True of goods that a till took back without naming an order of ours. */
export function isTakenBack({ kind, orderId }: Pick<MasterCause, 'kind' | 'orderId'>): boolean {
  return kind === 'return' && (orderId === undefined || orderId === null);
}

/**
 * Units that customers brought or sent back to a shelf since the goods of a retail order left it. The till
 * that takes goods back books them and names no order: whatever was taken back since may be this order's,
 * and the hub books no return a second time. Nothing where the order's goods were not taken out because
 * they were dispatched: what was deducted at payment and is not owed any more still lies in the store.
 */
export function takenBackUnits(causes: Iterable<MasterCause>, orderId: string): number {
  let leftAt: string | undefined;
  const returns: MasterCause[] = [];
  for (const cause of causes) {
    if (isTakenBack(cause)) returns.push(cause);
    if (cause.kind !== 'retail-dispatch' || cause.orderId !== orderId) continue;
    const at = happenedAt(cause);
    if (leftAt === undefined || at < leftAt) leftAt = at;
  }
  if (leftAt === undefined) return 0;
  let units = 0;
  for (const each of returns) if (happenedAt(each) >= leftAt) units += each.units;
  return Math.max(0, units);
}
