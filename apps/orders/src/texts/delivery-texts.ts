import { Injectable } from '@nestjs/common';
import {
  AskOrderTexts,
  OrderText,
  type DeliveryAddress,
  type OrderObserved,
  type OrderTexts,
} from '@tillbridge/contracts';
import { Asker } from '@tillbridge/messaging';
import { Database, type Transaction } from '@tillbridge/postgres';
import { Clock } from '@tillbridge/runtime';

/** The words on orders, whole (R7). Personal data: only ever handed out by query. */
@Injectable()
export class DeliveryTexts {
  constructor(
    private readonly asker: Asker,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * What the connections hold of these orders, in one question each.
   *
   * @throws Failure `query-timeout` or `query-failed`, to be run again.
   */
  async ask(observed: readonly OrderObserved[]): Promise<AskedTexts> {
    const askedAt = this.clock.now();
    const byConnection = new Map<string, Set<string>>();
    for (const { connectionId, orderId, trade } of observed) {
      if (!trade) continue;
      const ids = byConnection.get(connectionId) ?? new Set();
      byConnection.set(connectionId, ids.add(orderId));
    }
    const answers = await Promise.all(
      [...byConnection].map(([connection, ids]) => {
        const question = Object.assign(new AskOrderTexts(), { orderIds: [...ids] });
        return this.asker.ask<OrderTexts>(question, { connection });
      }),
    );
    return { askedAt, texts: answers.flatMap(({ texts }) => texts) };
  }

  /** Keeps texts of the given orders. An answer to an earlier question never replaces a later one. */
  async save(
    tx: Transaction,
    { askedAt, texts }: AskedTexts,
    orderIds: ReadonlySet<string>,
  ): Promise<void> {
    const kept = texts.filter(({ orderId }) => orderIds.has(orderId));
    if (kept.length === 0) return;
    await tx.query(
      `INSERT INTO delivery_text
         (order_id, recipient_name, note, requested_date, address, asked_at)
       SELECT DISTINCT ON (order_id) order_id, recipient_name, note, requested_date, address, $6
         FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[])
           AS t (order_id, recipient_name, note, requested_date, address)
        ORDER BY order_id
       ON CONFLICT (order_id) DO UPDATE SET recipient_name = excluded.recipient_name,
         note = excluded.note, requested_date = excluded.requested_date,
         address = excluded.address, asked_at = excluded.asked_at
         WHERE delivery_text.asked_at <= excluded.asked_at`,
      [
        kept.map((text) => text.orderId),
        kept.map((text) => text.recipientName ?? null),
        kept.map((text) => text.note ?? null),
        kept.map((text) => text.requestedDate ?? null),
        kept.map(({ address }) => (address === undefined ? null : JSON.stringify(address))),
        askedAt,
      ],
    );
  }

  /** What is kept for the orders; those without words are left out. */
  async read(orderIds: readonly string[]): Promise<OrderText[]> {
    const rows = await this.database.query<TextRow>(
      `SELECT order_id, recipient_name, note, requested_date, address FROM delivery_text
        WHERE order_id = ANY($1::uuid[])`,
      [orderIds],
    );
    return rows.map((row) =>
      Object.assign(new OrderText(), {
        orderId: row.order_id,
        ...(row.recipient_name ? { recipientName: row.recipient_name } : {}),
        ...(row.note ? { note: row.note } : {}),
        ...(row.requested_date ? { requestedDate: row.requested_date } : {}),
        ...(row.address ? { address: row.address } : {}),
      }),
    );
  }
}

/** Answers, and when they were asked for. */
export interface AskedTexts {
  readonly askedAt: Date;
  readonly texts: readonly OrderText[];
}

interface TextRow {
  readonly order_id: string;
  readonly recipient_name: string | null;
  readonly note: string | null;
  readonly requested_date: string | null;
  readonly address: DeliveryAddress | null;
}
