import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { OrderLife } from '@tillbridge/domain';
import { Database } from '@tillbridge/postgres';
import { Clock, StatusBook, Timers } from '@tillbridge/runtime';
import { OrderDecisions } from './order-decisions.js';

const LOOK_EVERY_MS = 30_000;
/** Orders looked at in one run; the rest have their turn in the next. */
const LIMIT = 500;

interface DueRow {
  readonly order_id: string;
  readonly state: OrderLife | null;
  readonly stood_since: Date;
}

/** Looks at the clock for orders that take too long, and says how much is under way. */
@Injectable()
export class OrderWatch implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly decisions: OrderDecisions,
    private readonly clock: Clock,
    private readonly timers: Timers,
    private readonly status: StatusBook,
  ) {}

  onApplicationBootstrap(): void {
    this.timers.every('late-orders', LOOK_EVERY_MS, () => this.look());
    this.status.report('orders', () => this.figures());
  }

  /** Tells orders for which something may be late what time it is, and how long they have stood. */
  async look(): Promise<void> {
    const now = this.clock.now();
    await this.database.inTransaction(async (tx) => {
      const due = await tx.query<DueRow>(
        `SELECT order_id, state, stood_since FROM trade_order
          WHERE due_at <= $1 ORDER BY due_at LIMIT $2`,
        [now, LIMIT],
      );
      await this.decisions.apply(
        tx,
        due.map(({ order_id: orderId, state, stood_since: since }) => ({
          orderId,
          fact: {
            kind: 'clock',
            nowMs: now.getTime(),
            ...(state === null ? {} : { standing: { state, sinceMs: since.getTime() } }),
          },
        })),
      );
    });
  }

  /** `ordersOpenActs`: asked of the outside and not answered yet. */
  private async figures(): Promise<Record<string, number>> {
    const [row] = await this.database.query<{ open: number }>(
      `SELECT count(*)::int AS open FROM outside_act WHERE state = 'asked'`,
    );
    return { ordersOpenActs: row?.open ?? 0 };
  }
}
