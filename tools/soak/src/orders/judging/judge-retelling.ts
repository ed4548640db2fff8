import {
  decideOrder,
  emptyOrder,
  type OrderDecision,
  type OrderFact,
  type OrderPolicy,
} from '@tillbridge/domain';
import type { Dice } from '../../chance/dice.js';
import { expectSame, Violation } from '../../run/violation.js';
import type { HubUnderSoak } from '../hub-under-soak.js';
import { actIdOf, type OrderMessage } from '../order-message.js';
import type { KnownOrder } from './known-order.js';

const RULE = 'same facts, same state';

/**
 * All facts of an order once more, mixed: the state is what it was and nothing is asked or told.
 * An order that hears them for the first time in this order knows the same.
 * @throws Violation
 */
export function judgeRetelling(hub: HubUnderSoak, dice: Dice, policy: OrderPolicy): void {
  for (const record of hub.records.values()) {
    const facts = dice.shuffled(factsOf(record.orderId, [...hub.facts.values()]));
    const again = decideOrder(record, facts, policy);
    const said = [...again.commands, ...again.raised, ...again.cleared, again.told ?? []].flat();
    if (said.length > 0) throw new Violation(RULE, `${record.orderId} says ${toText(said)}`);
    expectSame(RULE, record.orderId, toText(again.record), toText(record));
    const standing: OrderFact = { kind: 'cart-standing', blockedBy: record.facts.blockedBy };
    const mixed = [...facts, ...facts.slice(0, 5), standing];
    const anew = decideOrder(emptyOrder(record.orderId), mixed, policy);
    expectSame(RULE, record.orderId, toText(anew.record.facts), toText(record.facts));
  }
}

/**
 * What was asked first for an order is what follows from all that was known of it, whatever came
 * first: nothing had been asked before that could make a difference. A tender counts from when its
 * payment method was told, so that orders whose method changed are left out.
 * @throws Violation
 */
export function judgeFirstPosting(
  { record, commands }: OrderDecision,
  { methodChanged }: KnownOrder,
  heard: readonly OrderMessage[],
  policy: OrderPolicy,
): void {
  if (methodChanged) return;
  const { orderId } = record;
  const standing: OrderFact = { kind: 'cart-standing', blockedBy: record.facts.blockedBy };
  const facts = [...factsOf(orderId, heard).reverse(), standing];
  const anew = decideOrder(emptyOrder(orderId), facts, policy);
  expectSame(RULE, orderId, anew.record.state, record.state);
  const posts = (said: OrderDecision['commands']) =>
    toText(said.filter(({ kind }) => kind === 'post-order').map((c) => [actIdOf(orderId, c), c]));
  expectSame(RULE, `posting of ${orderId}`, posts(anew.commands), posts(commands));
}

function factsOf(orderId: string, heard: readonly OrderMessage[]): OrderFact[] {
  return heard.filter((message) => message.orderId === orderId).map(({ fact }) => fact);
}

/** Text that does not hang on the order of keys. */
function toText(value: unknown): string {
  return JSON.stringify(value, (_, held: unknown) => {
    if (held === null || typeof held !== 'object' || Array.isArray(held)) return held;
    const entries = Object.entries(held).filter(([, each]) => each !== undefined);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
