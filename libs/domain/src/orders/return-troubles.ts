import type { DispatchInput } from './dispatch-plan.js';
import type { OrderException, OrderPolicy } from './order-record.js';
import { isUndone, reasonOf } from './posting-troubles.js';
import { planReturns } from './returns-plan.js';

/** Refunds that cannot be true yet, that no POS order can pay, or that the POS would not take. */
export function returnTroubles(input: DispatchInput, policy: OrderPolicy): OrderException[] {
  const { current, facts, acts } = input;
  const found: OrderException[] = [];
  const { exceeding, beyondMinor } = planReturns(input, policy);
  if (exceeding !== undefined) {
    const cause = `Goods of ${current.name} were refunded as returned, and no store has sent so many.`;
    found.push({ code: 'return-exceeds-dispatched', system: current.connectionId, cause });
  }
  if (beyondMinor > 0) {
    const cause = `Refunds of ${current.name} give back ${beyondMinor} (minor units) more than its POS orders hold.`;
    found.push({ code: 'refund-exceeds-charged', system: current.connectionId, cause });
  }
  const refused = acts.returns.find(({ returnId }) => isUndone(facts.reversed[returnId]));
  if (refused !== undefined) {
    const posting = acts.postings.find(({ postingId }) => postingId === refused.postingId);
    const reason = reasonOf(facts.reversed[refused.returnId]);
    const cause = `${current.name}: the POS would not take back what was returned (${refused.amountMinor} minor units): ${reason}`;
    found.push({ code: 'return-refused', system: posting?.posConnectionId ?? '', cause });
  }
  return found;
}
