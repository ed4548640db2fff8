import { owedReports, rightReports } from './dispatch-reports.js';
import { owedTracking, trackingOf, type Tracking } from './dispatch-tracking.js';
import {
  allot,
  isStanding,
  leftByPos,
  reportedOf,
  shipmentsOf,
  unitsTogether,
} from './left-goods.js';
import type { ObservedOrderState, OrderFacts, SkuUnits } from './order-facts.js';
import type {
  DispatchAct,
  OrderActs,
  OrderPolicy,
  PosCompletionAct,
  PostingAct,
  ReportCancelAct,
  TrackingAct,
} from './order-record.js';
import type { PostedBalance, StandingPosting } from './reversal-plan.js';

/** What is owed to the platform and the POS about goods that left, and about those that did not. */
export interface DispatchPlan {
  readonly reports: readonly DispatchAct[];
  readonly cancels: readonly ReportCancelAct[];
  readonly trackings: readonly TrackingAct[];
  readonly completions: readonly (PosCompletionAct & Tracking & { readonly posting: PostingAct })[];
}

/** The order as far as its dispatches need it; none is reported of a cancelled one. */
export interface DispatchInput {
  readonly current: ObservedOrderState;
  readonly cancelled: boolean;
  readonly facts: OrderFacts;
  readonly acts: OrderActs;
  readonly balance: PostedBalance;
}

/**
 * Plans, posting by posting, what to tell. A recorded shipment is reported in whole packs; what is
 * no whole pack waits for the next shipment. When the POS says that the goods have left, the rest
 * is reported with that. A report whose goods turn out not to have left is cancelled, and nothing
 * more is reported of that posting until the platform has answered: it would refuse the units.
 */
export function planDispatches(input: DispatchInput, policy: OrderPolicy): DispatchPlan {
  const plans = input.acts.postings.map((posting) => planPosting(posting, input, policy));
  return {
    reports: plans.flatMap(({ reports }) => reports),
    cancels: plans.flatMap(({ cancels }) => cancels),
    trackings: plans.flatMap(({ trackings }) => trackings),
    completions: plans.flatMap(({ completions }) => completions),
  };
}

/** Units that left with recorded shipments and make no whole pack that could be reported. */
export function waitingUnits({ acts, facts, balance }: DispatchInput): SkuUnits[] {
  const waiting = acts.postings.map(({ postingId }) => {
    if (leftByPos(postingId, facts, acts)) return [];
    const units = shipmentsOf(postingId, facts).map((shipment) => shipment.units);
    const goods = balance.standing.get(postingId)?.goods ?? [];
    return allot(goods, unitsTogether(units), reportedOf(postingId, facts, acts)).waiting;
  });
  return unitsTogether(waiting);
}

/** True when everything of a posting that is not taken back has left, by whoever's word. */
export function hasLeft(posting: PostingAct, { acts, facts, balance }: DispatchInput): boolean {
  const { postingId } = posting;
  if (leftByPos(postingId, facts, acts)) return true;
  return leftByShipments(postingId, balance.standing.get(postingId), facts, acts);
}

function planPosting(posting: PostingAct, input: DispatchInput, policy: OrderPolicy): DispatchPlan {
  const { facts, acts } = input;
  const standing = acts.dispatches.filter(
    (report) => report.postingId === posting.postingId && isStanding(report, facts, acts),
  );
  const right = rightReports(posting, standing, input);
  const cancels = standing
    .filter((report) => !right.includes(report) && mayCancel(report, input))
    .map(({ dispatchId }) => ({
      dispatchId,
      cancellationId: policy.deriveId(`${dispatchId}/cancel`),
    }));
  const isCancelling = (dispatchId: string) =>
    [...acts.reportCancels, ...cancels].some(
      (act) =>
        act.dispatchId === dispatchId && facts.shipments.acts[act.cancellationId] === undefined,
    );
  const waits = standing.some(({ dispatchId }) => isCancelling(dispatchId));
  return {
    cancels,
    reports:
      input.cancelled || waits ? [] : owedReports(posting, { standing, right }, input, policy),
    trackings: standing
      .filter(({ dispatchId }) => !isCancelling(dispatchId))
      .flatMap((report) => owedTracking(report, facts, acts, policy)),
    completions: owedCompletion(posting, input, policy),
  };
}

/** What the platform has not, it need not cancel; nor is it asked twice. */
function mayCancel({ dispatchId }: DispatchAct, { facts, acts }: DispatchInput): boolean {
  const asked = acts.reportCancels.some((act) => act.dispatchId === dispatchId);
  return facts.reported[dispatchId] !== undefined && !asked;
}

/** The POS holds one fulfilment an order: it is told once, when the last shipment has left. */
function owedCompletion(
  posting: PostingAct,
  { facts, acts, balance }: DispatchInput,
  policy: OrderPolicy,
): DispatchPlan['completions'] {
  const { postingId } = posting;
  const state = facts.fulfilments[postingId]?.state ?? 'proposed';
  if (facts.posted[postingId] === undefined || ENDED.has(state)) return [];
  if (acts.posCompletions.some((act) => act.postingId === postingId)) return [];
  const open = [...acts.reversals, ...balance.reversals].some(
    (act) => act.postingId === postingId && facts.reversed[act.reversalId] === undefined,
  );
  if (open || !leftByShipments(postingId, balance.standing.get(postingId), facts, acts)) return [];
  const tracking = trackingOf(shipmentsOf(postingId, facts).at(-1) ?? {});
  const completionId = policy.deriveId(`${postingId}/pos-completion`);
  return [{ completionId, postingId, posting, ...tracking }];
}

const ENDED: ReadonlySet<string> = new Set(['completed', 'cancelled', 'failed']);

function leftByShipments(
  postingId: string,
  standing: StandingPosting | undefined,
  facts: OrderFacts,
  acts: OrderActs,
): boolean {
  const shipments = shipmentsOf(postingId, facts);
  if (shipments.length === 0 || standing === undefined) return false;
  const units = unitsTogether(shipments.map((shipment) => shipment.units));
  return allot(standing.goods, units, reportedOf(postingId, facts, acts)).all;
}
