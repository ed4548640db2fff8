import { Failure, type FailureCode } from '@tillbridge/contracts';

export type RetryDecision =
  /** `counts`: the message is to blame, so the try is one of its bounded number. */
  | { readonly kind: 'again'; readonly afterMs: number; readonly counts: boolean }
  | { readonly kind: 'park'; readonly code: string };

/** Tries of a Failure that asks to be run again. */
const FAILURE_TRIES = 20;
/** Tries of what looks like a bug. */
const BUG_TRIES = 6;
const BLAMELESS: readonly FailureCode[] = ['database-unavailable', 'query-timeout'];
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 20_000;
const LONGEST_FAILURE_PAUSE_MS = 86_400_000;

/**
 * What follows when a handler threw for the `failures`-th time.
 *
 * A lost database or a service that does not answer is nobody's fault and no try: a restart of
 * another service must not park what waits for it. Waits are spread by up to a fifth, so that what failed together does not come back together.
 */
export function decideRetry(error: unknown, failures: number, random: number): RetryDecision {
  const spread = 1 + 0.2 * random;
  if (!(error instanceof Failure)) {
    if (failures >= BUG_TRIES) return { kind: 'park', code: 'bug' };
    const pauseMs = Math.min(FIRST_PAUSE_MS * 4 ** (failures - 1), LONGEST_PAUSE_MS);
    return { kind: 'again', afterMs: Math.round(pauseMs * spread), counts: true };
  }
  if (error.retry === 'never') return { kind: 'park', code: error.code };
  const afterMs = Math.min(Math.max(error.retry.afterMs, 0), LONGEST_FAILURE_PAUSE_MS);
  if (BLAMELESS.includes(error.code)) {
    return { kind: 'again', afterMs: Math.round(afterMs * spread), counts: false };
  }
  if (failures >= FAILURE_TRIES) return { kind: 'park', code: error.code };
  return { kind: 'again', afterMs: Math.round(afterMs * spread), counts: true };
}
