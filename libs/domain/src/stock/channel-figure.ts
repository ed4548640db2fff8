import type { ProductMap } from '../products/product-map.js';
import type { PublicationState } from './publication.js';
import type { ChannelLocation, StockChannel } from './stock-merchant.js';

/** One SKU at one channel location: what the channel shows, and what it should show. */
export interface ChannelFigure extends ChannelLocation {
  readonly sku: string;
  readonly observedUnits: number;
  readonly observedRevision: number;
  readonly desiredUnits: number | null;
  /** Our clock, when the last input was applied that a poll has to cover. */
  readonly since: Date;
  readonly inFlightBatch: string | null;
  /** What the batch in flight sets. */
  readonly inFlightUnits: number | null;
  readonly declinedUnits: number | null;
  /** True while an exception says that the channel refused. */
  readonly refused: boolean;
}

/** What a channel showed; the highest revision wins. */
export interface ShownFigure extends ChannelLocation {
  readonly sku: string;
  /** Below zero when the channel oversold. */
  readonly availableUnits: number;
  readonly revision: number;
}

/** What became of a figure that was sent, and what the channel showed then. */
export interface SetResult {
  readonly batchId: string;
  readonly outcome: 'set' | 'stale' | 'refused' | 'not-sent';
  readonly availableUnits?: number;
  readonly revision?: number;
}

/** The figure with a newer observation; undefined when it is older than what is held. */
export function withObservation(
  held: ChannelFigure | undefined,
  seen: ShownFigure,
  now: Date,
): ChannelFigure | undefined {
  const { connectionId, channelLocationId, sku, availableUnits, revision } = seen;
  const figure = { observedUnits: availableUnits, observedRevision: revision };
  if (held !== undefined) {
    if (held.observedRevision >= revision) return undefined;
    // Also when it shows the same again: it may have sold to one and taken back from another.
    return { ...held, ...figure, since: now };
  }
  return {
    connectionId,
    channelLocationId,
    sku,
    ...figure,
    desiredUnits: null,
    since: now,
    inFlightBatch: null,
    inFlightUnits: null,
    declinedUnits: null,
    refused: false,
  };
}

/**
 * The figure after one result. That of a batch no longer in flight still shows a figure. Where the
 * channel does not compare, it may have sold what was overwritten, and nothing shows it: what is told
 * next waits for its orders.
 */
export function withSetResult(
  row: ChannelFigure,
  result: SetResult,
  now: Date,
  { compares }: Pick<StockChannel, 'compares'>,
): ChannelFigure {
  const sent = row.inFlightBatch === result.batchId ? row.inFlightUnits : null;
  const landed = sent === null ? row : { ...row, inFlightBatch: null, inFlightUnits: null };
  switch (result.outcome) {
    case 'set':
    case 'stale':
      return withShown(landed, result, compares ? sent : null, now);
    case 'refused':
      return { ...landed, declinedUnits: sent ?? row.declinedUnits, refused: true };
    case 'not-sent':
      return { ...landed, declinedUnits: sent ?? row.declinedUnits };
  }
}

/**
 * A figure that is not what we set means that the channel moved by itself: a rise from it has to
 * wait for a poll that began after now. What we set ourselves tells nothing new. The channel may have
 * sold what we set before the answer came, and show what it did before we set it: only the answer
 * tells that it has moved.
 */
function withShown(
  row: ChannelFigure,
  { outcome, availableUnits, revision }: SetResult,
  sent: number | null,
  now: Date,
): ChannelFigure {
  const since = outcome === 'set' && availableUnits === sent ? row.since : now;
  if (availableUnits === undefined || revision === undefined) return { ...row, since };
  if (revision <= row.observedRevision) {
    return { ...row, since: row.observedUnits === availableUnits ? since : now };
  }
  return { ...row, observedUnits: availableUnits, observedRevision: revision, since };
}

/** A rise that waits is now computed from what was just applied: it waits for a later poll. */
export function waitingAnew<T extends ChannelFigure>(row: T, now: Date): T {
  const rises = row.desiredUnits !== null && row.desiredUnits > row.observedUnits;
  return rises ? { ...row, since: now } : row;
}

/**
 * The figure with what it should show; the same object when nothing about it changes. A fall that
 * waits for a poll keeps its date when it falls further: on a shelf that sells without a pause it
 * would wait for ever, and buyers be offered what has gone. One that falls less far is dated anew: it
 * is a rise as soon as what is on its way has landed.
 */
export function withDesired<T extends ChannelFigure>(
  row: T,
  desiredUnits: number | null,
  now: Date,
  { compares }: Pick<StockChannel, 'compares'>,
): T {
  const agrees = desiredUnits === row.observedUnits;
  const refused = row.refused && !agrees;
  if (desiredUnits !== row.desiredUnits) {
    const further = desiredUnits !== null && desiredUnits < (row.desiredUnits ?? 0);
    const fallsOn = !compares && further && isFall(row, row.desiredUnits);
    const since = fallsOn ? row.since : now;
    return { ...row, desiredUnits, since, declinedUnits: null, refused };
  }
  if (agrees && (row.refused || row.declinedUnits !== null)) {
    return { ...row, declinedUnits: null, refused };
  }
  return row;
}

function isFall({ observedUnits }: ChannelFigure, desiredUnits: number | null): boolean {
  return desiredUnits !== null && desiredUnits < observedUnits;
}

/**
 * What a channel location should show of a SKU, given what each location that feeds it may sell by
 * base SKU. Null while none of them has been counted for a part: the figure is not ours to set.
 */
export function desiredUnits(
  products: ProductMap,
  sku: string,
  feeders: readonly ReadonlyMap<string, number>[],
): number | null {
  const known = products
    .partsOf(sku)
    .every((part) => feeders.some((sellable) => sellable.has(part.sku)));
  return known ? products.availableOf(sku, feeders) : null;
}

export function toPublicationState(row: ChannelFigure): PublicationState {
  return {
    observedUnits: row.observedUnits,
    desiredUnits: row.desiredUnits,
    inFlight: row.inFlightBatch !== null,
    declinedUnits: row.declinedUnits,
    sinceMs: row.since.getTime(),
  };
}
