/** One (channel location, SKU) as the channel shows it and as it should. */
export interface PublicationState {
  /** The channel's own figure, below zero when it oversold; null when the SKU is not on it. */
  readonly observedUnits: number | null;
  /** Null while no master has told us of the goods: then the figure is not ours to set. */
  readonly desiredUnits: number | null;
  readonly inFlight: boolean;
  /** The desired figure that the channel refused, or that was not sent in mode observe. */
  readonly declinedUnits: number | null;
  /** Our clock, when the last input of the row was applied. */
  readonly sinceMs: number;
}

export type PublicationDecision = 'send-fall' | 'send-rise' | 'wait' | 'none';

/**
 * Decides whether the channel is to be told. A fall goes at once: the channel compares before it
 * sets. A rise waits until a completed poll shows that we know every order and draft older than the
 * figures it was computed from, for the channel may have sold what we have not seen.
 */
export function decidePublication(
  row: PublicationState,
  completeThroughMs: number | null,
): PublicationDecision {
  const { observedUnits, desiredUnits } = row;
  if (observedUnits === null || desiredUnits === null) return 'none';
  if (observedUnits === desiredUnits || desiredUnits === row.declinedUnits) return 'none';
  if (row.inFlight) return 'wait';
  if (desiredUnits < observedUnits) return 'send-fall';
  return completeThroughMs !== null && completeThroughMs >= row.sinceMs ? 'send-rise' : 'wait';
}
