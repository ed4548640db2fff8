import type { Share } from './allocation.js';
import type { Allocation } from './order-settlement.js';

/** The part of an allocated line that is not on hand, in what the channel sells. */
export interface ShortShare {
  readonly lineId: string;
  readonly locationId: string;
  readonly quantity: number;
}

/** A trade order's allocation as the orders service is told it, with what it lacks now. */
export interface AnnouncedAllocation extends Allocation {
  /** Base units. */
  readonly shortUnits: number;
}

/** What an order lacks on a shelf, in base units. */
interface ShortPromise {
  readonly locationId: string;
  readonly sku: string;
  readonly shortUnits: number;
}

/**
 * Tells an allocation that was `changed`, and one that was told before when it lacks something else
 * than was told: that is a revision of its own. Undefined when there is nothing to tell.
 */
export function decideAnnouncement(
  allocation: Allocation,
  changed: boolean,
  promises: readonly ShortPromise[],
): AnnouncedAllocation | undefined {
  const { revision, announcedRevision } = allocation;
  if (announcedRevision === 0 || revision !== announcedRevision) return undefined;
  const short = shortSharesOf(allocation.shares, promises);
  const shortUnits = promises.reduce((sum, promise) => sum + promise.shortUnits, 0);
  if (changed) return { ...allocation, short, shortUnits };
  if (sameShort(short, allocation.short)) return undefined;
  const next = revision + 1;
  return { ...allocation, revision: next, announcedRevision: next, short, shortUnits };
}

/**
 * Which lines lack what their order lacks on each shelf: the last ones first, so that the first
 * lines can be sent. A pack or a kit of which one unit is missing is missing whole.
 */
export function shortSharesOf(
  shares: readonly Share[],
  promises: readonly ShortPromise[],
): ShortShare[] {
  const open = new Map(promises.map((each) => [`${each.locationId} ${each.sku}`, each.shortUnits]));
  const short: ShortShare[] = [];
  for (const { lineId, locationId, quantity: all, parts } of [...shares].reverse()) {
    const lacking = parts.map(({ sku, units }) => {
      return Math.ceil((open.get(`${locationId} ${sku}`) ?? 0) / units);
    });
    const quantity = Math.min(all, Math.max(0, ...lacking));
    if (quantity === 0) continue;
    for (const { sku, units } of parts) {
      const key = `${locationId} ${sku}`;
      open.set(key, Math.max(0, (open.get(key) ?? 0) - quantity * units));
    }
    short.unshift({ lineId, locationId, quantity });
  }
  return short;
}

function sameShort(a: readonly ShortShare[], b: readonly ShortShare[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, index) => {
      const other = b[index];
      return (
        one.lineId === other?.lineId &&
        one.locationId === other.locationId &&
        one.quantity === other.quantity
      );
    })
  );
}
