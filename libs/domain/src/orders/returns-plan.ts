import type { DispatchInput } from './dispatch-plan.js';
import { cameBack } from './given-back.js';
import { allot, leftByPos, reportedOf, shipmentsOf, unitsTogether } from './left-goods.js';
import { scaled } from './line-shares.js';
import type { ObservedOrderState, OrderRefund, SkuUnits } from './order-facts.js';
import type { LineQuantity, OrderPolicy, PostingAct, ReturnAct } from './order-record.js';
import { voidingOf } from './posting-life.js';

/** Something to give back in the POS for a refund, with the units that go onto the shelf again. */
export interface ReturnPlan extends ReturnAct {
  readonly posting: PostingAct;
  readonly changes: readonly SkuUnits[];
}

/** What refunds of sent goods ask of the POS, and what of them cannot be true. */
export interface ReturnsPlan {
  readonly returns: readonly ReturnPlan[];
  /** A refund of more goods than are known to have left: it waits until they have. */
  readonly exceeding?: OrderRefund;
  /** Money that was refunded and that no POS order holds any more, in minor units. */
  readonly beyondMinor: number;
}

/**
 * Plans, refund by refund, what the POS is told: money of the tender for what the buyer owes less,
 * and the goods onto the shelf that they left from, by one adjustment. Goods and money are apart:
 * either may come without the other. Where goods come back at the till, the till books both.
 *
 * Only POS orders of which goods have left are touched; the others are voided and made anew when
 * something of them changes, and a refund would be lost with that. So a refund waits for what it is
 * of to leave. What was asked for it is asked once; money that no POS order held then, that the
 * platform added, or that went back with a POS order which was voided since, is asked of those that
 * hold some.
 */
export function planReturns(input: DispatchInput, policy: OrderPolicy): ReturnsPlan {
  const { current, facts, acts } = input;
  const isVoided = ({ postingId }: ReturnAct) =>
    voidingOf(postingId, facts, acts, policy) === 'voided';
  const asked: ReturnAct[] = [...acts.returns];
  const returns: ReturnPlan[] = [];
  let exceeding: OrderRefund | undefined;
  let beyondMinor = 0;
  for (const refund of inOrder(current.refunds ?? [])) {
    const before = asked.filter(({ refundId }) => refundId === refund.refundId);
    if (before.length > 0) {
      const owedMinor = wantedMinor(refund, policy) - sumOf(before.filter((act) => !isVoided(act)));
      const { plans, leftMinor } = restOf(refund, { owedMinor, before, asked, input, policy });
      beyondMinor += leftMinor;
      returns.push(...plans);
      asked.push(...plans);
      continue;
    }
    const shares = sharesOf(refund, input, asked);
    if (shares === undefined) {
      exceeding ??= refund;
      continue;
    }
    const open = openPostings(input, shares, policy);
    if (open.length === 0) continue;
    const { plans, leftMinor } = plansOf(refund, { open, shares, asked, input, policy });
    beyondMinor += leftMinor;
    returns.push(...plans);
    asked.push(...plans);
  }
  return { returns, beyondMinor, ...(exceeding === undefined ? {} : { exceeding }) };
}

/** What the buyer owes less by all refunds, in minor units. */
export function creditedMinor({ refunds = [] }: Pick<ObservedOrderState, 'refunds'>): number {
  return refunds.reduce((sum, { creditMinor }) => sum + creditMinor, 0);
}

