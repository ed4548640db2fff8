import {
  decideAllocation,
  promisedByLocation,
  type AllocationPlan,
  type Share,
} from './allocation.js';
import {
  countedSighting,
  hubTakesOut,
  owedLines,
  type OwedLine,
  type Sighting,
  type TakeOutPolicy,
} from './owed.js';
import { linesByPlace } from './own-place.js';
import { NOTHING_CONTAINED, standingOf, type Containment } from './physical-count.js';
import type { LeavingLine } from './retail-dispatch.js';
import { shelfKey, type Shelf } from './shelf.js';
import type { ShortShare } from './short-shares.js';
import type { StockMerchant } from './stock-merchant.js';

export interface OrderSighting extends Sighting {
  readonly orderId: string;
  readonly connectionId: string;
}

/** Where an order's goods come from, as it was decided. */
export interface Allocation extends AllocationPlan {
  readonly orderId: string;
  /** Grows with each change of shares. */
  readonly revision: number;
  /** The revision that the orders service was told; 0 when it was told nothing. */
  readonly announcedRevision: number;
  /** What the orders service was told last that it lacks. */
  readonly short: readonly ShortShare[];
}

/** What one order has promised, and has had taken out, of one shelf. */
export interface ShelfPromise extends Shelf, Containment {
  readonly orderId: string;
  readonly placedAt: string | null;
  readonly owedUnits: number;
  readonly committedUnits: number;
}

/** An order with all that is known of it: the sighting that counts is there. */
export interface SettlingOrder {
  readonly orderId: string;
  readonly draft?: OrderSighting;
  readonly order?: OrderSighting;
  readonly allocation?: Allocation;
  readonly promises: readonly ShelfPromise[];
}

export type OwedFromShelf = Omit<ShelfPromise, keyof Containment | 'committedUnits'>;

/** What an order has promised and taken from a shelf, as the ledger keeps it. */
export type PromiseEntry = Omit<
  ShelfPromise,
  'placedAt' | 'committedUnits' | 'leftUnits' | 'counted'
>;

export interface OrderSettlement {
  readonly allocation: Allocation;
  /** False when the allocation is as it was. */
  readonly changed: boolean;
  /** The promises that change; one that is no longer made goes to nothing and stays. */
  readonly owed: readonly OwedFromShelf[];
  /** Those of them that change units; a promise under another date is no change of a figure. */
  readonly entries: readonly PromiseEntry[];
  /** What the hub has to have taken out of the masters for this order by now, by line. */
  readonly leaving: readonly LeavingLine[];
}

type Merchant = Pick<
  StockMerchant,
  'products' | 'locationsOf' | 'policyOf' | 'ownPlaceAt' | 'isOwnPlace'
>;

/** What a shelf holds and has promised; undefined when it is not stocked. */
export type ReadShelf = (
  key: string,
) => { readonly onHandUnits: number; readonly committedUnits: number } | undefined;

/**
 * Brings the promises of orders up to what is known of them: what is owed and where it comes from.
 * Orders are settled one after the other, each on what those before it left over. An order of which
 * nothing was seen yet must not be among them.
 */
export function decideSettlements(
  orders: readonly SettlingOrder[],
  readShelf: ReadShelf,
  merchant: Merchant,
): OrderSettlement[] {
  /** Units promised since the shelves were read. */
  const promised = new Map<string, number>();
  const free = (locationId: string, sku: string): number | undefined => {
    const key = shelfKey({ locationId, sku });
    const shelf = readShelf(key);
    if (shelf === undefined) return undefined;
    return shelf.onHandUnits - shelf.committedUnits - (promised.get(key) ?? 0);
  };
  return orders.map((order) => {
    const settlement = settleOrder(order, free, merchant);
    for (const row of settlement.owed) countPromise(promised, row, order.promises);
    return settlement;
  });
}

function settleOrder(
  order: SettlingOrder,
  free: (locationId: string, sku: string) => number | undefined,
  merchant: Merchant,
): OrderSettlement {
  const counted = countedSighting(order) as OrderSighting;
  const policy = merchant.policyOf(counted.connectionId);
  const { elsewhere, made } = linesByPlace(counted, merchant);
  const lines = owedLines({ [counted.stage]: elsewhere }, policy);
  const held = order.allocation?.shares ?? [];
  const plans = [
    decideAllocation({
      lines,
      held: held.filter(({ locationId }) => !merchant.isOwnPlace(locationId)),
      locations: merchant.locationsOf(counted.connectionId, counted.trade),
      free,
      products: merchant.products,
    }),
    ...[...made].map(([locationId, ownLines]) =>
      decideAllocation({
        lines: ownLines,
        held: held.filter((share) => share.locationId === locationId),
        locations: [locationId],
        free,
        products: merchant.products,
      }),
    ),
  ];
  const plan = {
    shares: plans.flatMap(({ shares }) => shares),
    unallocated: plans.flatMap(({ unallocated }) => unallocated),
  };
  const allocation = nextAllocation(order, plan, counted, lines);
  const owed = owedRows(counted, order.promises, plan.shares);
  return {
    allocation,
    changed:
      allocation.revision !== order.allocation?.revision ||
      allocation.announcedRevision !== order.allocation.announcedRevision,
    owed,
    entries: owed.flatMap((row) => toEntry(row, order.promises)),
    leaving: [...leavingAtDispatch(elsewhere, policy), ...[...made.values()].flat()],
  };
}

