import { givenBackMinor } from './given-back.js';
import { unitsTogether } from './left-goods.js';
import type { ObservedOrderState } from './order-facts.js';
import { isCancelled, isPostable } from './order-reading.js';
import type { OrderPolicy, OrderRecord, PostingAct } from './order-record.js';
import { voidIdOf } from './posting-life.js';
import type { PostedBalance, ReversalPlan } from './reversal-plan.js';
import { planRevision, type NewPosting } from './revision-plan.js';

/** What the POS has to be asked for, to hold what is wanted. */
export interface OwedPostings {
  readonly posts: readonly NewPosting[];
  readonly reversals: readonly ReversalPlan[];
}

/** New postings, voids of those that differ, and money back for goods that have left. */
export function owedPostings(
  record: OrderRecord,
  current: ObservedOrderState,
  balance: PostedBalance,
  policy: OrderPolicy,
): OwedPostings {
  const cancelled = isCancelled(current);
  const postable = isPostable(record, current, policy);
  // With nothing in the POS there is nothing to void or pay back either: most facts come this early.
  if (!postable && record.acts.postings.length === 0) return { posts: [], reversals: [] };
  const plan = planRevision(record, current, cancelled, balance, postable, policy);
  return {
    posts: plan.posts,
    reversals: [
      ...plan.voids.map((posting) => toVoid(posting, record, balance, policy)),
      ...toRefunds(plan.refundMinor, record, balance, policy),
    ],
  };
}

function toVoid(
  posting: PostingAct,
  { facts, acts }: OrderRecord,
  balance: PostedBalance,
  policy: OrderPolicy,
): ReversalPlan {
  const { postingId } = posting;
  const stands = balance.standing.get(postingId);
  const goods = (stands?.goods ?? []).filter(({ quantity }) => quantity > 0);
  return {
    reversalId: voidIdOf(postingId, policy),
    postingId,
    posting,
    parts: goods.map(({ lineId, quantity, moneyMinor }) => ({ lineId, quantity, moneyMinor })),
    amountMinor: Math.max(0, (stands?.totalMinor ?? 0) - givenBackMinor(postingId, facts, acts)),
    whole: true,
    voids: true,
    changes: unitsTogether(goods.map(({ components }) => components)),
  };
}

/** Money alone: the goods have left. Named by all that was paid back, so that no sum goes twice. */
function toRefunds(
  refundMinor: number,
  { facts, acts }: OrderRecord,
  balance: PostedBalance,
  policy: OrderPolicy,
): ReversalPlan[] {
  let open = refundMinor;
  const refunds: ReversalPlan[] = [];
  for (const posting of acts.postings) {
    const { postingId, totalMinor } = posting;
    const paidMinor = balance.standing.get(postingId)?.totalMinor ?? 0;
    const mayPay = balance.fixed.has(postingId) && facts.posted[postingId] !== undefined;
    const payableMinor = mayPay ? paidMinor - givenBackMinor(postingId, facts, acts) : 0;
    const amountMinor = Math.min(open, payableMinor);
    if (amountMinor <= 0) continue;
    open -= amountMinor;
    const name = `${postingId}/refund/${totalMinor - paidMinor + amountMinor}`;
    const reversalId = policy.deriveId(name);
    // What the POS refused to pay back once is for people.
    if (acts.reversals.some((act) => act.reversalId === reversalId)) continue;
    const nothing = { parts: [], changes: [], whole: false };
    refunds.push({ reversalId, postingId, posting, amountMinor, ...nothing });
  }
  return refunds;
}
