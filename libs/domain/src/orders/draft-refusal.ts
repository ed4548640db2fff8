import type { ObservedOrderState } from './order-facts.js';
import type { OrderException, OrderRecord } from './order-record.js';

/**
 * A draft that the hub was to complete and that the platform would not. Nobody asks a second time:
 * it goes when somebody completes the draft, or deletes it.
 */
export function draftRefusalOf(
  { facts, acts }: Pick<OrderRecord, 'facts' | 'acts'>,
  current: ObservedOrderState,
): OrderException[] {
  const refusal = facts.draftRefused;
  const waits = current.stage === 'draft' && current.status === 'open';
  if (refusal === undefined || !acts.draftCompletion || !waits) return [];
  const cause = `Draft ${current.name} was not completed: ${refusal.reason}`;
  return [{ code: 'draft-refused', system: current.connectionId, cause }];
}
