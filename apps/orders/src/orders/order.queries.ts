import { Controller } from '@nestjs/common';
import {
  AskExceptions,
  AskOrderFigures,
  AskOrders,
  OpenExceptions,
  OrderFigures,
  OrderPage,
  type OrderState,
  type OrderSummary,
} from '@tillbridge/contracts';
import type { OrderMilestone } from '@tillbridge/domain';
import { Answers } from '@tillbridge/messaging';
import { Database, ExceptionBook } from '@tillbridge/postgres';

const PAGE_LIMIT = 1_000;
const MILESTONES: readonly OrderMilestone[] = [
  'placed',
  'accepted',
  'held',
  'short',
  'posted',
  'dispatched',
  'cancelled',
];

/** Answers about trade orders. Orders that are kept only for trace are listed, not counted. */
@Controller()
export class OrderQueries {
  constructor(
    private readonly database: Database,
    private readonly exceptions: ExceptionBook,
  ) {}

  @Answers(AskOrderFigures)
  async figures(_question: AskOrderFigures): Promise<OrderFigures> {
    const states = await this.database.query<{ state: OrderState; orders: number }>(
      `SELECT state, count(*)::int AS orders FROM trade_order
        WHERE state IS NOT NULL GROUP BY state`,
    );
    const milestones = await this.database.query<{ milestone: OrderMilestone; orders: number }>(
      `SELECT milestone, count(*)::int AS orders
         FROM trade_order, unnest(ever) AS milestone GROUP BY milestone`,
    );
    const [open] = await this.database.query<{ dispatches: number }>(
      `SELECT count(*)::int AS dispatches FROM outside_act
        WHERE kind = 'dispatch' AND state = 'asked'`,
    );
    const ever = new Map(milestones.map(({ milestone, orders }) => [milestone, orders]));
    return Object.assign(new OrderFigures(), {
      byState: Object.fromEntries(states.map(({ state, orders }) => [state, orders])),
      dispatchesToReport: open?.dispatches ?? 0,
      ever: Object.fromEntries(MILESTONES.map((name) => [name, ever.get(name) ?? 0])),
    });
  }

  @Answers(AskOrders)
  async orders(question: AskOrders): Promise<OrderPage> {
    const limit = Math.min(PAGE_LIMIT, Math.max(1, question.limit));
    const orders = await this.database.query<OrderSummary>(
      `SELECT o.order_id AS "orderId", o.name, o.vendor_id AS "vendorId", o.state, o.draft,
              o.po_number AS "poNumber", coalesce(p.postings, '[]'::jsonb) AS postings
         FROM trade_order o
         LEFT JOIN LATERAL (
           SELECT jsonb_agg(jsonb_build_object('postingId', act_id, 'locationId', location_id,
                    'posOrderId', vendor_reference, 'state', a.state) ORDER BY location_id) AS postings
             FROM outside_act a WHERE a.order_id = o.order_id AND a.kind = 'posting') p ON true
        WHERE o.state IS NOT NULL
          AND ($1::text[] IS NULL OR o.state = ANY($1))
          AND ($2::uuid IS NULL OR o.order_id > $2)
        ORDER BY o.order_id LIMIT $3`,
      [question.states ?? null, question.afterOrderId ?? null, limit],
    );
    return Object.assign(new OrderPage(), { orders });
  }

  @Answers(AskExceptions)
  async openExceptions({ code }: AskExceptions): Promise<OpenExceptions> {
    return Object.assign(new OpenExceptions(), { exceptions: await this.exceptions.open(code) });
  }
}