/** Refunds of one platform in one order, however they were listed. */
function inOrder(refunds: readonly OrderRefund[]): OrderRefund[] {
  const key = ({ refundedAt, refundId }: OrderRefund) => `${refundedAt} ${refundId}`;
  return [...refunds].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** What the hub has the POS give back; goods that the till takes in are paid back there too. */
function wantedMinor({ creditMinor, goods }: OrderRefund, policy: OrderPolicy): number {
  return policy.returnedGoods === 'booked-at-till' && goods.length > 0 ? 0 : creditMinor;
}

type Shares = ReadonlyMap<string, readonly (LineQuantity & { readonly restocked: boolean })[]>;

const NO_SHARES: Shares = new Map();

/** By posting: which of its goods a refund is of; undefined when so many have not left. */
function sharesOf(
  refund: OrderRefund,
  input: DispatchInput,
  asked: readonly ReturnAct[],
): Shares | undefined {
  const shares = new Map<string, (LineQuantity & { restocked: boolean })[]>();
  const taken = new Map<string, number>();
  for (const { lineId, quantity, restocked, locationId } of refund.goods) {
    let open = quantity;
    for (const posting of preferring(input.acts.postings, locationId)) {
      const { postingId } = posting;
      const key = `${postingId} ${lineId}`;
      const left = leftOf(posting, lineId, input) - cameBack(postingId, lineId, { returns: asked });
      const share = Math.max(0, Math.min(open, left - (taken.get(key) ?? 0)));
      if (share === 0) continue;
      open -= share;
      taken.set(key, (taken.get(key) ?? 0) + share);
      const own = shares.get(postingId) ?? [];
      shares.set(postingId, [...own, { lineId, quantity: share, restocked }]);
    }
    if (open > 0) return undefined;
  }
  return shares;
}

/** Goods come back to the location that sent them, where it is named; else in the order of asking. */
function preferring(postings: readonly PostingAct[], locationId: string | undefined): PostingAct[] {
  const there = (posting: PostingAct) => Number(posting.locationId === locationId);
  return [...postings].sort((a, b) => there(b) - there(a));
}

/** How many of a line have left with a posting, in whole packs. */
function leftOf({ postingId }: PostingAct, lineId: string, input: DispatchInput): number {
  const { facts, acts, balance } = input;
  const goods = balance.standing.get(postingId)?.goods ?? [];
  if (!balance.fixed.has(postingId)) return 0;
  if (leftByPos(postingId, facts, acts)) {
    return goods.find((each) => each.lineId === lineId)?.quantity ?? 0;
  }
  const units = unitsTogether(shipmentsOf(postingId, facts).map((shipment) => shipment.units));
  return allot(goods, units, reportedOf(postingId, facts, acts)).whole.get(lineId) ?? 0;
}

/** Those of the goods first; money beyond theirs, and of no goods, comes from the others. */
function openPostings(
  { acts, balance, facts }: DispatchInput,
  shares: Shares,
  policy: OrderPolicy,
): PostingAct[] {
  // What is being voided may be gone with all its money: the answer comes first.
  const open = acts.postings.filter(
    ({ postingId }) =>
      balance.fixed.has(postingId) &&
      facts.posted[postingId] !== undefined &&
      voidingOf(postingId, facts, acts, policy) !== 'asked',
  );
  const has = ({ postingId }: PostingAct) => Number(shares.has(postingId));
  if (open.filter((posting) => has(posting) > 0).length < shares.size) return [];
  return open.sort((a, b) => has(b) - has(a));
}

interface Planning {
  readonly open: readonly PostingAct[];
  readonly shares: Shares;
  readonly asked: readonly ReturnAct[];
  readonly input: DispatchInput;
  readonly policy: OrderPolicy;
}

function plansOf(
  refund: OrderRefund,
  { open, shares, asked, input, policy }: Planning,
): { readonly plans: readonly ReturnPlan[]; readonly leftMinor: number } {
  const { refundId } = refund;
  const atTill = policy.returnedGoods === 'booked-at-till' && refund.goods.length > 0;
  let leftMinor = wantedMinor(refund, policy);
  const plans: ReturnPlan[] = [];
  for (const posting of open) {
    const { postingId } = posting;
    const own = shares.get(postingId) ?? [];
    const amountMinor = Math.min(leftMinor, heldMinor(postingId, input, asked));
    leftMinor -= amountMinor;
    if (own.length === 0 && amountMinor === 0) continue;
    const changes = atTill ? [] : unitsBack(posting, own);
    const parts = own.map(({ lineId, quantity }) => ({ lineId, quantity }));
    const returnId = policy.deriveId(`${postingId}/return/${refundId}`);
    const act = { returnId, refundId, postingId, parts, amountMinor };
    plans.push({ ...act, asks: amountMinor > 0 || changes.length > 0, posting, changes });
  }
  return { plans, leftMinor };
}

interface Rest extends Omit<Planning, 'open' | 'shares'> {
  /** Of the refund, still to be given back. */
  readonly owedMinor: number;
  /** What was asked for it. */
  readonly before: readonly ReturnAct[];
}

/** The money of a refund that was asked before, and could not be asked whole or came to nothing. */
function restOf(
  { refundId }: OrderRefund,
  { owedMinor, before, asked, input, policy }: Rest,
): { readonly plans: readonly ReturnPlan[]; readonly leftMinor: number } {
  const open = openPostings(input, NO_SHARES, policy);
  if (open.length === 0) return { plans: [], leftMinor: 0 };
  let leftMinor = Math.max(0, owedMinor);
  const plans: ReturnPlan[] = [];
  for (const posting of open) {
    const { postingId } = posting;
    const amountMinor = Math.min(leftMinor, heldMinor(postingId, input, asked));
    if (amountMinor === 0) continue;
    leftMinor -= amountMinor;
    // Named by all that was ever asked for it, so that no sum goes twice.
    const name = `${postingId}/return/${refundId}/after/${sumOf(before)}`;
    const returnId = policy.deriveId(name);
    const money = { parts: [], changes: [], asks: true };
    plans.push({ returnId, refundId, postingId, posting, amountMinor, ...money });
  }
  return { plans, leftMinor };
}

/** Money of a posting that no return has asked for yet, in minor units. */
function heldMinor(
  postingId: string,
  { balance }: DispatchInput,
  asked: readonly ReturnAct[],
): number {
  const before = sumOf(asked.filter((act) => act.postingId === postingId));
  return Math.max(0, (balance.standing.get(postingId)?.totalMinor ?? 0) - before);
}

function unitsBack(
  { parts }: PostingAct,
  shares: readonly (LineQuantity & { readonly restocked: boolean })[],
): SkuUnits[] {
  return unitsTogether(
    shares
      .filter(({ restocked }) => restocked)
      .map(({ lineId, quantity }) => {
        const part = parts.find((each) => each.lineId === lineId);
        return part === undefined ? [] : scaled(part.components, quantity, part.quantity);
      }),
  );
}

function sumOf(returns: readonly ReturnAct[]): number {
  return returns.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}
