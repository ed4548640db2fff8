import { givenBackMinor } from './given-back.js';
import type { ObservedOrderState } from './order-facts.js';
import { coversOrder } from './line-shares.js';
import { figureHolds } from './order-holds.js';
import { restOf, wantedOf, type KeptPosting, type OrderRest } from './order-rest.js';
import type { OrderPolicy, OrderRecord, PostingAct, PostingPart } from './order-record.js';
import { countedPostings, isReplaced, nextRevision, voidingOf } from './posting-life.js';
import { planPostings, postingNameOf, type PostingPlan } from './posting-plan.js';
import type { PostedBalance } from './reversal-plan.js';
import { shortChoiceOf } from './short-choice.js';
import { basisOf, sameWords, wantedWords, type PostingWords } from './wanted-content.js';

/** A POS order to ask for, with the act that remembers it. */
export interface NewPosting {
  readonly act: PostingAct;
  readonly plan: PostingPlan;
}

/** What has to happen for the POS to hold what is wanted now. */
export interface RevisionPlan {
  /** Postings that differ from what is wanted, and of which nothing has left: taken back whole. */
  readonly voids: readonly PostingAct[];
  /** What no posting holds, once nothing differs any more. */
  readonly posts: readonly NewPosting[];
  /** Money that goods which left were charged too much. */
  readonly refundMinor: number;
  /** Something differs and waits: for an answer of the POS, or for what keeps the order back. */
  readonly waits: 'answer' | 'order' | undefined;
  /** Postings that are not what is wanted, whether or not they can be voided now. */
  readonly differing: readonly PostingAct[];
  /** The platform's figures cannot be right, so that nothing is done by them. */
  readonly doubted: boolean;
  /** Goods or money are wanted that no posting holds. */
  readonly open: boolean;
}

/**
 * Compares what the POS holds with what is wanted, posting by posting.
 *
 * A POS that holds a paid order does not let its lines be changed, so a posting that differs is
 * voided whole and posted again as the next revision of its place, and only when the void is
 * confirmed: there are never two live ones. A posting of which goods have left stays; what it does
 * not hold is posted beside it. `postable` tells whether nothing keeps the order back: nothing is
 * voided before what replaces it may be posted, unless nothing is to replace it.
 */
export function planRevision(
  record: OrderRecord,
  order: ObservedOrderState,
  cancelled: boolean,
  balance: Pick<PostedBalance, 'standing' | 'fixed'>,
  postable: boolean,
  policy: OrderPolicy,
): RevisionPlan {
  const { facts, acts } = record;
  const words = wantedWords(record);
  const basis = basisOf(order, cancelled, words, policy);
  const counted = countedPostings(facts, acts, policy);
  // Whether goods left while their posting was being voided is not known before the answer.
  const sound = counted.filter(
    (posting) =>
      voidingOf(posting.postingId, facts, acts, policy) !== 'asked' &&
      (balance.fixed.has(posting.postingId) ||
        (posting.basis === basis && !isReplaced(posting, facts, acts))),
  );
  const excess = linesInExcess(sound, order, cancelled, balance);
  const fixed = sound.filter(({ postingId }) => balance.fixed.has(postingId));
  const fitting = sound.filter(
    (posting) => fixed.includes(posting) || !posting.parts.some(({ lineId }) => excess.has(lineId)),
  );
  const restBeside = (postings: readonly PostingAct[]) =>
    restOf(
      order,
      cancelled,
      facts.allocation,
      postings.map((posting) => toKept(posting, balance)),
      shortChoiceOf(facts, policy) === 'post-available',
    );
  // Money that what has left can no longer pay back lies in a posting made since, which is too dear then.
  const tooDear =
    fixed.length > 0 && restBeside(fitting).refundMinor > payableOf(fixed, record, balance);
  const kept = tooDear ? fixed : fitting;
  const others = counted.filter((posting) => !kept.includes(posting));
  const rest = restBeside(kept);
  const plans = rest.empty ? [] : planPostings(rest.order, rest.allocation, policy);
  const { differing, missing } = matched(
    others.map((posting) => ({ posting, paidMinor: paidOf(posting, balance) })),
    plans,
    words,
    record,
    policy,
  );
  // What a cancelled order shows as sent may be our own report of goods that were called off.
  const unsent = cancelled && acts.dispatches.length > 0;
  const doubted = !cancelled && figureHolds(order, policy).length > 0;
  const mayGo = postable || (rest.empty && !rest.waiting && !doubted);
  return {
    ...ownSteps(differing, mayGo, record, policy),
    posts:
      differing.length > 0 || !mayGo || unsent
        ? []
        : toPostings(missing, words, basis, record, policy),
    refundMinor: differing.length > 0 || doubted ? 0 : refundOf(rest, kept, balance),
    differing,
    doubted,
    open: missing.length > 0 || differing.length > 0 || rest.waiting || !isPlaced(rest),
  };
}

/**
 * Lines of which these postings together hold more than is wanted: staff made what the POS had refused,
 * its goods left, and what was posted for them since is one too many.
 */
