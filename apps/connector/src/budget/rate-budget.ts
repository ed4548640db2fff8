import { stoppedWaiting } from './patience.js';

export interface RateBudgetOptions {
  /** Calls a second to begin with, and never more than. */
  readonly perSecond: number;
  /** Calls that may go at once after a quiet time. */
  readonly burst: number;
  readonly clock?: { now(): number };
}

interface Waiter {
  readonly need: number;
  readonly priority: number;
  readonly go: () => void;
  readonly fail: (error: Error) => void;
}

/** Share of the configured rate that a second gives back, up to the ceiling. */
const RECOVERY = 0.25;
/** The rate is cut by the share of calls that were refused, and never by more than this at once. */
const DEEPEST_CUT = 0.5;
/** A cut lowers the ceiling by this share of itself; it rises again slowly. */
const CEILING_SHARE = 0.1;
const CEILING_RECOVERY = 0.05;
const SLOWEST_SHARE = 1 / 16;
const LESSON_MS = 1_000;
/** Waited out when refusals follow one another and the vendor names no time; doubled each time. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;

/**
 * Calls that an account may make, where the vendor counts calls. It learns: refusals cut the rate by
 * the share of calls that were refused since the last cut, quiet seconds bring it back. So one refusal
 * among many costs little, and a vendor that allows half is asked half. One for each account, shared by
 * all that call it.
 */
export class RateBudget {
  private readonly clock: { now(): number };
  private readonly waiters: Waiter[] = [];
  private rate: number;
  private tokens: number;
  private ceiling: number;
  private asOfMs: number;
  private blockedUntilMs = 0;
  private cutAtMs = Number.NEGATIVE_INFINITY;
  /** Since the last cut. */
  private readonly since = { sent: 0, refused: 0 };
  private inARow = 0;
  private timer: NodeJS.Timeout | undefined;
  private waiting = true;

  constructor(private readonly options: RateBudgetOptions) {
    this.clock = options.clock ?? Date;
    this.rate = options.perSecond;
    this.ceiling = options.perSecond;
    // What a process before us has spent is unknown: a whole burst at once could be refused.
    this.tokens = Math.max(1, options.burst / 4);
    this.asOfMs = this.clock.now();
  }

  /** Calls a second that it allows now. */
  get perSecond(): number {
    return this.rate;
  }

  /**
   * Resolves when `n` calls may be made. A lower `priority` goes first; equals go in turn.
   *
   * @throws Failure `not-ready` when it may not wait.
   */
  take(n = 1, priority = 1): Promise<void> {
    return new Promise((go, fail) => {
      const after = this.waiters.findIndex((waiter) => waiter.priority > priority);
      const waiter = { need: Math.min(n, Math.max(1, this.options.burst)), priority, go, fail };
      this.waiters.splice(after === -1 ? this.waiters.length : after, 0, waiter);
      this.drain();
    });
  }

  callsWaiting(): number {
    return this.waiters.length;
  }

  /** False while the connector leaves a vendor: what cannot go at once fails. */
  mayWait(allowed: boolean): void {
    this.waiting = allowed;
    this.drain();
  }

  /** A call was let through: the next refusal is a first one again. */
  succeeded(): void {
    this.inARow = 0;
  }

  /** The vendor said 429. Nothing goes before `retryAfterMs` is over. */
  refused(retryAfterMs?: number): void {
    this.refill();
    const now = this.clock.now();
    this.since.refused += 1;
    // Calls that were in flight together are refused together: that is one lesson, not many.
    if (now - this.cutAtMs >= LESSON_MS) {
      this.cut();
      this.cutAtMs = now;
      this.inARow += 1;
    }
    // A lone refusal only ends the burst: the next call goes after one turn of the rate.
    const ourWaitMs =
      this.inARow <= 1 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.inARow - 2));
    this.tokens = Math.min(this.tokens, 0);
    this.blockedUntilMs = Math.max(this.blockedUntilMs, now + (retryAfterMs ?? ourWaitMs));
    this.drain();
  }

  private cut(): void {
    const { sent, refused } = this.since;
    const share = Math.min(DEEPEST_CUT, sent > refused ? refused / sent : 1);
    const slowest = this.options.perSecond * SLOWEST_SHARE;
    this.ceiling = Math.max(slowest, this.ceiling * (1 - share * CEILING_SHARE));
    this.rate = Math.max(slowest, this.rate * (1 - share));
    this.since.sent = 0;
    this.since.refused = 0;
  }

  private drain(): void {
    clearTimeout(this.timer);
    this.refill();
    const now = this.clock.now();
    while (this.waiters[0] && now >= this.blockedUntilMs && this.tokens >= this.waiters[0].need) {
      const waiter = this.waiters.shift()!;
      this.tokens -= waiter.need;
      this.since.sent += waiter.need;
      waiter.go();
    }
    if (!this.waiting) {
      for (const { fail } of this.waiters.splice(0)) fail(stoppedWaiting());
    }
    const next = this.waiters[0];
    if (next === undefined) return;
    const forTokensMs = ((next.need - this.tokens) / this.rate) * 1_000;
    const waitMs = Math.max(1, forTokensMs, this.blockedUntilMs - now);
    this.timer = setTimeout(() => this.drain(), Math.ceil(waitMs));
  }

  private refill(): void {
    const now = this.clock.now();
    const fromMs = Math.max(this.asOfMs, Math.min(this.blockedUntilMs, now));
    const seconds = Math.max(0, now - fromMs) / 1_000;
    const { perSecond, burst } = this.options;
    this.tokens = Math.min(Math.max(1, burst), this.tokens + seconds * this.rate);
    this.ceiling = Math.min(perSecond, this.ceiling + seconds * perSecond * CEILING_RECOVERY);
    this.rate = Math.min(this.ceiling, this.rate + seconds * perSecond * RECOVERY);
    this.asOfMs = now;
  }
}
