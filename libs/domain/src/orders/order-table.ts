import type { OrderFact } from './order-facts.js';
import { FACTS_ANSWERED } from './facts-answered.js';
import { FACTS_DISPATCHED } from './facts-dispatched.js';
import { FACTS_SEEN } from './facts-seen.js';
import type { OrderPair, OrderPairs, TableState } from './order-pair.js';
import type { OrderRecord } from './order-record.js';

/**
 * Every pair of a kind of fact and a state: nothing can be told to an order that has no line here.
 * Facts are merged and the state is read from all of them, so that one which comes late may lead
 * far. A test tells every fact to orders in every state and compares, both ways.
 */
export const ORDER_TABLE: OrderPairs<OrderFact['kind']> = {
  ...FACTS_SEEN,
  ...FACTS_ANSWERED,
  ...FACTS_DISPATCHED,
};

/** What a fact may do to an order as it stands. */
export function pairOf(held: Pick<OrderRecord, 'state'>, fact: OrderFact): OrderPair {
  return ORDER_TABLE[fact.kind][tableStateOf(held)];
}

export function tableStateOf({ state }: Pick<OrderRecord, 'state'>): TableState {
  return state ?? 'unseen';
}

/** What each state means, in the order of an order's life. */
export const TABLE_STATES: Readonly<Record<TableState, string>> = {
  unseen: 'only answers, or something that is no trade order, were seen: kept until it is',
  received: 'seen; inventory or payments have not answered yet',
  held: 'something keeps it back; the open exception names it',
  accepted: 'nothing is wrong with it; an edit added units that inventory has not placed yet',
  promised: 'all of it has a place and a tender: a draft waits here for its order',
  short: 'promised, with units that are not on hand',
  posting: 'the POS was asked and has not answered for all of it',
  posted: 'all of it is in the POS, and its goods are in the store',
  'part-dispatched': 'some of its goods have left',
  dispatched: 'all of its goods have left; the platform has not confirmed every report',
  closed: 'dispatched and reported, or placed before the hub went live and kept for trace',
  cancelled: 'nothing of it is wanted any more',
};

/** What each kind of fact tells. */
export const FACT_KINDS: Readonly<Record<OrderFact['kind'], string>> = {
  observed: 'the draft or the order as the platform holds it',
  purchase: 'what the trade shop says of its cart',
  allocated: 'which location serves which units',
  'tender-decided': 'what the POS is told about payment',
  'cart-standing': 'whether another order with its cart id stands before it',
  'short-decided': 'what somebody decided about units that are missing',
  clock: 'what time it is, for an order that takes long',
  posted: 'the POS holds a posting',
  refused: 'the POS would not take a posting, or the connection only observes',
  'pos-fulfilment': 'how far the store is with a posting',
  'fulfilment-created': 'the platform holds the report of a dispatch',
  'fulfilment-refused': 'the platform would not take the report of a dispatch',
  'draft-refused': 'the platform would not complete the draft',
  reversed: 'what became of taking something back from the POS',
  'shipment-recorded': 'goods that left a building, as the warehouse says',
  'shipment-cancelled': 'a recorded shipment that did not leave after all',
  'dispatch-act': 'what became of telling the platform or the POS more about a dispatch',
};
