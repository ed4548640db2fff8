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
}

/** Share of the configured rate that a second without refusals gives back. */
const RECOVERY = 0.05;
/** Above the rate that was refused last we feel our way: a tenth of the usual recovery. */
const CAUTION = 0.1;
const SLOWEST_SHARE = 1 / 16;
const DEFAULT_WAIT_MS = 1_000;

/**
 * Calls that an account may make, where the vendor counts calls. It learns: a refusal halves the
 * rate and is waited out, quiet seconds bring it back. One for each account, shared by all that
 * call it.
 */
export class RateBudget {
  private readonly clock: { now(): number };
  private readonly waiters: Waiter[] = [];
  private rate: number;
  private tokens: number;
  private ceiling: number;
  private asOfMs: number;
  private blockedUntilMs = 0;
  private halvedAtMs = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: RateBudgetOptions) {
    this.clock = options.clock ?? Date;
    this.rate = options.perSecond;
    this.ceiling = options.perSecond;
    this.tokens = Math.max(1, options.burst);
    this.asOfMs = this.clock.now();
  }

  /** Calls a second that it allows now. */
  get perSecond(): number {
    return this.rate;
  }

  /** Resolves when `n` calls may be made. A lower `priority` goes first; equals go in turn. */
  take(n = 1, priority = 1): Promise<void> {
    return new Promise((go) => {
      const after = this.waiters.findIndex((waiter) => waiter.priority > priority);
      const waiter = { need: Math.min(n, Math.max(1, this.options.burst)), priority, go };
      this.waiters.splice(after === -1 ? this.waiters.length : after, 0, waiter);
      this.drain();
    });
  }

  /** The vendor said 429. Nothing goes before `retryAfterMs` is over. */
  refused(retryAfterMs: number = DEFAULT_WAIT_MS): void {
    this.refill();
    const now = this.clock.now();
    // Calls that were in flight together are refused together: that is one lesson, not many.
    if (now - this.halvedAtMs >= 1_000) {
      this.ceiling = Math.max(this.rate * 0.9, this.options.perSecond * SLOWEST_SHARE);
      this.rate = Math.max(this.rate / 2, this.options.perSecond * SLOWEST_SHARE);
      this.halvedAtMs = now;
    }
    this.tokens = 0;
    this.blockedUntilMs = Math.max(this.blockedUntilMs, now + retryAfterMs);
    this.drain();
  }

  private drain(): void {
    clearTimeout(this.timer);
    this.refill();
    const now = this.clock.now();
    while (this.waiters[0] && now >= this.blockedUntilMs && this.tokens >= this.waiters[0].need) {
      const waiter = this.waiters.shift()!;
      this.tokens -= waiter.need;
      waiter.go();
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
    const pace = this.options.perSecond * RECOVERY * (this.rate < this.ceiling ? 1 : CAUTION);
    this.tokens = Math.min(Math.max(1, this.options.burst), this.tokens + seconds * this.rate);
    this.rate = Math.min(this.options.perSecond, this.rate + seconds * pace);
    this.asOfMs = now;
  }
}
