import {
  multiplyParts,
  sumBySku,
  type BaseUnits,
  type ProductMap,
} from '../products/product-map.js';
import { inheritShares } from './inherited-shares.js';
import type { OwedLine } from './owed.js';

/** The part of a line that one location serves. Once made it is never moved. */
export interface Share {
  readonly lineId: string;
  readonly sku: string;
  readonly locationId: string;
  /** In what the channel sells: a case is 1. */
  readonly quantity: number;
  /** Base units in one, as they were when the line was captured. */
  readonly parts: readonly BaseUnits[];
}

export interface LineWithoutShare {
  readonly lineId: string;
  /** `unknown-sku`: no location stocks it; `location-unmapped`: no location feeds the channel. */
  readonly reason: 'unknown-sku' | 'location-unmapped';
  /** The base SKUs whose first count will let the line be allocated. */
  readonly missing: readonly string[];
}

export interface AllocationPlan {
  readonly shares: readonly Share[];
  readonly unallocated: readonly LineWithoutShare[];
}

export interface AllocationInput {
  readonly lines: readonly OwedLine[];
  readonly held: readonly Share[];
  /** Locations that feed the channel, in configured order. */
  readonly locations: readonly string[];
  /**
   * On hand less what is promised to others and to `held`; undefined where the SKU is not stocked.
   * The buffer is not taken off: it is there for the very orders that came while figures travelled.
   */
  readonly free: (locationId: string, sku: string) => number | undefined;
  readonly products: ProductMap;
}

interface Need extends OwedLine {
  readonly parts: readonly BaseUnits[];
  /** Locations that stock every part, best first. */
  readonly candidates: readonly string[];
}

/**
 * Decides where an order's goods come from. What was decided before stays: fewer units come off the
 * last location first, more are added. New units go to the first location that can serve all of
 * them; else each line to the first that can serve it; else a single SKU is split. What nobody can
 * serve is promised at the first location that stocks it, where the shortage then shows.
 */
export function decideAllocation(input: AllocationInput): AllocationPlan {
  const shares = inheritShares(input.held, input.lines);
  const unallocated: LineWithoutShare[] = [];
  const needs: Need[] = [];
  const order = preferredOrder(input.locations, shares);
  for (const line of input.lines) {
    const own = shares.filter(({ lineId }) => lineId === line.lineId);
    const quantity = line.quantity - own.reduce((sum, share) => sum + share.quantity, 0);
    if (quantity <= 0) continue;
    const parts = own[0]?.parts ?? input.products.partsOf(line.sku);
    const candidates = candidatesFor(parts, own, order, input);
    if (candidates.length > 0) needs.push({ ...line, quantity, parts, candidates });
    else unallocated.push(withoutShare(line.lineId, parts, input));
  }
  const added = new Placing(input.free).place(needs, order);
  return { shares: joined([...shares, ...added], input.lines), unallocated };
}

/** The base units that shares promise at each location, by location and SKU. */
export function promisedByLocation(
  shares: readonly Pick<Share, 'locationId' | 'quantity' | 'parts'>[],
): Map<string, BaseUnits[]> {
  const promised = new Map<string, BaseUnits[]>();
  for (const { locationId, parts, quantity } of shares) {
    const units = [...(promised.get(locationId) ?? []), ...multiplyParts(parts, quantity)];
    promised.set(locationId, sumBySku(units));
  }
  return promised;
}

/** Locations that already serve the order come first: each further one is a further POS order. */
function preferredOrder(locations: readonly string[], shares: readonly Share[]): string[] {
  const used = new Set(shares.map(({ locationId }) => locationId));
  return [...locations.filter((id) => used.has(id)), ...locations.filter((id) => !used.has(id))];
}

function candidatesFor(
  parts: readonly BaseUnits[],
  own: readonly Share[],
  order: readonly string[],
  { free }: AllocationInput,
): string[] {
  const stocking = order.filter((id) => parts.every(({ sku }) => free(id, sku) !== undefined));
  const last = own.at(-1)?.locationId;
  // A pack or kit that was edited up stays at its one location, so that it can be picked there.
  const whole = parts.length > 1 || parts.some(({ units }) => units > 1);
  return whole && last !== undefined && stocking.includes(last) ? [last] : stocking;
}

function withoutShare(
  lineId: string,
  parts: readonly BaseUnits[],
  { locations, free }: AllocationInput,
): LineWithoutShare {
  const reason = locations.length === 0 ? 'location-unmapped' : 'unknown-sku';
  const stockedSomewhere = (sku: string) => locations.some((id) => free(id, sku) !== undefined);
  const missing = parts.map(({ sku }) => sku).filter((sku) => !stockedSomewhere(sku));
  // All known but never together: the first count of any of them at a further place may help.
  return { lineId, reason, missing: missing.length > 0 ? missing : parts.map(({ sku }) => sku) };
}

/** Places the needs of one order, counting what it has already taken itself. */
class Placing {
  private readonly taken = new Map<string, number>();

  constructor(private readonly free: AllocationInput['free']) {}

  place(needs: readonly Need[], order: readonly string[]): Share[] {
    const all = sumBySku(needs.flatMap(({ parts, quantity }) => multiplyParts(parts, quantity)));
    const whole = order.find(
      (id) => needs.every(({ candidates }) => candidates.includes(id)) && this.serves(id, all),
    );
    return needs.flatMap((need) => (whole === undefined ? this.line(need) : this.at(whole, need)));
  }

  private line(need: Need): Share[] {
    const units = multiplyParts(need.parts, need.quantity);
    const able = need.candidates.find((id) => this.serves(id, units));
    if (able !== undefined) return this.at(able, need);
    const single = need.parts.length === 1 && need.parts[0]?.units === 1;
    return single ? this.split(need, need.parts[0] as BaseUnits) : this.at(first(need), need);
  }

  private split(need: Need, { sku }: BaseUnits): Share[] {
    let left = need.quantity;
    const shares: Share[] = [];
    for (const id of need.candidates) {
      const quantity = Math.min(left, Math.max(0, this.left(id, sku)));
      if (quantity > 0) shares.push(...this.at(id, { ...need, quantity }));
      left -= quantity;
    }
    return left > 0 ? [...shares, ...this.at(first(need), { ...need, quantity: left })] : shares;
  }

  private at(locationId: string, { lineId, sku, quantity, parts }: Need): Share[] {
    for (const each of multiplyParts(parts, quantity)) {
      const key = `${locationId} ${each.sku}`;
      this.taken.set(key, (this.taken.get(key) ?? 0) + each.units);
    }
    return [{ lineId, sku, locationId, quantity, parts }];
  }

  private serves(locationId: string, units: readonly BaseUnits[]): boolean {
    return units.every((each) => each.units <= this.left(locationId, each.sku));
  }

  private left(locationId: string, sku: string): number {
    return (this.free(locationId, sku) ?? 0) - (this.taken.get(`${locationId} ${sku}`) ?? 0);
  }
}

function first(need: Need): string {
  return need.candidates[0] as string;
}

/** In order of lines, and one share a (line, location) where the parts are the same. */
function joined(shares: readonly Share[], lines: readonly OwedLine[]): Share[] {
  return lines.flatMap(({ lineId }) => {
    const own: Share[] = [];
    for (const share of shares.filter((each) => each.lineId === lineId)) {
      const at = own.findIndex(({ locationId }) => locationId === share.locationId);
      const same = own[at];
      if (same === undefined) own.push(share);
      else own[at] = { ...same, quantity: same.quantity + share.quantity };
    }
    return own;
  });
}
