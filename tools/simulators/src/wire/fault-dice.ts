/** Shares from 0 to 1: the first four for each webhook, the others for each call. */
export interface FaultRates {
  /** The same webhook is delivered a second time. */
  readonly duplicate: number;
  /** A webhook waits before its first delivery. */
  readonly late: number;
  /** A webhook lets the ones behind it pass. */
  readonly reorder: number;
  /** A webhook is never delivered. */
  readonly lost: number;
  /** A call is refused as too many. */
  readonly throttle: number;
  /** A call fails before anything was done. */
  readonly error500: number;
  /** A call is done, and its answer never arrives. */
  readonly timeoutAfterWrite: number;
  /** A call is answered late. */
  readonly slow: number;
}

export type FaultLevel = 'off' | 'mild' | 'wild';

export const FAULTS: Readonly<Record<FaultLevel, FaultRates>> = {
  off: {
    duplicate: 0,
    late: 0,
    reorder: 0,
    lost: 0,
    throttle: 0,
    error500: 0,
    timeoutAfterWrite: 0,
    slow: 0,
  },
  mild: {
    duplicate: 0.03,
    late: 0.03,
    reorder: 0.03,
    lost: 0.01,
    throttle: 0.005,
    error500: 0.005,
    timeoutAfterWrite: 0.003,
    slow: 0.01,
  },
  wild: {
    duplicate: 0.15,
    late: 0.15,
    reorder: 0.15,
    lost: 0.05,
    throttle: 0.025,
    error500: 0.025,
    timeoutAfterWrite: 0.015,
    slow: 0.05,
  },
};

/**
 * Decides by seed what goes wrong. Each kind of fault has a sequence of its own for every endpoint and
 * for every vendor's webhooks, so that the fate of the hundredth order does not depend on how many
 * other calls came between.
 */
export class FaultDice {
  /** How often each kind has come up. */
  readonly counts: Record<string, number> = {};
  /** While true nothing more goes wrong; set for settling. */
  quiet = false;
  private readonly sequences = new Map<string, () => number>();

  constructor(
    private readonly seed: number,
    private readonly rates: FaultRates,
  ) {}

  /** `of` names what it may happen to: an endpoint, or the webhooks of a vendor. */
  roll(kind: keyof FaultRates, of: string): boolean {
    const comesUp = this.next(`${kind} ${of}`) < this.rates[kind];
    if (!comesUp || this.quiet) return false;
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    return true;
  }

  /** A whole number of milliseconds between the two, both included. */
  delayMs(minMs: number, maxMs: number): number {
    return minMs + Math.floor(this.next('delay') * (maxMs - minMs + 1));
  }

  private next(kind: string): number {
    let sequence = this.sequences.get(kind);
    if (sequence === undefined) {
      sequence = randomSequence(this.seed ^ textHash(kind));
      this.sequences.set(kind, sequence);
    }
    return sequence();
  }
}

/** The mulberry32 generator: numbers from 0 up to, not including, 1. The same seed, the same ones. */
export function randomSequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** FNV-1a. */
function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
}
