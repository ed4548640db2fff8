import { sumBySku, multiplyParts, type BaseUnits } from '../products/product-map.js';
import type { Share } from './allocation.js';

/** Goods of a retail order to be taken out of one location's master. */
export interface RetailAdjustment {
  readonly locationId: string;
  /** Units to take out now, above zero. */
  readonly units: readonly BaseUnits[];
  /** Units of this order out of this location with it: what makes the adjustment itself. */
  readonly cumulative: readonly BaseUnits[];
}

/** Units of a line that have to have left the masters, in what the channel sells. */
export interface LeavingLine {
  readonly lineId: string;
  readonly quantity: number;
}

/**
 * What still has to leave the masters for a retail order that the platform reports as dispatched.
 * The platform does not name our location, so a line's dispatched units leave its locations in the
 * order in which they were allocated. `asked` are the units of adjustments made before, by location.
 */
export function decideRetailAdjustments(
  shares: readonly Share[],
  lines: readonly LeavingLine[],
  asked: ReadonlyMap<string, readonly BaseUnits[]>,
): RetailAdjustment[] {
  return [...dispatchedByLocation(shares, lines)].flatMap(([locationId, dispatched]) => {
    const before = new Map(asked.get(locationId)?.map(({ sku, units }) => [sku, units]));
    const units = dispatched
      .map((each) => ({ sku: each.sku, units: each.units - (before.get(each.sku) ?? 0) }))
      .filter((each) => each.units > 0);
    if (units.length === 0) return [];
    const cumulative = sumBySku([...(asked.get(locationId) ?? []), ...units]);
    return [{ locationId, units, cumulative: cumulative.sort(bySku) }];
  });
}

function dispatchedByLocation(
  shares: readonly Share[],
  lines: readonly LeavingLine[],
): Map<string, BaseUnits[]> {
  const left = new Map(lines.map(({ lineId, quantity }) => [lineId, quantity]));
  const byLocation = new Map<string, BaseUnits[]>();
  for (const { lineId, locationId, quantity, parts } of shares) {
    const gone = Math.min(quantity, left.get(lineId) ?? 0);
    left.set(lineId, (left.get(lineId) ?? 0) - gone);
    const units = [...(byLocation.get(locationId) ?? []), ...multiplyParts(parts, gone)];
    byLocation.set(locationId, sumBySku(units));
  }
  return byLocation;
}

function bySku(a: BaseUnits, b: BaseUnits): number {
  return a.sku < b.sku ? -1 : Number(a.sku > b.sku);
}
