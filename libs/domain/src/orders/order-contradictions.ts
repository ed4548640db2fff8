import { isTradeOrder, type ObservedOrderState, type OrderFacts } from './order-facts.js';
import type { OrderActs, OrderException, OrderRecord, PostingAct } from './order-record.js';
import { isGone } from './posting-life.js';

/** What a fact that contradicts the record is called: such a pair of state and fact is refused. */
export type RefusalCode = 'result-unasked' | 'order-came-back' | 'left-after-void';

/**
 * What is known of an order and cannot be true together. The record is left as it is for it, and
 * somebody is told; it goes by itself when a later fact explains the earlier one.
 */
export function contradictionsOf(
  { facts, acts }: Pick<OrderRecord, 'facts' | 'acts'>,
  current: ObservedOrderState,
): OrderException[] {
  const found: OrderException[] = [];
  const unasked = unaskedOf(facts, acts, isTradeOrder(current));
  if (unasked !== undefined) {
    const cause = `${current.name}: ${unasked} came for something that was never asked for.`;
    found.push({ code: 'result-unasked', system: 'tillbridge', cause });
  }
  const ended = facts.ended?.[current.stage];
  if (ended !== undefined && current.status === 'open' && current.revision > ended) {
    const cause = `The ${current.stage} ${current.name} had been deleted or cancelled and is open again.`;
    found.push({ code: 'order-came-back', system: current.connectionId, cause });
  }
  const left = leftAfterVoid(facts, acts);
  if (left !== undefined) {
    const cause = `Goods of ${current.name} left ${left.locationId} for a POS order that had been voided.`;
    found.push({ code: 'left-after-void', system: left.posConnectionId, cause });
  }
  return found;
}

function leftAfterVoid(facts: OrderFacts, acts: OrderActs): PostingAct | undefined {
  const voided = acts.reversals.filter(
    ({ reversalId, voids }) => voids && facts.reversed[reversalId]?.outcome === 'done',
  );
  const left = voided.find(({ postingId }) => isGone(postingId, facts));
  return acts.postings.find(({ postingId }) => postingId === left?.postingId);
}

/**
 * Words for the first answer that no act of the record asked for. Adjustments of an order that
 * turned retail are the stock's own.
 */
function unaskedOf(facts: OrderFacts, acts: OrderActs, trade: boolean): string | undefined {
  const postings = new Set(acts.postings.map(({ postingId }) => postingId));
  const dispatches = new Set(acts.dispatches.map(({ dispatchId }) => dispatchId));
  const reversals = new Set([
    ...acts.reversals.map(({ reversalId }) => reversalId),
    ...acts.returns.map(({ returnId }) => returnId),
  ]);
  const told = new Set([
    ...acts.reportCancels.map(({ cancellationId }) => cancellationId),
    ...acts.trackings.map(({ trackingId }) => trackingId),
    ...acts.posCompletions.map(({ completionId }) => completionId),
  ]);
  const kinds: [string, object, ReadonlySet<string>][] = [
    ['a POS order', facts.posted, postings],
    ['the refusal of a POS order', facts.refused, postings],
    ['a shipment of a POS order', facts.fulfilments, postings],
    ['a fulfilment on the platform', facts.reported, dispatches],
    ['a fulfilment that the platform refused', facts.unreported, dispatches],
    ['an answer about a dispatch', facts.shipments.acts, told],
    ['a recorded dispatch', servedBy(facts), postings],
    ...(trade ? [['a reversal', facts.reversed, reversals] as [string, object, Set<string>]] : []),
  ];
  if (facts.draftRefused !== undefined && !acts.draftCompletion) {
    return 'the refusal to complete a draft';
  }
  return kinds.find(([, results, asked]) => Object.keys(results).some((id) => !asked.has(id)))?.[0];
}

/** The postings that recorded shipments name. */
function servedBy({ shipments }: OrderFacts): Record<string, true> {
  const shares = Object.values(shipments.recorded).flatMap((shipment) => shipment.shares);
  return Object.fromEntries(shares.map(({ postingId }) => [postingId, true]));
}
