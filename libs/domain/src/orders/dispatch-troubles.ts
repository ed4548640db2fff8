import type { DispatchInput } from './dispatch-plan.js';
import { isStanding } from './left-goods.js';
import type { OrderException } from './order-record.js';

/** What went wrong in telling others of dispatches; one of a kind is enough for people to look. */
export function dispatchTroubles(input: DispatchInput): OrderException[] {
  return [
    ...(input.cancelled ? [] : [refusedReport(input)]),
    refusedCancel(input),
    refusedTracking(input),
    refusedCompletion(input),
  ].filter((trouble) => trouble !== undefined);
}

function refusedReport({ facts, acts, current }: DispatchInput): OrderException | undefined {
  const refused = acts.dispatches
    .filter((report) => isStanding(report, facts, acts))
    .filter(({ dispatchId }) => facts.reported[dispatchId] === undefined)
    .find(({ dispatchId }) => facts.unreported[dispatchId] !== undefined);
  if (refused === undefined) return undefined;
  const reason = facts.unreported[refused.dispatchId]?.reason ?? '';
  const cause = `The dispatch of ${current.name} could not be reported: ${reason}`;
  return { code: 'dispatch-refused', system: current.connectionId, cause };
}

function refusedCancel({ facts, acts, current }: DispatchInput): OrderException | undefined {
  const refused = acts.reportCancels
    .map(({ cancellationId }) => facts.shipments.acts[cancellationId])
    .find((result) => result?.outcome === 'refused');
  if (refused === undefined) return undefined;
  const cause = `A dispatch of ${current.name} was called off and the platform still shows it: ${reasonOf(refused)}`;
  return { code: 'dispatch-cancel-refused', system: current.connectionId, cause };
}

/** Only the latest tracking of a report counts: an older one is no longer wanted. */
function refusedTracking({ facts, acts, current }: DispatchInput): OrderException | undefined {
  const latest = new Map(acts.trackings.map((act) => [act.dispatchId, act.trackingId]));
  const refused = [...latest.values()]
    .map((trackingId) => facts.shipments.acts[trackingId])
    .find((result) => result?.outcome === 'refused');
  if (refused === undefined) return undefined;
  const cause = `The platform would not take the new tracking of ${current.name}: ${reasonOf(refused)}`;
  return { code: 'tracking-refused', system: current.connectionId, cause };
}

/** Over as soon as the POS shows the fulfilment as completed, by whoever's hand. */
function refusedCompletion({ facts, acts, current }: DispatchInput): OrderException | undefined {
  const refused = acts.posCompletions
    .filter(({ postingId }) => facts.fulfilments[postingId]?.state !== 'completed')
    .find(({ completionId }) => facts.shipments.acts[completionId]?.outcome === 'refused');
  if (refused === undefined) return undefined;
  const posting = acts.postings.find(({ postingId }) => postingId === refused.postingId);
  const result = facts.shipments.acts[refused.completionId];
  const cause = `All of ${current.name} has left ${posting?.locationId} and the POS would not take it: ${reasonOf(result)}`;
  return { code: 'pos-dispatch-refused', system: posting?.posConnectionId ?? '', cause };
}

function reasonOf(result: { readonly reason?: string } | undefined): string {
  return result?.reason ?? 'no reason given';
}
