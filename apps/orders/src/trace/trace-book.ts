import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { OrderState } from '@tillbridge/contracts';
import { emptyOrder, type OrderEvent, type OrderRecord } from '@tillbridge/domain';
import { Database, deleteInBatches } from '@tillbridge/postgres';
import { Timers } from '@tillbridge/runtime';

/** Days for which the steps of an order are kept; the order and its acts are kept for good. */
export const STORY_DAYS = 400;
/** Steps that one answer holds of all its orders, so that it stays well below what NATS carries. */
const STEPS = 1_500;
/** Orders are counted to here: a customer may have any number. */
const COUNTED = 1_000;
const FORGET_EVERY_MS = 3_600_000;

/** An order that a text leads to, with its latest steps. */
export interface StoredTrace {
  readonly record: OrderRecord;
  readonly state: OrderState | null;
  readonly foundBy: readonly string[];
  readonly events: readonly (OrderEvent & { readonly recordedAt: string })[];
}

export interface FoundOrders {
  readonly matches: number;
  readonly orders: readonly StoredTrace[];
}

/** Reads the stories of orders, and lets go of old steps. */
@Injectable()
export class TraceBook implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly timers: Timers,
  ) {}

  onApplicationBootstrap(): void {
    this.timers.every('old-order-steps', FORGET_EVERY_MS, async () => {
      await this.forget();
    });
  }

  /** The newest orders that carry the text, as `lookupValue` makes it; `limit` of them. */
  async find(value: string, limit: number): Promise<FoundOrders> {
    const rows = await this.database.query<TraceRow>(FIND, [
      value,
      UUID.test(value) ? value : null,
      limit,
      Math.floor(STEPS / limit),
    ]);
    return {
      matches: rows[0]?.matches ?? 0,
      orders: rows.map((row) => ({
        record: { ...emptyOrder(row.order_id), ...row.record },
        state: row.state,
        foundBy: row.found_by,
        events: row.events,
      })),
    };
  }

  /** Deletes steps that are older than agreed. Returns how many. */
  forget(): Promise<number> {
    return deleteInBatches(this.database, EXPIRED, STORY_DAYS);
  }
}

interface TraceRow {
  readonly order_id: string;
  readonly matches: number;
  readonly record: Omit<OrderRecord, 'orderId'> | null;
  readonly state: OrderState | null;
  readonly found_by: string[];
  readonly events: (OrderEvent & { readonly recordedAt: string })[];
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const FIND = `
  WITH named AS (
    SELECT order_id, array_agg(DISTINCT kind ORDER BY kind) AS found_by
      FROM (SELECT order_id, kind FROM order_identifier WHERE value = $1 LIMIT ${COUNTED}) i
     GROUP BY order_id
    UNION ALL
    SELECT order_id, ARRAY['order'] FROM trade_order WHERE order_id = $2::uuid
  ), newest AS (
    SELECT o.order_id, o.record, o.state, o.placed_at, named.found_by,
           count(*) OVER ()::int AS matches
      FROM named JOIN trade_order o USING (order_id)
     ORDER BY o.placed_at DESC NULLS LAST, o.order_id LIMIT $3
  )
  SELECT n.order_id, n.record, n.state, n.found_by, n.matches, e.events
    FROM newest n
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(content || jsonb_build_object('recordedAt', recorded_at)
               ORDER BY sequence), '[]'::jsonb) AS events
        FROM (SELECT sequence, recorded_at, content FROM order_event
               WHERE order_id = n.order_id ORDER BY sequence DESC LIMIT $4) latest) e
   ORDER BY n.placed_at DESC NULLS LAST, n.order_id`;

/** The oldest come first by their number, so that a look ends at the first that is young enough. */
const EXPIRED = `
  DELETE FROM order_event WHERE sequence = ANY (ARRAY(
    SELECT sequence FROM (SELECT sequence, recorded_at FROM order_event
                           ORDER BY sequence LIMIT 1000) oldest
     WHERE recorded_at < now() - $1 * interval '1 day'))
  RETURNING 1`;
