import { contradictionsOf } from './order-contradictions.js';
import { hasLeft, type DispatchInput } from './dispatch-plan.js';
import { dispatchTroubles } from './dispatch-troubles.js';
import { isStanding, shipmentsOf } from './left-goods.js';
import { coversOrder, openStockLines } from './line-shares.js';
import { draftRefusalOf } from './draft-refusal.js';
import { currentOf, isTradeOrder, type ObservedOrderState } from './order-facts.js';
import { holdsOf } from './order-holds.js';
import { latenessOf } from './order-lateness.js';
import type {
  OrderException,
  OrderLife,
  OrderMilestone,
  OrderPolicy,
  OrderRecord,
  PostingAct,
} from './order-record.js';
import { countedPostings, isGone, isInPos, voidingOf } from './posting-life.js';
import { lateEdits, postingTroubles, reversalTroubles } from './posting-troubles.js';
import { balancePostings } from './reversal-plan.js';
import { planRevision } from './revision-plan.js';
import { returnTroubles } from './return-troubles.js';
import { shortChoiceOf } from './short-choice.js';
import { wantedTender, wantedWords } from './wanted-content.js';

/** What a record means now. Read from it alone; it changes nothing. */
export interface OrderReading {
  readonly state: OrderLife | null;
  readonly exceptions: readonly OrderException[];
  /** Placed before the merchant went live: kept for trace, never posted. */
  readonly beforeCutOver: boolean;
}

/** Reads state and exceptions from what is known and what was asked. */
export function readOrder(record: OrderRecord, policy: OrderPolicy): OrderReading {
  const { facts, acts } = record;
  const current = currentOf(facts);
  if (current === undefined || !facts.everTrade) return reading(null);
  const contradictions = contradictionsOf(record, current);
  const unposted = acts.postings.length === 0 && !isCancelled(current);
  if (unposted && isBeforeCutOver(current, policy)) {
    return { ...reading('closed', contradictions), beforeCutOver: true };
  }
  const { state, exceptions } = readWanted(record, current, policy);
  return reading(state, [
    ...exceptions,
    ...draftRefusalOf(record, current),
    ...contradictions,
    ...latenessOf(record, state, policy.agreed),
  ]);
}

type StateReading = { readonly state: OrderLife; readonly exceptions: readonly OrderException[] };

function readWanted(
  record: OrderRecord,
  current: ObservedOrderState,
  policy: OrderPolicy,
): StateReading {
  if (record.acts.postings.length > 0) return readPosted(record, current, policy);
  if (isCancelled(current)) return { state: 'cancelled', exceptions: [] };
  return readUnposted(record, current, policy);
}

/** True when an order may go to the POS: promised, and what is missing of it does not hold it. */
export function isPostable(
  record: OrderRecord,
  current: ObservedOrderState,
  policy: OrderPolicy,
): boolean {
  const { facts, acts } = record;
  if (isCancelled(current)) {
    return wantedTender(record)?.outcome === 'decided' && coversOrder(current, facts.allocation);
  }
  if (acts.postings.length === 0 && isBeforeCutOver(current, policy)) return false;
  const { state } = readUnposted(record, current, policy);
  const isShortHeld = state === 'short' && shortChoiceOf(facts, policy) === 'hold';
  return (state === 'promised' || state === 'short') && !isShortHeld;
}

/** True when every condition of a promise is met: nothing holds it and it is allocated. */
export function isPromised(
  record: OrderRecord,
  current: ObservedOrderState,
  policy: OrderPolicy,
): boolean {
  if (isCancelled(current) || isBeforeCutOver(current, policy)) return false;
  const { state } = readUnposted(record, current, policy);
  return state === 'promised' || state === 'short';
}

/** Cancelled, deleted, turned into a quote, or emptied: nothing of it is wanted any more. */
export function isCancelled(current: ObservedOrderState): boolean {
  if (current.status === 'cancelled' || current.status === 'deleted') return true;
  const empty = current.lines.every((line) => line.orderedQuantity <= line.cancelledQuantity);
  return !isTradeOrder(current) || (empty && current.totalMinor === 0);
}

/** Milestones that a record stands at or has passed. */
export function milestonesOf(record: OrderRecord, reading: OrderReading): OrderMilestone[] {
  const { state } = reading;
  if (state === null || reading.beforeCutOver) return [];
  const passed: OrderMilestone[] = ['placed'];
  if (!['received', 'held', 'cancelled'].includes(state)) passed.push('accepted');
  if (state === 'held' || state === 'cancelled') passed.push(state);
  if (record.facts.everShort) passed.push('short');
  const postings = record.acts.postings.map(({ postingId }) => postingId);
  const all = (has: (postingId: string) => boolean) => postings.length > 0 && postings.every(has);
  if (all((id) => isInPos(id, record.facts))) passed.push('posted');
  if (state === 'dispatched' || state === 'closed') passed.push('dispatched');
  return passed;
}

function reading(
  state: OrderLife | null,
  exceptions: readonly OrderException[] = [],
): OrderReading {
  return { state, exceptions, beforeCutOver: false };
}

