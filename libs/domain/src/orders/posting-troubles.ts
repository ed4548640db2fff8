import type { DispatchInput } from './dispatch-plan.js';
import { leftByPos } from './left-goods.js';
import type { OrderFacts } from './order-facts.js';
import type { OrderActs, OrderException, PostingAct, ReversalAct } from './order-record.js';
import { isInPos, isReplaced } from './posting-life.js';
import { sameWords, type PostingWords } from './wanted-content.js';

/** What went wrong with postings that count. */
export function postingTroubles(
  { current, facts, balance }: DispatchInput,
  counted: readonly PostingAct[],
): OrderException[] {
  const found: OrderException[] = [];
  for (const { postingId, posConnectionId, locationId } of counted) {
    const refused = facts.refused[postingId];
    if (refused !== undefined && refused.code !== 'observe' && !isInPos(postingId, facts)) {
      const cause = `${current.name} was refused at ${locationId}: ${refused.reason}`;
      found.push({ code: 'pos-refused', system: posConnectionId, cause });
    }
    const stopped = ['cancelled', 'failed'].includes(facts.fulfilments[postingId]?.state ?? '');
    if (stopped && (balance.toDispatch.get(postingId) ?? []).length > 0) {
      const cause = `The fulfilment of ${current.name} at ${locationId} was stopped in the POS.`;
      found.push({ code: 'fulfilment-stopped', system: posConnectionId, cause });
    }
  }
  return found;
}

/**
 * What the POS would not take back. A void that was refused is no trouble once the posting is right
 * again, or once its goods are known to have left.
 */
export function reversalTroubles(
  { current, cancelled, facts, acts, balance }: DispatchInput,
  differing: readonly PostingAct[],
): OrderException[] {
  const found: OrderException[] = [];
  const differs = new Set(differing.map(({ postingId }) => postingId));
  const refused = acts.reversals
    .filter(({ postingId, voids, parts }) => {
      if (voids) return differs.has(postingId);
      return parts.length === 0 || !leftByPos(postingId, facts, acts);
    })
    .map((act) => ({ act, result: facts.reversed[act.reversalId] }))
    .find(
      ({ act, result }) =>
        result?.outcome === 'refused' || (isUndone(result) && isInPos(act.postingId, facts)),
    );
  if (refused !== undefined) {
    const { act, result } = refused;
    const posting = acts.postings.find(({ postingId }) => postingId === act.postingId);
    const cause = `${current.name}: ${whatStays(act, posting, facts, acts)} (${act.amountMinor} minor units): ${reasonOf(result)}`;
    found.push({ code: 'reversal-refused', system: posting?.posConnectionId ?? '', cause });
  }
  const late = balance.tooLate
    ? `Units of ${current.name} were cancelled after they had left the store.`
    : cancelled && moneyLeft(current, balance);
  if (late)
    found.push({ code: 'cancelled-after-dispatch', system: current.connectionId, cause: late });
  return found;
}

/** The POS has not taken back what was asked: it would not, or its connection only observes. */
export function isUndone(result: OrderFacts['reversed'][string] | undefined): boolean {
  return result !== undefined && result.outcome !== 'done';
}

/** Why not, in the words of the POS where it gave any. */
export function reasonOf(result: OrderFacts['reversed'][string] | undefined): string {
  if (result?.outcome === 'not-sent') return 'the connection only observes, so nothing was asked';
  return result?.reason ?? 'no reason given';
}

/** Words for money of a cancelled order that the POS holds with what has left, if it is not the shop's. */
function moneyLeft(
  { name, totalMinor }: DispatchInput['current'],
  { fixed, standing }: DispatchInput['balance'],
): string | undefined {
  const heldMinor = [...fixed].reduce((sum, id) => sum + (standing.get(id)?.totalMinor ?? 0), 0);
  if (fixed.size === 0 || heldMinor === totalMinor) return undefined;
  return `${name} was cancelled after it had left the store: the POS holds ${heldMinor}, the shop charges ${totalMinor} (minor units).`;
}

/** What the POS kept, so that people find it there. */
function whatStays(
  { voids }: ReversalAct,
  posting: PostingAct | undefined,
  facts: OrderFacts,
  acts: OrderActs,
): string {
  const order = posting && facts.posted[posting.postingId]?.posOrderId;
  if (posting === undefined || !voids || order === undefined) {
    return 'the POS would not give back a part';
  }
  const where = `POS order ${order} at ${posting.locationId}`;
  return isReplaced(posting, facts, acts)
    ? `${where} is one too many, a later one stands for it, and the POS would not cancel it`
    : `the POS would not cancel ${where}, which is not what is wanted any more`;
}

/** What the POS shows of goods that have left, and should show otherwise, until all is done. */
export function lateEdits(
  { current, balance }: DispatchInput,
  counted: readonly PostingAct[],
  words: PostingWords,
): OrderException[] {
  if (words.tender === undefined) return [];
  const wrong = counted.find(
    (posting) => balance.fixed.has(posting.postingId) && !sameWords(posting, words),
  );
  if (wrong === undefined) return [];
  const cause = `The PO number or the payment of ${current.name} changed after goods had left ${wrong.locationId}.`;
  return [{ code: 'edited-after-posting', system: wrong.posConnectionId, cause }];
}
