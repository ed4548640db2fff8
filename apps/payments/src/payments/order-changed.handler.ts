import { Controller, Inject } from '@nestjs/common';
import { OrderChanged, type Received } from '@tillbridge/contracts';
import { Consumes } from '@tillbridge/messaging';
import { Database } from '@tillbridge/postgres';
import { Configuration, CONFIGURATION } from '@tillbridge/runtime';
import { takeViews } from './order-payment.js';
import { PaymentBook } from './payment-book.js';
import { tellDecisions } from './payment-messages.js';

/** Orders as their own service tells of them: each needs a tender, some leave something to owe. */
@Controller()
export class OrderChangedHandler {
  constructor(
    private readonly database: Database,
    private readonly book: PaymentBook,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  @Consumes(OrderChanged, { batch: { size: 200, waitMs: 20 } })
  async changed(received: Received<OrderChanged>[]): Promise<void> {
    await this.database.handleOnce(received, async (tx, fresh) => {
      const views = fresh.map(({ data }) => data);
      const held = await this.book.lock(
        tx,
        views.map(({ orderId }) => orderId),
      );
      const decisions = held.map((payment) => {
        const own = views.filter(({ orderId }) => orderId === payment.orderId);
        return takeViews(payment, own, this.configuration.tenders);
      });
      await this.book.save(
        tx,
        decisions.map(({ payment }) => payment),
      );
      await tellDecisions(tx, decisions);
    });
  }
}
