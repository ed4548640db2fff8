import type { SquareClock } from './square-clock.js';
import type { SquareIds } from './square-ids.js';

export type InventoryState =
  'NONE' | 'IN_STOCK' | 'SOLD' | 'WASTE' | 'UNLINKED_RETURN' | 'RETURNED_BY_CUSTOMER';

interface ChangeOrigin {
  readonly variationId: string;
  readonly locationId: string;
  readonly units: number;
  /** When it happened; now, if absent. In the form of `SquareClock.stamp`. */
  readonly occurredAt?: string;
  readonly product: 'SQUARE_POS' | 'EXTERNAL_API';
  readonly referenceId?: string | undefined;
  /** The order whose payment moved the stock. */
  readonly transactionId?: string;
  readonly refundId?: string;
}

export type NewChange =
  | (ChangeOrigin & {
      readonly type: 'ADJUSTMENT';
      readonly from: InventoryState;
      readonly to: InventoryState;
    })
  | (ChangeOrigin & { readonly type: 'PHYSICAL_COUNT' });

export type LedgerEntry = NewChange & {
  readonly id: string;
  readonly occurredAt: string;
  readonly createdAt: string;
};

export interface Level {
  readonly variationId: string;
  readonly locationId: string;
  readonly state: 'IN_STOCK' | 'WASTE';
  units: number;
  /** The time of the last change taken in; later than the `createdAt` of that change. */
  calculatedAt: string;
}

/** How far the figure of an item went; a change dated before a physical count moves it by nothing. */
export interface Movement {
  readonly variationId: string;
  readonly locationId: string;
  readonly deltaUnits: number;
}

/** What one item at one location went through. */
interface Shelf {
  readonly inStock: Level;
  waste: Level | null;
  readonly entries: LedgerEntry[];
  lastCount: LedgerEntry | null;
}

/** The ledger of the account, and the counts that follow from it. */
export class InventoryBook {
  private readonly shelves = new Map<string, Shelf>();
  /** In the order of arrival, which is not the order in which things happened. */
  private readonly ledger: LedgerEntry[] = [];

  constructor(
    private readonly clock: SquareClock,
    private readonly ids: SquareIds,
  ) {}

  /** Begins to track an item at a location. */
  open(variationId: string, locationId: string, units: number): void {
    this.shelf(variationId, locationId);
    if (units !== 0) {
      const origin = { variationId, locationId, units, product: 'SQUARE_POS' as const };
      this.apply([{ type: 'ADJUSTMENT', from: 'NONE', to: 'IN_STOCK', ...origin }]);
    }
  }

  count(variationId: string, locationId: string): number {
    return this.shelves.get(shelfKey(variationId, locationId))?.inStock.units ?? 0;
  }

  /** Takes in all of the changes and says where that leaves the counts. */
  apply(changes: readonly NewChange[]): {
    entries: LedgerEntry[];
    levels: Level[];
    movements: Movement[];
  } {
    const touched = new Set<Level>();
    const entries: LedgerEntry[] = [];
    const movements: Movement[] = [];
    for (const change of changes) {
      const createdAt = this.clock.stamp();
      const occurredAt = change.occurredAt ?? createdAt;
      const entry: LedgerEntry = { ...change, id: this.ids.next(), occurredAt, createdAt };
      const shelf = this.shelf(entry.variationId, entry.locationId);
      const before = shelf.inStock.units;
      shelf.entries.push(entry);
      this.ledger.push(entry);
      takeIn(shelf, entry);
      touched.add(shelf.inStock);
      if (entry.type === 'ADJUSTMENT' && entry.to === 'WASTE')
        touched.add(this.waste(shelf, entry));
      const { variationId, locationId } = entry;
      movements.push({ variationId, locationId, deltaUnits: shelf.inStock.units - before });
      entries.push(entry);
    }
    const levels = [...touched];
    for (const level of levels) level.calculatedAt = this.clock.stamp();
    return { entries, levels, movements };
  }

  levels(): Level[] {
    return [...this.shelves.values()].flatMap(({ inStock, waste }) =>
      waste === null ? [inStock] : [inStock, waste],
    );
  }

  /** Entries that arrived after and before these times, both excluded. */
  arrivedBetween(after: string, before: string | undefined): LedgerEntry[] {
    let first = this.ledger.length;
    while (first > 0 && this.ledger[first - 1]!.createdAt > after) first -= 1;
    const entries = this.ledger.slice(first);
    return before === undefined ? entries : entries.filter(({ createdAt }) => createdAt < before);
  }

  private shelf(variationId: string, locationId: string): Shelf {
    const key = shelfKey(variationId, locationId);
    let shelf = this.shelves.get(key);
    if (shelf === undefined) {
      const calculatedAt = this.clock.stamp();
      const inStock: Level = {
        variationId,
        locationId,
        state: 'IN_STOCK',
        units: 0,
        calculatedAt,
      };
      shelf = { inStock, waste: null, entries: [], lastCount: null };
      this.shelves.set(key, shelf);
    }
    return shelf;
  }

  private waste(shelf: Shelf, entry: LedgerEntry): Level {
    shelf.waste ??= { ...shelf.inStock, state: 'WASTE', units: 0 };
    shelf.waste.units += entry.units;
    return shelf.waste;
  }
}

/** The order of what happened; the order of arrival settles ties. */
function happenedAfter(entry: LedgerEntry, other: LedgerEntry): boolean {
  if (entry.occurredAt !== other.occurredAt) return entry.occurredAt > other.occurredAt;
  return entry.createdAt > other.createdAt;
}

/** The figure is the latest physical count and every adjustment that happened after it. */
function takeIn(shelf: Shelf, entry: LedgerEntry): void {
  const { lastCount } = shelf;
  if (lastCount !== null && !happenedAfter(entry, lastCount)) return;
  if (entry.type === 'ADJUSTMENT') {
    shelf.inStock.units += inStockDelta(entry);
    return;
  }
  shelf.lastCount = entry;
  shelf.inStock.units = shelf.entries
    .filter((other) => happenedAfter(other, entry))
    .reduce((units, other) => units + inStockDelta(other), entry.units);
}

function inStockDelta(entry: LedgerEntry): number {
  if (entry.type === 'PHYSICAL_COUNT') return 0;
  return (
    (entry.to === 'IN_STOCK' ? entry.units : 0) - (entry.from === 'IN_STOCK' ? entry.units : 0)
  );
}

function shelfKey(variationId: string, locationId: string): string {
  return `${variationId}|${locationId}`;
}
