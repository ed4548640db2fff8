import { Injectable } from '@nestjs/common';
import {
  currentOf,
  emptyOrder,
  nextLookMs,
  type FactSource,
  type OrderRecord,
} from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import { Clock } from '@tillbridge/runtime';
import { historyOf, type DecidedOrder } from '../trace/order-history.js';
import { actsOf } from './outside-act.js';
import { OrderPolicies } from './order-policies.js';

/** A cart of the trade shop, as the platform's connection names it. */
export interface CartKey {
  readonly connectionId: string;
  readonly cartId: string;
}

/** What the trade shop says of a cart. */
export interface CartPurchase {
  readonly revision: number;
  readonly poNumber?: string;
  readonly source?: FactSource;
}

/** The SQL of the trade orders. Locks are always taken in the same order: carts, then orders. */
@Injectable()
export class OrderBook {
  constructor(
    private readonly policies: OrderPolicies,
    private readonly clock: Clock,
  ) {}

  /** The records, locked until the transaction ends; rows that are missing are made first. */
  async lock(tx: Transaction, orderIds: Iterable<string>): Promise<Map<string, OrderRecord>> {
    const ids = [...new Set(orderIds)].sort();
    if (ids.length === 0) return new Map();
    await tx.query(
      `INSERT INTO trade_order (order_id)
       SELECT id FROM unnest($1::uuid[]) AS id ORDER BY id ON CONFLICT DO NOTHING`,
      [ids],
    );
    const rows = await tx.query<{ order_id: string; record: StoredRecord | null }>(
      `SELECT order_id, record FROM trade_order
        WHERE order_id = ANY($1::uuid[]) ORDER BY order_id FOR UPDATE`,
      [ids],
    );
    return new Map(
      rows.map((row) => [row.order_id, { ...emptyOrder(row.order_id), ...row.record }]),
    );
  }

  /** Locks carts, so that two orders with one cart id never pass each other unseen. */
  async lockCarts(tx: Transaction, carts: readonly CartKey[]): Promise<Map<string, CartPurchase>> {
    const { connections, ids } = columnsOf(carts);
    if (ids.length === 0) return new Map();
    await tx.query(
      `INSERT INTO cart (connection_id, cart_id)
       SELECT connection_id, cart_id FROM unnest($1::text[], $2::text[]) AS c (connection_id, cart_id)
        ORDER BY connection_id, cart_id ON CONFLICT DO NOTHING`,
      [connections, ids],
    );
    const rows = await tx.query<CartRow>(
      `SELECT cart.connection_id, cart.cart_id, purchase_revision, po_number, told FROM cart
         JOIN unnest($1::text[], $2::text[]) AS c (connection_id, cart_id) USING (connection_id, cart_id)
        ORDER BY cart.connection_id, cart.cart_id FOR UPDATE OF cart`,
      [connections, ids],
    );
    const purchases = new Map<string, CartPurchase>();
    for (const row of rows) {
      if (row.purchase_revision === null) continue;
      purchases.set(cartText({ connectionId: row.connection_id, cartId: row.cart_id }), {
        revision: row.purchase_revision,
        ...(row.po_number === null ? {} : { poNumber: row.po_number }),
        ...(row.told === null ? {} : { source: row.told }),
      });
    }
    return purchases;
  }

  /** Keeps what the trade shop says of locked carts, where it is newer. */
  async savePurchases(
    tx: Transaction,
    purchases: readonly (CartKey & CartPurchase)[],
  ): Promise<void> {
    await tx.query(
      `UPDATE cart SET purchase_revision = p.revision, po_number = p.po_number, told = p.told
         FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::jsonb[])
           AS p (connection_id, cart_id, revision, po_number, told)
        WHERE cart.connection_id = p.connection_id AND cart.cart_id = p.cart_id
          AND coalesce(cart.purchase_revision, 0) < p.revision`,
      [
        purchases.map((purchase) => purchase.connectionId),
        purchases.map((purchase) => purchase.cartId),
        purchases.map((purchase) => purchase.revision),
        purchases.map((purchase) => purchase.poNumber ?? null),
        purchases.map(({ source }) => (source === undefined ? null : JSON.stringify(source))),
      ],
    );
  }

  /** The orders that carry one of the carts. */
  async withCarts(
    tx: Transaction,
    carts: readonly CartKey[],
  ): Promise<(CartKey & { readonly orderId: string })[]> {
    const { connections, ids } = columnsOf(carts);
    const rows = await tx.query<CartRow & { order_id: string }>(
      `SELECT order_id, connection_id, cart_id FROM trade_order
         JOIN unnest($1::text[], $2::text[]) AS c (connection_id, cart_id) USING (connection_id, cart_id)`,
      [connections, ids],
    );
    return rows.map((row) => ({
      orderId: row.order_id,
      connectionId: row.connection_id,
      cartId: row.cart_id,
    }));
  }

  /** The orders among these that have a row, with their cart where they have one. */
  async known(
    tx: Transaction,
    orderIds: readonly string[],
  ): Promise<Map<string, CartKey | undefined>> {
    const rows = await tx.query<{
      order_id: string;
      connection_id: string | null;
      cart_id: string | null;
    }>(
      `SELECT order_id, connection_id, cart_id FROM trade_order WHERE order_id = ANY($1::uuid[])`,
      [orderIds],
    );
    return new Map(
      rows.map(({ order_id: id, connection_id: connectionId, cart_id: cartId }) => [
        id,
        connectionId === null || cartId === null ? undefined : { connectionId, cartId },
      ]),
    );
  }

