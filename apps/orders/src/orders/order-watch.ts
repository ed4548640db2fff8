import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '@tillbridge/postgres';
import { Clock, Configuration, CONFIGURATION, StatusBook, Timers } from '@tillbridge/runtime';
import { OrderDecisions } from './order-decisions.js';

const LOOK_EVERY_MS = 30_000;
/** Orders looked at in one run; the rest have their turn in the next. */
const LIMIT = 500;
const OPEN = ['received', 'accepted', 'promised', 'posting', 'posted', 'part-dispatched', 'short'];

/** Looks at the clock for orders that take too long, and says how much is under way. */
@Injectable()
export class OrderWatch implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly decisions: OrderDecisions,
    private readonly clock: Clock,
    private readonly timers: Timers,
    private readonly status: StatusBook,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  onApplicationBootstrap(): void {
    this.timers.every('late-orders', LOOK_EVERY_MS, () => this.look());
    this.status.report('orders', () => this.figures());
  }

  /** Tells orders that are open longer than agreed what time it is. */
  async look(): Promise<void> {
    const nowMs = this.clock.now().getTime();
    const { draftOpenMinutes, undispatchedMinutes } = this.configuration.agreed;
    const before = (minutes: number) => new Date(nowMs - minutes * 60_000);
    await this.database.inTransaction(async (tx) => {
      const late = await tx.query<{ order_id: string }>(
        `SELECT order_id FROM trade_order
          WHERE NOT late AND (state = ANY($1) OR (draft AND state = 'held'))
            AND placed_at < CASE WHEN draft THEN $2::timestamptz ELSE $3::timestamptz END
          ORDER BY placed_at LIMIT $4`,
        [OPEN, before(draftOpenMinutes), before(undispatchedMinutes), LIMIT],
      );
      await this.decisions.apply(
        tx,
        late.map(({ order_id: orderId }) => ({ orderId, fact: { kind: 'clock', nowMs } })),
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
