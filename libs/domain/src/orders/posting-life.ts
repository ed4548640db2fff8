import type { OrderFacts } from './order-facts.js';
import type { OrderActs, OrderPolicy, PostingAct } from './order-record.js';

/** The one reversal that takes a whole posting back; a posting is voided once or never. */
export function voidIdOf(postingId: string, policy: Pick<OrderPolicy, 'deriveId'>): string {
  return policy.deriveId(`${postingId}/void`);
}

/**
 * How far the voiding of a posting is. Read from the facts too: after a lost database an answer may
 * be known before the question is.
 */
export function voidingOf(
  postingId: string,
  facts: OrderFacts,
  acts: OrderActs,
  policy: Pick<OrderPolicy, 'deriveId'>,
): 'none' | 'asked' | 'refused' | 'voided' {
  const act = acts.reversals.find((each) => each.postingId === postingId && each.voids);
  if (act === undefined && Object.keys(facts.reversed).length === 0) return 'none';
  const result = facts.reversed[act?.reversalId ?? voidIdOf(postingId, policy)];
  if (result?.outcome === 'done') return 'voided';
  if (act === undefined) return 'none';
  return result?.outcome === 'refused' ? 'refused' : 'asked';
}

/**
 * The postings that count: not those that were voided, nor those that the POS would not take and
 * that a later revision stands for.
 */
export function countedPostings(
  facts: OrderFacts,
  acts: OrderActs,
  policy: Pick<OrderPolicy, 'deriveId'>,
): PostingAct[] {
  return acts.postings.filter((posting) => {
    const { postingId } = posting;
    if (voidingOf(postingId, facts, acts, policy) === 'voided') return false;
    return isInPos(postingId, facts) || !isReplaced(posting, facts, acts);
  });
}

/**
 * True when the POS would not take the posting and a later revision stands for it: should staff have
 * it posted all the same, it is one too many.
 */
export function isReplaced(posting: PostingAct, facts: OrderFacts, acts: OrderActs): boolean {
  if (facts.refused[posting.postingId] === undefined) return false;
  return acts.postings.some((other) => isLaterOf(other, posting));
}

/** True once the POS is known to hold the posting. */
export function isInPos(postingId: string, facts: OrderFacts): boolean {
  return facts.posted[postingId] !== undefined || isGone(postingId, facts);
}

/** True when the POS shows the goods of the posting as dispatched. */
export function isGone(postingId: string, facts: OrderFacts): boolean {
  return facts.fulfilments[postingId]?.state === 'completed';
}

/** The revision that the next posting of a place gets. */
export function nextRevision(
  place: Pick<PostingAct, 'locationId' | 'part'>,
  postings: readonly PostingAct[],
): number {
  const held = postings.filter((posting) => samePlace(posting, place));
  return Math.max(0, ...held.map(({ revision }) => revision)) + 1;
}

function isLaterOf(other: PostingAct, posting: PostingAct): boolean {
  return samePlace(other, posting) && other.revision > posting.revision;
}

function samePlace(
  a: Pick<PostingAct, 'locationId' | 'part'>,
  b: Pick<PostingAct, 'locationId' | 'part'>,
): boolean {
  return a.locationId === b.locationId && a.part === b.part;
}
