import type { PlannedTradeOrder } from './day-plan.js';
import { Seeded } from './seeded.js';

const IN_PARTS_SHARE = 0.18;
const MOST_SHIPMENTS = 3;

/** How the goods of an order leave each store that serves it. */
export interface PlannedParts {
  /** The last of them included. */
  readonly shipments: number;
  /**
   * The last one is told to the hub like the others, or staff close the order in the POS, or it waits
   * for another day.
   */
  readonly last: 'told' | 'at-the-till' | 'another-day';
  /** What turns out wrong about the first one. */
  readonly trouble: 'none' | 'miscounted' | 'never-left';
  /** Whether the carrier gives numbers. */
  readonly tracked: boolean;
}

/** Decides which orders leave in parts, by reference. The others leave all at once. */
export function planParts(
  orders: readonly PlannedTradeOrder[],
  seed: number,
): ReadonlyMap<string, PlannedParts> {
  const chance = new Seeded(seed, 'parts');
  return new Map(
    orders
      .filter(() => chance.chance(IN_PARTS_SHARE))
      .map(({ ref }) => [
        ref,
        {
          shipments: chance.between(2, MOST_SHIPMENTS),
          last: chance.pick(['told', 'told', 'at-the-till', 'at-the-till', 'another-day']),
          trouble: chance.pick(['none', 'none', 'none', 'miscounted', 'never-left']),
          tracked: chance.chance(0.7),
        },
      ]),
  );
}
