import { shelfKey, type Shelf } from './shelf.js';

/** The master's on hand for one SKU at one location. Below zero when the store oversold. */
export interface StockFigure {
  readonly onHandUnits: number;
  /** The master's clock, as text that sorts: ISO 8601 UTC with a fixed fraction. */
  readonly countedAt: string;
  readonly revision: number;
}

export type FigureDecision =
  | { readonly kind: 'change'; readonly figure: StockFigure } // another figure: store and record it
  | { readonly kind: 'confirm'; readonly figure: StockFigure } // the same, later: more is contained
  | { readonly kind: 'ignore' };

/**
 * Decides what a count means for the figure we hold. Counts come late, twice and out of order, so
 * only the master's clock is believed; within one tick the connector's revision decides.
 */
export function decideFigure(held: StockFigure | undefined, seen: StockFigure): FigureDecision {
  if (held === undefined) return { kind: 'change', figure: seen };
  if (!supersedes(seen, held)) return { kind: 'ignore' };
  return { kind: held.onHandUnits === seen.onHandUnits ? 'confirm' : 'change', figure: seen };
}

function supersedes(seen: StockFigure, held: StockFigure): boolean {
  if (seen.countedAt !== held.countedAt) return seen.countedAt > held.countedAt;
  return seen.revision > held.revision;
}

/** A shelf's figure after a batch of counts. */
export interface NewFigure extends Shelf, StockFigure {
  /** The fact that brought it. */
  readonly messageId: string;
  /** False when only its clock is another. */
  readonly recorded: boolean;
}

/** The figure of each shelf after a batch, where it is another or of a later clock. */
export function newFigures(
  levels: ReadonlyMap<string, StockFigure>,
  facts: readonly { readonly id: string; readonly data: Shelf & StockFigure }[],
): NewFigure[] {
  const figures = new Map<string, NewFigure>();
  for (const { id, data } of facts) {
    const key = shelfKey(data);
    const { locationId, sku, onHandUnits, countedAt, revision } = data;
    const seen = { onHandUnits, countedAt, revision };
    if (decideFigure(figures.get(key) ?? levels.get(key), seen).kind === 'ignore') continue;
    const recorded = levels.get(key)?.onHandUnits !== onHandUnits;
    figures.set(key, { locationId, sku, ...seen, messageId: id, recorded });
  }
  return [...figures.values()];
}

/** What may still be sold of one SKU at one location; never less than nothing. */
export function sellableUnits(shelf: {
  readonly onHandUnits: number;
  readonly committedUnits: number;
  readonly bufferUnits: number;
}): number {
  return Math.max(0, shelf.onHandUnits - shelf.committedUnits - shelf.bufferUnits);
}
