import { Controller } from '@nestjs/common';
import { OrderObserved, type Received } from '@tillbridge/contracts';
import { Consumes } from '@tillbridge/messaging';
import { Database, type Transaction } from '@tillbridge/postgres';
import { DeliveryTexts } from '../texts/delivery-texts.js';
import { sourceOf } from './fact-source.js';
import { OrderBook, type CartKey } from './order-book.js';
import { OrderDecisions } from './order-decisions.js';

/** Orders and drafts as the platform holds them. Retail ones are none of ours. */
@Controller()
export class OrderObservedHandler {
  constructor(
    private readonly database: Database,
    private readonly book: OrderBook,
    private readonly decisions: OrderDecisions,
    private readonly texts: DeliveryTexts,
  ) {}

  /**
   * The words on the orders are asked for before the transaction and kept in it (R7).
   *
   * @throws Failure to be run again when the connection cannot be asked.
   */
  @Consumes(OrderObserved, { batch: { size: 100, waitMs: 20 } })
  async observed(received: Received<OrderObserved>[]): Promise<void> {
    const texts = await this.texts.ask(received.map(({ data }) => data));
    await this.database.handleOnce(received, async (tx, fresh) => {
      const observed = fresh.map(({ data }) => data);
      const known = await this.book.known(
        tx,
        observed.map(({ orderId }) => orderId),
      );
      // An order that turned retail still has a record to close; one that always was gets none.
      const ours = fresh.filter(({ data }) => data.trade || known.has(data.orderId));
      await this.texts.save(tx, texts, new Set(ours.map(({ data }) => data.orderId)));
      await this.apply(tx, ours, known);
    });
  }

  private async apply(
    tx: Transaction,
    observed: readonly Received<OrderObserved>[],
    known: ReadonlyMap<string, CartKey | undefined>,
  ): Promise<void> {
    const carts = observed.flatMap(({ data: { orderId, connectionId, cartId } }) => [
      ...(cartId === undefined ? [] : [{ connectionId, cartId }]),
      ...[known.get(orderId)].filter((cart) => cart !== undefined),
    ]);
    const facts = observed.map((message) => {
      const { orderId, ...content } = message.data;
      const fact = { kind: 'observed', observed: content } as const;
      return { orderId, fact, source: sourceOf(message) };
    });
    await this.decisions.applyWithCarts(tx, facts, carts);
  }
}
