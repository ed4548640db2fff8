import type { Market } from './market.js';

/** When a vendor answered nobody, in epoch milliseconds. */
export interface OutageSpan {
  readonly vendor: 'square';
  readonly beganMs: number;
  readonly endedMs: number;
}

/**
 * Takes the API of the POS away for the middle third of the day: first connections break, then all
 * is answered with 503. The stores go on selling, and its webhooks come.
 */
export class PosOutage {
  private beganMs: number | undefined;
  private endedMs: number | undefined;

  constructor(
    private readonly market: Market,
    private readonly events: number,
  ) {}

  /** Called before the event of this number happens. */
  before(event: number): void {
    const third = this.events / 3;
    const { world } = this.market;
    if (event >= third && this.beganMs === undefined) {
      this.beganMs = world.now();
      world.outages.set('square', 'refuses');
    }
    if (event >= third * 1.5 && this.endedMs === undefined) {
      world.outages.set('square', 'unavailable');
    }
    if (event >= third * 2) this.end();
  }

  end(): void {
    if (this.beganMs === undefined || this.endedMs !== undefined) return;
    this.endedMs = this.market.world.now();
    this.market.world.outages.delete('square');
  }

  spans(): OutageSpan[] {
    const { beganMs, endedMs } = this;
    if (beganMs === undefined || endedMs === undefined) return [];
    return [{ vendor: 'square', beganMs, endedMs }];
  }

  /** Calls that were not served. */
  calls(): number {
    return this.market.world.journal.filter(({ call }) => call === 'fault:outage').length;
  }
}