  /**
   * Writes records that were locked, what was asked of the outside for them, and what their story
   * gains, in one statement.
   */
  async save(tx: Transaction, decided: readonly DecidedOrder[]): Promise<void> {
    if (decided.length === 0) return;
    const records = decided.map(({ decision }) => decision.record);
    const acts = records.flatMap((record) =>
      actsOf(record, (connectionId) => this.policies.isObserving(connectionId)),
    );
    const { events, identifiers } = historyOf(decided);
    await tx.query(SAVE, [
      JSON.stringify(decided.map((each) => ({ ...rowOf(each), ...this.lookOf(each) }))),
      JSON.stringify(acts),
      JSON.stringify(events),
      JSON.stringify(identifiers),
    ]);
  }

  /**
   * When the clock has to be looked at for an order next. That changes when the order moves and when
   * it was looked at: else `moved` and `looked` leave it as it is.
   */
  private lookOf({ held, facts, decision: { record } }: DecidedOrder) {
    const look = facts.map(({ fact }) => fact).findLast((fact) => fact.kind === 'clock');
    const moved = held.state !== record.state || isDraft(held) !== isDraft(record);
    if (!moved && look === undefined) return { moved, looked: false, due_at: null };
    const nowMs = this.clock.now().getTime();
    const sinceMs = moved ? nowMs : (look?.standing?.sinceMs ?? nowMs);
    const standing = record.state === null ? undefined : { state: record.state, sinceMs };
    const { agreed } = this.policies.policyOf(currentOf(record.facts)?.connectionId);
    const dueMs = nextLookMs(record, standing, agreed);
    return {
      moved,
      looked: true,
      stood_since: new Date(sinceMs),
      due_at: dueMs === undefined ? null : new Date(dueMs),
    };
  }
}

const SAVE = `
  WITH saved AS (
    UPDATE trade_order SET (record, state, draft, connection_id, vendor_id, name, cart_id,
        customer_id, placed_at, po_number, currency, total_minor, ever, revision, stood_since, due_at, changed_at)
      = (r.record::json, r.state, r.draft, r.connection_id, r.vendor_id, r.name, r.cart_id,
        r.customer_id, r.placed_at, r.po_number, r.currency, r.total_minor, r.ever, r.revision,
        CASE WHEN r.moved THEN r.stood_since ELSE trade_order.stood_since END,
        CASE WHEN r.looked THEN r.due_at ELSE trade_order.due_at END, now())
      FROM jsonb_to_recordset($1::jsonb) AS r (order_id uuid, record text, state text,
        draft boolean, connection_id text, vendor_id text, name text, cart_id text,
        customer_id text, placed_at timestamptz, po_number text, currency char(3), total_minor bigint,
        ever text[], revision integer, moved boolean, looked boolean, stood_since timestamptz,
        due_at timestamptz)
     WHERE trade_order.order_id = r.order_id
  ), acted AS (
    INSERT INTO outside_act (act_id, order_id, kind, location_id, amount_minor, state, vendor_reference)
    SELECT act_id, order_id, kind, location_id, amount_minor, state, vendor_reference
      FROM jsonb_to_recordset($2::jsonb) AS a (act_id uuid, order_id uuid, kind text,
        location_id text, amount_minor bigint, state text, vendor_reference text)
    ON CONFLICT (act_id) DO UPDATE
      SET state = excluded.state, vendor_reference = excluded.vendor_reference
      WHERE (outside_act.state, outside_act.vendor_reference)
        IS DISTINCT FROM (excluded.state, excluded.vendor_reference)
  ), named AS (
    INSERT INTO order_identifier (value, kind, order_id)
    SELECT value, kind, order_id
      FROM jsonb_to_recordset($4::jsonb) AS i (value text, kind text, order_id uuid)
     ORDER BY value, kind, order_id
    ON CONFLICT DO NOTHING
  )
  INSERT INTO order_event (order_id, content)
  SELECT order_id, content
    FROM jsonb_to_recordset($3::jsonb) AS e (order_id uuid, content jsonb)`;

/** One text for a cart, to keep it in a map. */
export function cartText({ connectionId, cartId }: CartKey): string {
  return `${connectionId} ${cartId}`;
}

type StoredRecord = Omit<OrderRecord, 'orderId'>;

interface CartRow {
  readonly connection_id: string;
  readonly cart_id: string;
  readonly purchase_revision: number | null;
  readonly po_number: string | null;
  readonly told: FactSource | null;
}

function columnsOf(carts: readonly CartKey[]): { connections: string[]; ids: string[] } {
  const single = [...new Map(carts.map((cart) => [cartText(cart), cart])).values()];
  return {
    connections: single.map(({ connectionId }) => connectionId),
    ids: single.map(({ cartId }) => cartId),
  };
}

function isDraft({ facts }: OrderRecord): boolean {
  return facts.order === undefined;
}

function rowOf({ decision }: DecidedOrder): object {
  const { orderId, ...record } = decision.record;
  const { facts, view, state, ever, revision } = record;
  const current = currentOf(facts);
  return {
    order_id: orderId,
    record: JSON.stringify(record),
    state,
    draft: current !== undefined && facts.order === undefined,
    connection_id: current?.connectionId ?? null,
    vendor_id: current?.vendorId ?? null,
    name: current?.name ?? null,
    cart_id: current?.cartId ?? facts.draft?.cartId ?? null,
    customer_id: view?.customerId ?? null,
    placed_at: current?.placedAt ?? null,
    po_number: view?.poNumber ?? null,
    currency: current?.currency ?? null,
    total_minor: view?.totalMinor ?? current?.totalMinor ?? null,
    ever,
    revision,
  };
}
