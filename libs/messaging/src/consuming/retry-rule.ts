import { Failure, type FailureCode } from '@tillbridge/contracts';

export type RetryDecision =
  | { readonly kind: 'again'; readonly afterMs: number }
  | { readonly kind: 'park'; readonly code: string };

/** Tries of a Failure that asks to be run again. */
const FAILURE_TRIES = 20;
/** Tries of what looks like a bug. */
const BUG_TRIES = 6;
const BLAMELESS: readonly FailureCode[] = ['database-unavailable', 'query-timeout'];
/** Somebody outside is away, nobody knows for how long: each wait is twice the one before. */
const OUTAGES: readonly FailureCode[] = [
  'vendor-unavailable',
  'vendor-throttled',
  'vendor-unauthorised',
];
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 20_000;
const LONGEST_WAIT_MS = 7 * 86_400_000;
/** Of a wait, by chance, so that what failed together does not come back together. */
const SPREAD = 0.2;

/**
 * A lost database or a service that does not answer is nobody's fault and no try: a restart of
 * another service must not park what waits for it.
 */
export function isBlameless(error: unknown): boolean {
  return error instanceof Failure && BLAMELESS.includes(error.code);
}

/** What follows when a handler threw for the `failures`-th time, of those that count. */
export function decideRetry(error: unknown, failures: number, random: number): RetryDecision {
  if (!(error instanceof Failure)) {
    if (failures >= BUG_TRIES) return { kind: 'park', code: 'bug' };
    const pauseMs = Math.min(FIRST_PAUSE_MS * 4 ** (failures - 1), LONGEST_PAUSE_MS);
    return again(pauseMs, random);
  }
  if (error.retry === 'never') return { kind: 'park', code: error.code };
  const askedMs = Math.max(error.retry.afterMs, 0);
  if (isBlameless(error)) return again(askedMs, random);
  if (failures >= FAILURE_TRIES) return { kind: 'park', code: error.code };
  return again(OUTAGES.includes(error.code) ? askedMs * 2 ** (failures - 1) : askedMs, random);
}

function again(pauseMs: number, random: number): RetryDecision {
  const spread = 1 + SPREAD * random;
  return {
    kind: 'again',
    afterMs: Math.round(Math.min(pauseMs, LONGEST_WAIT_MS / (1 + SPREAD)) * spread),
  };
}
