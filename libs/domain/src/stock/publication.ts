import type { StockChannel } from './stock-merchant.js';

/** One (channel location, SKU) as the channel shows it and as it should. */
export interface PublicationState {
  /** The channel's own figure, below zero when it oversold; null when the SKU is not on it. */
  readonly observedUnits: number | null;
  /** Null while no master has told us of the goods: then the figure is not ours to set. */
  readonly desiredUnits: number | null;
  readonly inFlight: boolean;
  /** The desired figure that the channel refused, or that was not sent in mode observe. */
  readonly declinedUnits: number | null;
  /** Our clock, when the last input was applied that a poll has to cover. */
  readonly sinceMs: number;
}

export type PublicationDecision = 'send-fall' | 'send-rise' | 'wait' | 'none';

/**
 * Decides whether the channel is to be told. A fall goes at once where the channel compares before it
 * sets. A rise waits until a completed poll shows that we know every order and draft older than the
 * figures it was computed from, for the channel may have sold what we have not seen. Where the channel
 * does not compare, a fall waits likewise: it would overwrite a deeper one that we have not seen.
 */
export function decidePublication(
  row: PublicationState,
  completeThroughMs: number | null,
  { compares }: Pick<StockChannel, 'compares'>,
): PublicationDecision {
  const { observedUnits, desiredUnits } = row;
  if (observedUnits === null || desiredUnits === null) return 'none';
  if (observedUnits === desiredUnits || desiredUnits === row.declinedUnits) return 'none';
  if (row.inFlight) return 'wait';
  const told = desiredUnits < observedUnits ? 'send-fall' : 'send-rise';
  if (told === 'send-fall' && compares) return told;
  return completeThroughMs !== null && completeThroughMs >= row.sinceMs ? told : 'wait';
}
