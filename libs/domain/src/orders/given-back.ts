import type { OrderFacts } from './order-facts.js';
import type { OrderActs } from './order-record.js';

/**
 * Money of a posting that returns have given back, in minor units: no reversal can pay it once more.
 * What the POS refused was not given.
 */
export function givenBackMinor(
  postingId: string,
  { reversed }: OrderFacts,
  acts: OrderActs,
): number {
  return acts.returns
    .filter((act) => act.postingId === postingId && reversed[act.returnId]?.outcome !== 'refused')
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** How many of a line of a posting came back after they had left. */
export function cameBack(
  postingId: string,
  lineId: string,
  { returns }: Pick<OrderActs, 'returns'>,
): number {
  return returns
    .filter((act) => act.postingId === postingId)
    .flatMap(({ parts }) => parts)
    .reduce((sum, part) => (part.lineId === lineId ? sum + part.quantity : sum), 0);
}
