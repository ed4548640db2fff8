import type { StreamState } from '@tillbridge/runtime';

export interface RememberedStream {
  readonly created: string;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly lastAt: Date | null;
  /** When it was looked at. */
  readonly seenAt: Date;
}

/** Why a stream cannot hold what it held, or has got since; null when it can. */
export function decideStreamLoss(
  remembered: RememberedStream,
  seen: StreamState,
  nowMs: number,
): 'made anew' | 'put back to an older state' | 'emptied' | null {
  if (seen.created !== remembered.created) return 'made anew';
  if (seen.lastSequence < remembered.lastSequence) return 'put back to an older state';
  const youngest = youngestGone(remembered, seen);
  // What was too old to be kept is rightly gone.
  return youngest !== null && nowMs - youngest.getTime() < seen.maxAgeMs ? 'emptied' : null;
}

/** No message younger than this is known to be gone; null when none is. */
function youngestGone(remembered: RememberedStream, seen: StreamState): Date | null {
  const { firstSequence, lastSequence, lastAt, seenAt } = remembered;
  // These came after the last look, and are gone already.
  if (seen.firstSequence > lastSequence + 1) return seenAt;
  const held = lastSequence > 0 && firstSequence <= lastSequence;
  return held && seen.firstSequence > lastSequence ? lastAt : null;
}
