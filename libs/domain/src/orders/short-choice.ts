import type { OrderFacts } from './order-facts.js';
import type { OrderPolicy } from './order-record.js';

/**
 * What to do with an order of which units are missing: keep all of it back, post what is there and
 * the rest when it has come, or post all of it and let the store find the rest.
 */
export type ShortChoice = 'hold' | 'post-available' | 'post-backorder';

/** Somebody's word about one short order; it stands above the channel's rule. */
export interface ShortDecision {
  readonly choice: ShortChoice;
  /** Who said so: a login or the name of a system. */
  readonly by: string;
  readonly reason: string;
  /** When, ISO 8601: the latest word counts. */
  readonly at: string;
}

/** What is to be done with what is missing of an order. */
export function shortChoiceOf(
  { shortDecision }: Pick<OrderFacts, 'shortDecision'>,
  { shortStock }: Pick<OrderPolicy, 'shortStock'>,
): ShortChoice {
  return shortDecision?.choice ?? shortStock;
}
