import type { ShelfCause } from './commitment.js';
import { shelfKey, type Shelf } from './shelf.js';
import type { StockEffects } from './stock-effects.js';
import type { CountedStock, FactOf } from './stock-facts.js';
import { newFigures, type NewFigure, type StockFigure } from './stock-figure.js';

/** A shelf as the book holds it. */
export interface BookShelf extends Shelf, StockFigure {
  /** Sum of what is promised from it. */
  readonly committedUnits: number;
}

export interface TakenCounts {
  /** Every shelf that was counted. */
  readonly shelves: readonly Shelf[];
  /** Causes that figures contain from now on. */
  readonly contained: readonly ShelfCause[];
  /** The figures of shelves that had none. */
  readonly firstCounted: readonly NewFigure[];
}

/** The masters' figures, and the causes that moved them. */
export class BookShelves {
  private readonly held = new Map<string, BookShelf>();
  private readonly known = new Map<string, Set<string>>();
  /** Causes that the figure of their shelf contains. */
  private readonly booked = new Map<string, ShelfCause[]>();
  /** Causes that the figure of their shelf does not contain yet. */
  private readonly waiting = new Map<string, ShelfCause[]>();

  get all(): readonly BookShelf[] {
    return [...this.held.values()];
  }

  read(key: string): BookShelf | undefined {
    return this.held.get(key);
  }

  setCommitted(key: string, committedUnits: number): void {
    const shelf = this.held.get(key);
    if (shelf !== undefined) this.held.set(key, { ...shelf, committedUnits });
  }

  /** What the figure of a shelf contains. */
  causesIn(key: string): readonly ShelfCause[] {
    return this.booked.get(key) ?? [];
  }

  take(facts: readonly FactOf<'stock-counted'>[], effects: StockEffects): TakenCounts {
    const shelves = new Map(facts.map(({ data }) => [shelfKey(data), toShelf(data)]));
    const figures = newFigures(this.held, facts);
    const firstCounted = figures.filter((figure) => !this.held.has(shelfKey(figure)));
    for (const { messageId, recorded, ...figure } of figures) {
      const key = shelfKey(figure);
      const committedUnits = this.held.get(key)?.committedUnits ?? 0;
      this.held.set(key, { ...figure, committedUnits });
      const { locationId, sku, onHandUnits, countedAt } = figure;
      if (!recorded) continue;
      effects.ledger.push({ messageId, locationId, sku, onHandUnits, countedAt });
    }
    for (const fact of facts) this.keepCauses(fact);
    const contained = [...shelves.keys()].flatMap((key) => this.contain(key));
    return { shelves: [...shelves.values()], contained, firstCounted };
  }

  /** Each cause once by its id, and for ever. */
  private keepCauses({ id, data }: FactOf<'stock-counted'>): void {
    const key = shelfKey(data);
    const known = this.known.get(key) ?? new Set<string>();
    this.known.set(key, known);
    for (const cause of data.causes) {
      if (known.has(cause.causeId)) continue;
      known.add(cause.causeId);
      const waiting = this.waiting.get(key) ?? [];
      this.waiting.set(key, waiting);
      waiting.push({ ...cause, ...toShelf(data), messageId: id });
    }
  }

  /** Takes out the causes that the figure contains. Its clock only goes forward. */
  private contain(key: string): ShelfCause[] {
    const waiting = this.waiting.get(key);
    const shelf = this.held.get(key);
    if (waiting === undefined || shelf === undefined) return [];
    const contained = waiting.filter(({ at }) => at <= shelf.countedAt);
    if (contained.length === 0) return contained;
    this.booked.set(key, [...this.causesIn(key), ...contained]);
    this.waiting.set(
      key,
      waiting.filter(({ at }) => at > shelf.countedAt),
    );
    return contained.sort(byTime);
  }
}

/** The last of them is named as what changed a promise. */
function byTime(a: ShelfCause, b: ShelfCause): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return a.causeId < b.causeId ? -1 : Number(a.causeId > b.causeId);
}

function toShelf({ locationId, sku }: CountedStock): Shelf {
  return { locationId, sku };
}
