import { Injectable } from '@nestjs/common';
import type { OrderState, PaymentMethod, Receivable } from '@tillbridge/contracts';
import { Database, type Transaction } from '@tillbridge/postgres';
import type { OrderPayment } from './order-payment.js';

/** The SQL of orders as finance sees them. */
@Injectable()
export class PaymentBook {
  constructor(private readonly database: Database) {}

  /** Locked in order of id until the transaction ends; rows that are missing are made first. */
  async lock(tx: Transaction, orderIds: readonly string[]): Promise<OrderPayment[]> {
    const ids = [...new Set(orderIds)].sort();
    await tx.query(
      `INSERT INTO order_payment (order_id)
       SELECT id FROM unnest($1::uuid[]) AS id ORDER BY id ON CONFLICT DO NOTHING`,
      [ids],
    );
    const rows = await tx.query<PaymentRow>(
      `SELECT * FROM order_payment WHERE order_id = ANY($1::uuid[]) ORDER BY order_id FOR UPDATE`,
      [ids],
    );
    return rows.map(fromRow);
  }

  async save(tx: Transaction, payments: readonly OrderPayment[]): Promise<void> {
    if (payments.length === 0) return;
    await tx.query(
      `UPDATE order_payment SET (order_revision, order_name, connection_id, order_state, draft,
           payment_method, currency, total_minor, tender_method, tender_outcome, tender_name,
           tender_kind, ever_opened, receivable_state, receivable_minor, receivable_revision,
           changed_at)
         = (r.order_revision, r.order_name, r.connection_id, r.order_state, r.draft,
           r.payment_method, r.currency, r.total_minor, r.tender_method, r.tender_outcome,
           r.tender_name, r.tender_kind, r.ever_opened, r.receivable_state, r.receivable_minor,
           r.receivable_revision, now())
         FROM jsonb_to_recordset($1::jsonb) AS r (order_id uuid, order_revision integer,
           order_name text, connection_id text, order_state text, draft boolean,
           payment_method text, currency char(3), total_minor bigint, tender_method text,
           tender_outcome text, tender_name text, tender_kind text, ever_opened boolean,
           receivable_state text, receivable_minor bigint, receivable_revision integer)
        WHERE order_payment.order_id = r.order_id`,
      [JSON.stringify(payments.map(toRow))],
    );
  }

  /** Orders whose payment method had no tender when it was decided, after the given one. */
  async unmapped(after: string | undefined, limit: number): Promise<string[]> {
    const rows = await this.database.query<{ order_id: string }>(
      `SELECT order_id FROM order_payment
        WHERE tender_outcome = 'unmapped' AND ($1::uuid IS NULL OR order_id > $1)
        ORDER BY order_id LIMIT $2`,
      [after ?? null, limit],
    );
    return rows.map(({ order_id: orderId }) => orderId);
  }

  async receivables(after: string | undefined, limit: number): Promise<Receivable[]> {
    const rows = await this.database.query<PaymentRow>(
      `SELECT * FROM order_payment
        WHERE receivable_state IS NOT NULL AND ($1::uuid IS NULL OR order_id > $1)
        ORDER BY order_id LIMIT $2`,
      [after ?? null, limit],
    );
    return rows.map((row) => ({
      orderId: row.order_id,
      orderName: row.order_name ?? '',
      amountMinor: Number(row.receivable_minor),
      currency: row.currency ?? '',
      state: row.receivable_state ?? 'void',
    }));
  }
}

interface PaymentRow {
  readonly order_id: string;
  readonly order_revision: number;
  readonly order_name: string | null;
  readonly connection_id: string | null;
  readonly order_state: OrderState | null;
  readonly draft: boolean;
  readonly payment_method: PaymentMethod | null;
  readonly currency: string | null;
  /** Postgres gives a bigint as text. */
  readonly total_minor: string | number | null;
  readonly tender_method: string | null;
  readonly tender_outcome: 'decided' | 'unmapped' | null;
  readonly tender_name: string | null;
  readonly tender_kind: string | null;
  readonly ever_opened: boolean;
  readonly receivable_state: 'open' | 'void' | null;
  readonly receivable_minor: string | number | null;
  readonly receivable_revision: number;
}

function fromRow(row: PaymentRow): OrderPayment {
  return {
    orderId: row.order_id,
    ...newestOf(row),
    ...tenderOf(row),
    everOpened: row.ever_opened,
    ...(row.receivable_state === null
      ? {}
      : {
          receivable: {
            state: row.receivable_state,
            amountMinor: Number(row.receivable_minor),
          },
        }),
    receivableRevision: row.receivable_revision,
  };
}

function newestOf(row: PaymentRow): Pick<OrderPayment, 'newest'> {
  if (row.order_state === null || row.payment_method === null) return {};
  return {
    newest: {
      revision: row.order_revision,
      name: row.order_name ?? '',
      connectionId: row.connection_id ?? '',
      state: row.order_state,
      draft: row.draft,
      paymentMethod: row.payment_method,
      currency: row.currency ?? '',
      totalMinor: Number(row.total_minor),
    },
  };
}

function tenderOf(row: PaymentRow): Pick<OrderPayment, 'tender'> {
  if (row.tender_method === null || row.tender_outcome === null) return {};
  const tender =
    row.tender_name === null || row.tender_kind === null
      ? {}
      : { tender: { name: row.tender_name, kind: row.tender_kind } };
  return { tender: { method: row.tender_method, outcome: row.tender_outcome, ...tender } };
}

function toRow({ orderId, newest, tender, receivable, ...rest }: OrderPayment): PaymentRow {
  return {
    order_id: orderId,
    order_revision: newest?.revision ?? 0,
    order_name: newest?.name ?? null,
    connection_id: newest?.connectionId ?? null,
    order_state: newest?.state ?? null,
    draft: newest?.draft ?? false,
    payment_method: newest?.paymentMethod ?? null,
    currency: newest?.currency ?? null,
    total_minor: newest?.totalMinor ?? null,
    tender_method: tender?.method ?? null,
    tender_outcome: tender?.outcome ?? null,
    tender_name: tender?.tender?.name ?? null,
    tender_kind: tender?.tender?.kind ?? null,
    ever_opened: rest.everOpened,
    receivable_state: receivable?.state ?? null,
    receivable_minor: receivable?.amountMinor ?? null,
    receivable_revision: rest.receivableRevision,
  };
}
