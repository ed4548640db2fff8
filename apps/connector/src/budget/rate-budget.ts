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

/** Share of the configured rate that a second gives back, up to the ceiling. */
const RECOVERY = 0.25;
/** A refusal lowers the ceiling a little; it rises again slowly. */
const CEILING_CUT = 0.95;
const CEILING_RECOVERY = 0.05;
const SLOWEST_SHARE = 1 / 16;
/** Waited out when the vendor names no time; doubled with each refusal until a call succeeds. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;

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
  private inARow = 0;
  private timer: NodeJS.Timeout | undefined;

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

  /** Resolves when `n` calls may be made. A lower `priority` goes first; equals go in turn. */
  take(n = 1, priority = 1): Promise<void> {
    return new Promise((go) => {
      const after = this.waiters.findIndex((waiter) => waiter.priority > priority);
      const waiter = { need: Math.min(n, Math.max(1, this.options.burst)), priority, go };
      this.waiters.splice(after === -1 ? this.waiters.length : after, 0, waiter);
      this.drain();
    });
  }

  /** A call was let through: the next refusal is a first one again. */
  succeeded(): void {
    this.inARow = 0;
  }

  /** The vendor said 429. Nothing goes before `retryAfterMs` is over. */
  refused(retryAfterMs?: number): void {
    this.refill();
    const now = this.clock.now();
    // Calls that were in flight together are refused together: that is one lesson, not many.
    if (now - this.halvedAtMs >= 1_000) {
      const slowest = this.options.perSecond * SLOWEST_SHARE;
      this.ceiling = Math.max(slowest, this.ceiling * CEILING_CUT);
      this.rate = Math.max(slowest, this.rate / 2);
      this.halvedAtMs = now;
      this.inARow += 1;
    }
    const ourWaitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, this.inARow - 1));
    this.tokens = Math.min(this.tokens, 0);
    this.blockedUntilMs = Math.max(this.blockedUntilMs, now + (retryAfterMs ?? ourWaitMs));
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
    const { perSecond, burst } = this.options;
    this.tokens = Math.min(Math.max(1, burst), this.tokens + seconds * this.rate);
    this.ceiling = Math.min(perSecond, this.ceiling + seconds * perSecond * CEILING_RECOVERY);
    this.rate = Math.min(this.ceiling, this.rate + seconds * perSecond * RECOVERY);
    this.asOfMs = now;
  }
}
