import type { PlannedTradeOrder } from '../plan/day-plan.js';

/** What became of a planned trade order at checkout. */
export interface PlacedOrder {
  readonly planned: PlannedTradeOrder;
  readonly cartId: string;
  /** Quantity bought of each planned line, by index: what the shop had. */
  readonly bought: ReadonlyMap<number, number>;
}

export type TakeBackOutcome = 'off-the-order' | 'over-the-counter' | 'nothing-bought';

/** What people did, as it happened. Written by the actors only. */
export class DayLog {
  readonly placed = new Map<string, PlacedOrder>();
  /** Trade orders that the shop could not take at all. */
  readonly turnedAway: string[] = [];
  readonly takeBacks = new Map<number, TakeBackOutcome>();
  /** Changes of mind, by whether there still was something to change. */
  readonly changes = { made: 0, tooLate: 0 };
  /** Units that a till customer wanted and the shelf did not have, by row. */
  readonly notOnShelf = new Map<number, number>();
  retailPlaced = 0;
  /** Orders that were changed after they were placed: their parcels wait until the POS agrees. */
  readonly amended = new Set<string>();
}