function linesInExcess(
  postings: readonly PostingAct[],
  { lines }: ObservedOrderState,
  cancelled: boolean,
  { standing }: Pick<PostedBalance, 'standing'>,
): Set<string> {
  const held = new Map<string, number>();
  for (const { postingId, parts } of postings) {
    for (const { lineId, quantity } of standing.get(postingId)?.goods ?? parts) {
      held.set(lineId, (held.get(lineId) ?? 0) + quantity);
    }
  }
  for (const line of lines) {
    held.set(line.lineId, (held.get(line.lineId) ?? 0) - wantedOf(line, cancelled));
  }
  return new Set([...held].flatMap(([lineId, over]) => (over > 0 ? [lineId] : [])));
}

/** False while goods that no posting holds have no location. */
function isPlaced({ empty, order, allocation }: OrderRest): boolean {
  return empty || coversOrder(order, allocation);
}

function toKept(posting: PostingAct, { standing }: Pick<PostedBalance, 'standing'>): KeptPosting {
  const { locationId, parts, totalMinor } = posting;
  const stands = standing.get(posting.postingId);
  return {
    locationId,
    goods: stands?.goods ?? parts,
    totalMinor: stands?.totalMinor ?? totalMinor,
  };
}

/** The money of a posting, less what reversals have taken off it. */
function paidOf(
  { postingId, totalMinor }: PostingAct,
  { standing }: Pick<PostedBalance, 'standing'>,
): number {
  return standing.get(postingId)?.totalMinor ?? totalMinor;
}

/** What can still be paid back of these postings. */
function payableOf(
  postings: readonly PostingAct[],
  { facts, acts }: OrderRecord,
  { standing }: Pick<PostedBalance, 'standing'>,
): number {
  return postings.reduce((sum, posting) => {
    const paidMinor = paidOf(posting, { standing });
    return sum + Math.max(0, paidMinor - givenBackMinor(posting.postingId, facts, acts));
  }, 0);
}

/** Only what has left can be paid too much for; all else is posted anew. */
function refundOf(
  { refundMinor }: OrderRest,
  kept: readonly PostingAct[],
  { fixed }: Pick<PostedBalance, 'fixed'>,
): number {
  return kept.some(({ postingId }) => fixed.has(postingId)) ? refundMinor : 0;
}

/**
 * Postings that hold just what is planned for their place are right, the latest of a place first; not
 * those of whose money some was paid back since.
 * What the POS refused to take stands in nobody's way.
 */
function matched(
  others: readonly { readonly posting: PostingAct; readonly paidMinor: number }[],
  plans: readonly PostingPlan[],
  words: PostingWords,
  { facts, acts }: OrderRecord,
  policy: OrderPolicy,
): { readonly differing: PostingAct[]; readonly missing: PostingPlan[] } {
  const missing = [...plans];
  const differing: PostingAct[] = [];
  for (const { posting, paidMinor } of [...others].reverse()) {
    const { postingId } = posting;
    const at = missing.findIndex(
      (plan) => paidMinor === plan.totalMinor && holds(posting, plan) && sameWords(posting, words),
    );
    const leaving = voidingOf(postingId, facts, acts, policy) === 'asked';
    if (at >= 0 && !leaving && !isReplaced(posting, facts, acts)) missing.splice(at, 1);
    else if (facts.posted[postingId] !== undefined || facts.refused[postingId] === undefined) {
      differing.push(posting);
    }
  }
  return { differing, missing };
}

function holds(posting: PostingAct, plan: PostingPlan): boolean {
  return (
    posting.locationId === plan.locationId &&
    posting.part === (plan.split?.number ?? 1) &&
    sameParts(posting.parts, plan.parts)
  );
}

function sameParts(a: readonly PostingPart[], b: readonly PostingPart[]): boolean {
  const text = ({ lineId, quantity, moneyMinor, components }: PostingPart) =>
    JSON.stringify([lineId, quantity, moneyMinor, components.map((c) => [c.sku, c.units])]);
  const held = a.map(text).sort();
  return (
    a.length === b.length &&
    [...b]
      .map(text)
      .sort()
      .every((each, i) => each === held[i])
  );
}

function ownSteps(
  differing: readonly PostingAct[],
  mayGo: boolean,
  { facts, acts }: OrderRecord,
  policy: OrderPolicy,
): Pick<RevisionPlan, 'voids' | 'waits'> {
  if (differing.length === 0) return { voids: [], waits: mayGo ? undefined : 'order' };
  if (!mayGo) return { voids: [], waits: 'order' };
  const voids = differing.filter(
    ({ postingId }) =>
      facts.posted[postingId] !== undefined && voidingOf(postingId, facts, acts, policy) === 'none',
  );
  return { voids, waits: 'answer' };
}

function toPostings(
  plans: readonly PostingPlan[],
  words: PostingWords,
  basis: string,
  { orderId, acts }: OrderRecord,
  policy: OrderPolicy,
): NewPosting[] {
  return plans.map((plan) => {
    const { locationId, parts, totalMinor } = plan;
    const part = plan.split?.number ?? 1;
    const revision = nextRevision({ locationId, part }, acts.postings);
    const name = postingNameOf(orderId, plan);
    const postingId = policy.deriveId(revision === 1 ? name : `${name}/revision-${revision}`);
    const pos = policy.locations.find(({ id }) => id === locationId);
    const posConnectionId = pos?.posConnectionId ?? '';
    const place = { postingId, locationId, posConnectionId, part, revision };
    return { plan, act: { ...place, parts, totalMinor, ...words, basis } };
  });
}