function isBeforeCutOver(current: ObservedOrderState, policy: OrderPolicy): boolean {
  return Date.parse(current.placedAt) < Date.parse(policy.ordersFrom);
}

function readUnposted(
  record: OrderRecord,
  current: ObservedOrderState,
  policy: OrderPolicy,
): StateReading {
  const { facts } = record;
  const holds = holdsOf(current, facts, policy);
  const tender = wantedTender(record);
  if (holds.length > 0 || tender?.outcome === 'unmapped') {
    return { state: 'held', exceptions: holds };
  }
  const needsStock = openStockLines(current).length > 0;
  if (tender === undefined || (needsStock && facts.allocation === undefined)) {
    return { state: 'received', exceptions: [] };
  }
  if (!coversOrder(current, facts.allocation)) return { state: 'accepted', exceptions: [] };
  const short = (facts.allocation?.shortUnits ?? 0) > 0;
  return { state: short ? 'short' : 'promised', exceptions: [] };
}

/** How the postings stand, for what is told of dispatches. Nothing before there is a posting. */
export function dispatchInput(record: OrderRecord, policy: OrderPolicy): DispatchInput | undefined {
  const { facts, acts } = record;
  const current = currentOf(facts);
  if (current === undefined || !facts.everTrade || acts.postings.length === 0) return undefined;
  return inputOf(record, current, policy);
}

function inputOf(
  { facts, acts }: OrderRecord,
  current: ObservedOrderState,
  policy: OrderPolicy,
): DispatchInput {
  const cancelled = isCancelled(current);
  const balance = balancePostings(current, cancelled, facts, acts, policy);
  return { current, cancelled, facts, acts, balance };
}

function readPosted(
  record: OrderRecord,
  current: ObservedOrderState,
  policy: OrderPolicy,
): StateReading {
  const input = inputOf(record, current, policy);
  const { balance, cancelled } = input;
  const postable = isPostable(record, current, policy);
  const plan = planRevision(record, current, cancelled, balance, postable, policy);
  const counted = countedPostings(record.facts, record.acts, policy);
  const waiting = !cancelled && (plan.doubted || (plan.waits === 'order' && plan.open));
  const unposted = waiting || counted.length === 0 ? readUnposted(record, current, policy) : null;
  const state = cancelled
    ? 'cancelled'
    : counted.length === 0 && unposted !== null
      ? unposted.state
      : postedState(input, counted, plan.open, policy);
  const exceptions = [
    ...(unposted?.exceptions ?? []),
    ...(cancelled ? [] : postingTroubles(input, counted)),
    ...reversalTroubles(input, plan.differing),
    ...(state === 'closed' || cancelled ? [] : lateEdits(input, counted, wantedWords(record))),
    ...dispatchTroubles(input),
    ...returnTroubles(input, policy),
  ];
  return { state, exceptions: once(exceptions) };
}

function postedState(
  input: DispatchInput,
  counted: readonly PostingAct[],
  open: boolean,
  policy: OrderPolicy,
): OrderLife {
  const { facts, acts } = input;
  const voiding = counted.some(
    ({ postingId }) => voidingOf(postingId, facts, acts, policy) === 'asked',
  );
  if (voiding) return 'posting';
  const missing = counted.filter(({ postingId }) => !isInPos(postingId, facts));
  const refusals = missing.map(({ postingId }) => facts.refused[postingId]?.code);
  if (refusals.some((code) => code !== undefined && code !== 'observe')) return 'held';
  if (refusals.some((code) => code === 'observe')) return facts.everShort ? 'short' : 'promised';
  if (missing.length > 0) return 'posting';
  const live = counted.filter((posting) => isLive(posting, input));
  const gone = live.filter((posting) => hasLeft(posting, input));
  if (gone.length < live.length) {
    const begun = live.some(({ postingId }) => shipmentsOf(postingId, facts).length > 0);
    return gone.length > 0 || begun ? 'part-dispatched' : 'posted';
  }
  if (open) return 'part-dispatched';
  return isAllTold(input) ? 'closed' : 'dispatched';
}

/** The platform knows of every dispatch, and the POS that it is done. */
function isAllTold({ facts, acts }: DispatchInput): boolean {
  const reports = acts.dispatches.filter((report) => isStanding(report, facts, acts));
  const cancels = acts.reportCancels.map(({ cancellationId }) => cancellationId);
  return (
    reports.every(({ dispatchId }) => facts.reported[dispatchId] !== undefined) &&
    cancels.every((id) => facts.shipments.acts[id] !== undefined) &&
    acts.posCompletions.every(
      ({ completionId, postingId }) =>
        isGone(postingId, facts) || facts.shipments.acts[completionId]?.outcome === 'done',
    )
  );
}

/** Has something that is to leave or has left: mere postage never leaves a building. */
function isLive(posting: PostingAct, input: DispatchInput): boolean {
  const left = input.balance.toDispatch.get(posting.postingId) ?? [];
  return left.length > 0 || (posting.parts.length > 0 && hasLeft(posting, input));
}

/** One exception a code: several postings may have the same trouble. */
function once(found: readonly OrderException[]): OrderException[] {
  return [...new Map([...found].reverse().map((e) => [e.code, e])).values()].reverse();
}