/** Retail goods leave as they are dispatched; those of a pack at a platform's own place at once. */
function leavingAtDispatch(seen: Sighting, policy: TakeOutPolicy): LeavingLine[] {
  if (seen.stage !== 'order' || seen.trade || !hubTakesOut(seen, policy)) return [];
  return seen.lines
    .filter(({ fulfilledQuantity }) => fulfilledQuantity > 0)
    .map(({ lineId, fulfilledQuantity: quantity }) => ({ lineId, quantity }));
}

function owedRows(
  { orderId, placedAt }: OrderSighting,
  before: readonly ShelfPromise[],
  shares: readonly Share[],
): OwedFromShelf[] {
  const wanted = new Map<string, OwedFromShelf>();
  for (const { locationId, sku } of before) {
    wanted.set(shelfKey({ locationId, sku }), { orderId, locationId, sku, placedAt, owedUnits: 0 });
  }
  for (const [locationId, units] of promisedByLocation(shares)) {
    for (const { sku, units: owedUnits } of units) {
      const row = { orderId, locationId, sku, placedAt, owedUnits };
      wanted.set(shelfKey(row), row);
    }
  }
  for (const { placedAt: datedAt, owedUnits, ...shelf } of before) {
    const row = wanted.get(shelfKey(shelf));
    if (row?.owedUnits === owedUnits && row.placedAt === datedAt) wanted.delete(shelfKey(shelf));
  }
  return [...wanted.values()];
}

function toEntry(
  { orderId, locationId, sku, owedUnits }: OwedFromShelf,
  before: readonly ShelfPromise[],
): PromiseEntry[] {
  const held = before.find((each) => each.locationId === locationId && each.sku === sku);
  if (held?.owedUnits === owedUnits) return [];
  return [{ orderId, locationId, sku, owedUnits, containedUnits: held?.containedUnits ?? 0 }];
}

function countPromise(
  promised: Map<string, number>,
  row: OwedFromShelf,
  before: readonly ShelfPromise[],
): void {
  const key = shelfKey(row);
  const held = before.find((each) => shelfKey(each) === key);
  const now = standingOf(row.owedUnits, held ?? NOTHING_CONTAINED).committedUnits;
  promised.set(key, (promised.get(key) ?? 0) + now - (held?.committedUnits ?? 0));
}

/**
 * Only the orders service asks for allocations, and only of trade orders. A draft that promises
 * nothing is not announced: it may never become an order.
 */
function nextAllocation(
  { orderId, allocation: held }: SettlingOrder,
  { shares, unallocated }: AllocationPlan,
  counted: OrderSighting,
  lines: readonly OwedLine[],
): Allocation {
  const same = held !== undefined && samePlan(held, { shares, unallocated });
  const revision = (held?.revision ?? 0) + (same ? 0 : 1);
  const told = held?.announcedRevision ?? 0;
  const worthTelling = counted.trade && (told > 0 || counted.stage === 'order' || lines.length > 0);
  const announcedRevision = worthTelling ? revision : told;
  const short = held?.short ?? [];
  return { orderId, revision, announcedRevision, shares, unallocated, short };
}

function samePlan(a: AllocationPlan, b: AllocationPlan): boolean {
  return (
    sameList(a.shares, b.shares, sameShare) &&
    sameList(
      a.unallocated,
      b.unallocated,
      (one, other) =>
        one.lineId === other.lineId &&
        one.reason === other.reason &&
        sameList(one.missing, other.missing, Object.is),
    )
  );
}

function sameShare(a: Share, b: Share): boolean {
  return (
    a.lineId === b.lineId &&
    a.sku === b.sku &&
    a.locationId === b.locationId &&
    a.quantity === b.quantity &&
    sameList(a.parts, b.parts, (one, other) => one.sku === other.sku && one.units === other.units)
  );
}

function sameList<T>(
  a: readonly T[],
  b: readonly T[],
  same: (one: T, other: T) => boolean,
): boolean {
  return a.length === b.length && a.every((one, at) => same(one, b[at] as T));
}
