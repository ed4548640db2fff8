import type { Shelf } from './shelf.js';

/** Why the master's figure moved, in the words of the stock facts. */
export type StockCauseKind =
  | 'order'
  | 'reversal'
  | 'retail-dispatch'
  | 'sale'
  | 'return'
  | 'physical-count'
  | 'receipt'
  | 'waste'
  | 'other';

export interface MasterCause {
  readonly causeId: string;
  readonly kind: StockCauseKind;
  readonly orderId?: string | null;
  /** The POS order of it, where the cause is of one. */
  readonly postingId?: string | null;
  /** Signed change of on hand; below zero is out. */
  readonly units: number;
  /** When the figure took it in, by the master's clock. */
  readonly at: string;
  /** When it happened, where the master dates it otherwise; a count takes no notice of what is older. */
  readonly happenedAt?: string | null;
}

/**
 * The units that a cause took out for one of our orders, less than zero when it put them back.
 * Everything that happened in the store itself (a sale, a count, a return of goods that no order of
 * ours names) is in the figure already and touches no promise.
 */
export function takenOutUnits(cause: Pick<MasterCause, 'kind' | 'orderId' | 'units'>): number {
  if (cause.orderId === undefined || cause.orderId === null) return 0;
  switch (cause.kind) {
    case 'order':
    case 'retail-dispatch':
    case 'reversal':
    case 'return':
      return cause.units === 0 ? 0 : -cause.units;
    case 'sale':
    case 'physical-count':
    case 'receipt':
    case 'waste':
    case 'other':
      return 0;
  }
}

/** A cause as it is kept: on its shelf, and with the fact that brought it. */
export interface ShelfCause extends Shelf, MasterCause {
  readonly messageId: string;
}

/** What the figures contain of an order more than before; less than zero when it was put back. */
export interface NewlyContained extends Shelf {
  readonly orderId: string;
  readonly units: number;
  readonly messageId: string;
}

/** What causes took out of each shelf for each order. Each cause is given once in its life. */
export function newlyContained(causes: readonly ShelfCause[]): NewlyContained[] {
  const sums = new Map<string, NewlyContained>();
  for (const cause of causes) {
    const units = takenOutUnits(cause);
    if (units === 0) continue;
    const { locationId, sku, messageId } = cause;
    const orderId = cause.orderId as string;
    const key = `${orderId} ${locationId} ${sku}`;
    const before = sums.get(key)?.units ?? 0;
    sums.set(key, { orderId, locationId, sku, units: before + units, messageId });
  }
  return [...sums.values()];
}

/**
 * What a figure contains of each order: proven only by a named cause whose clock is not after the
 * figure's, in whichever order they arrive. A cause counts once by its id. May be below zero while a
 * putting back is known and the taking out is not.
 */
export function containedByOrder(
  causes: Iterable<MasterCause>,
  countedAt: string,
): Map<string, number> {
  const seen = new Set<string>();
  const contained = new Map<string, number>();
  for (const cause of causes) {
    if (cause.at > countedAt || seen.has(cause.causeId)) continue;
    seen.add(cause.causeId);
    const units = takenOutUnits(cause);
    if (units === 0) continue;
    const orderId = cause.orderId as string;
    contained.set(orderId, (contained.get(orderId) ?? 0) + units);
  }
  return contained;
}

/**
 * The units still to be kept back for an order (R4): a unit leaves here in the one transaction that
 * takes in the figure containing it. More contained than owed frees nothing.
 */
export function committedUnits(owed: number, contained: number): number {
  return Math.max(0, owed - Math.max(0, contained));
}

/** Units that the master took out and nobody is owed any more: they lie somewhere in the store. */
export function restockPendingUnits(owed: number, contained: number): number {
  return Math.max(0, contained - owed);
}
