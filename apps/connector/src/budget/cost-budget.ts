import { stoppedWaiting } from './patience.js';

/** What an answer says of the bucket after it. */
export interface QueryCost {
  readonly requestedQueryCost: number;
  readonly actualQueryCost: number | null;
  readonly throttleStatus: {
    readonly maximumAvailable: number;
    readonly currentlyAvailable: number;
    readonly restoreRate: number;
  };
}

interface Waiter {
  readonly estimated: number;
  readonly priority: number;
  readonly go: () => void;
  readonly fail: (error: Error) => void;
}

interface Flight {
  readonly estimated: number;
  readonly sinceMs: number;
}

/** A call that never answered stops counting after this. */
const FORGET_AFTER_MS = 60_000;

/**
 * Points that an account may spend, where the vendor prices each query and refills a bucket. It
 * begins careful and follows what each answer says of the bucket, less what is still in flight.
 */
export class CostBudget {
  private readonly clock: { now(): number };
  private readonly waiters: Waiter[] = [];
  private flights: Flight[] = [];
  private available: number;
  private maximum: number;
  private restorePerSecond: number;
  private asOfMs: number;
  private timer: NodeJS.Timeout | undefined;
  private waiting = true;

  constructor(
    options: { maximum?: number; restorePerSecond?: number; clock?: { now(): number } } = {},
  ) {
    this.clock = options.clock ?? Date;
    this.maximum = options.maximum ?? 1_000;
    this.restorePerSecond = options.restorePerSecond ?? 50;
    this.available = this.maximum;
    this.asOfMs = this.clock.now();
  }

  /**
   * Resolves when the bucket should hold `estimated` points. A lower `priority` goes first; equals go
   * in turn.
   *
   * @throws Failure `not-ready` when it may not wait.
   */
  take(estimated: number, priority = 1): Promise<void> {
    return new Promise((go, fail) => {
      const after = this.waiters.findIndex((waiter) => waiter.priority > priority);
      const at = after === -1 ? this.waiters.length : after;
      this.waiters.splice(at, 0, { estimated, priority, go, fail });
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

  /** Call with `extensions.cost` of every answer. */
  learn(cost: QueryCost): void {
    const now = this.clock.now();
    this.land(cost.requestedQueryCost);
    this.maximum = cost.throttleStatus.maximumAvailable;
    this.restorePerSecond = cost.throttleStatus.restoreRate;
    const inFlight = this.flights.reduce((sum, flight) => sum + flight.estimated, 0);
    this.available = cost.throttleStatus.currentlyAvailable - inFlight;
    this.asOfMs = now;
    this.drain();
  }

  /** The vendor refused a query of `requested` points. After `learn`, if the answer had a cost. */
  throttled(requested: number): void {
    this.refill();
    // Our picture was too rosy: whatever it said, the bucket does not hold what was just refused.
    this.available = Math.min(this.available, Math.max(0, requested - this.restorePerSecond));
    this.drain();
  }

  private drain(): void {
    clearTimeout(this.timer);
    this.refill();
    while (this.waiters[0] && this.available >= this.needOf(this.waiters[0])) {
      const waiter = this.waiters.shift()!;
      this.available -= waiter.estimated;
      this.flights.push({ estimated: waiter.estimated, sinceMs: this.clock.now() });
      waiter.go();
    }
    if (!this.waiting) {
      for (const { fail } of this.waiters.splice(0)) fail(stoppedWaiting());
    }
    const next = this.waiters[0];
    if (next === undefined) return;
    const waitMs = ((this.needOf(next) - this.available) / this.restorePerSecond) * 1_000;
    this.timer = setTimeout(() => this.drain(), Math.max(1, Math.ceil(waitMs)));
  }

  /** A query dearer than the bucket is let go when the bucket is full: the vendor then decides. */
  private needOf(waiter: Waiter): number {
    return Math.min(waiter.estimated, this.maximum);
  }

  private refill(): void {
    const now = this.clock.now();
    const restored = (Math.max(0, now - this.asOfMs) / 1_000) * this.restorePerSecond;
    this.available = Math.min(this.maximum, this.available + restored);
    this.flights = this.flights.filter((flight) => now - flight.sinceMs < FORGET_AFTER_MS);
    this.asOfMs = now;
  }

  /** Takes the flight whose estimate is nearest off the list: answers do not name their call. */
  private land(requested: number): void {
    let nearest = -1;
    for (const [index, flight] of this.flights.entries()) {
      const best = this.flights[nearest];
      const off = Math.abs(flight.estimated - requested);
      if (best === undefined || off < Math.abs(best.estimated - requested)) nearest = index;
    }
    if (nearest !== -1) this.flights.splice(nearest, 1);
  }
}
