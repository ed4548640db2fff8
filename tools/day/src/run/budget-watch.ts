import type { Market } from '../actors/market.js';
import type { Hub } from '../hub/hub.js';
import { BudgetMeter, type BudgetFigures } from './budget-meter.js';

const LOOK_EVERY_MS = 500;

/** Looks at what vendors allow and what is spent of it until it is stopped. */
export class BudgetWatch {
  private readonly meters = new Map<string, BudgetMeter>();
  private readonly timer: NodeJS.Timeout;
  private looking = false;

  constructor(
    private readonly hub: Hub,
    private readonly market: Market,
  ) {
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** By connection; those whose vendor has a limit. */
  figures(): Record<string, BudgetFigures> {
    return Object.fromEntries([...this.meters].map(([id, meter]) => [id, meter.figures()]));
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    const status = await this.hub.statusOf('connector');
    this.looking = false;
    // Without an answer nothing is known of the backlog: the next look measures from there.
    if (status === null) return;
    for (const [connection, budget] of Object.entries(this.market.budgets())) {
      const meter = this.meters.get(connection) ?? new BudgetMeter();
      this.meters.set(connection, meter);
      meter.look({ atMs: Date.now(), use: budget, due: status[`callsDue:${connection}`] ?? 0 });
    }
  }
}
