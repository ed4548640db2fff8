import type { RefusalCode } from './order-contradictions.js';
import type { OrderFact } from './order-facts.js';
import type { OrderLife } from './order-record.js';

/** A state of an order; `unseen` while nothing but answers about it are known. */
export type TableState = OrderLife | 'unseen';

/** What a fact does to an order in a state. It may also leave the state as it is. */
export interface OrderPair {
  readonly to: readonly TableState[];
  /** Names of what is raised when the fact contradicts what is known: it then moves nothing. */
  readonly refuses: readonly RefusalCode[];
}

/** For kinds of facts: what each does in every state. */
export type OrderPairs<K extends OrderFact['kind']> = Readonly<
  Record<K, Readonly<Record<TableState, OrderPair>>>
>;

/** The state stays as it is; what the fact tells is kept. */
export const STAYS: OrderPair = { to: [], refuses: [] };

/** An answer to something that was never asked. */
export const UNASKED: OrderPair = { to: [], refuses: ['result-unasked'] };

export function to(...states: readonly TableState[]): OrderPair {
  return { to: states, refuses: [] };
}

export function refusing(pair: OrderPair, ...refuses: readonly RefusalCode[]): OrderPair {
  return { ...pair, refuses };
}
