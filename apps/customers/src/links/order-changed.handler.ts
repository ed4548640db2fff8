import { Controller } from '@nestjs/common';
import { OrderChanged, type Received } from '@tillbridge/contracts';
import { Consumes } from '@tillbridge/messaging';
import { Database } from '@tillbridge/postgres';
import { CustomerLinks } from './customer-links.js';

/** Customers become known by ordering. An order never waits for its customer's link. */
@Controller()
export class OrderChangedHandler {
  constructor(
    private readonly database: Database,
    private readonly links: CustomerLinks,
  ) {}

  /** Nobody waits for a link: orders are posted with what is known. */
  @Consumes(OrderChanged, { batch: { size: 200, waitMs: 200 } })
  async changed(received: Received<OrderChanged>[]): Promise<void> {
    await this.database.handleOnce(received, async (tx, fresh) => {
      const keys = fresh.flatMap(({ data: { connectionId, customerId } }) =>
        customerId === undefined ? [] : [{ storefrontConnectionId: connectionId, customerId }],
      );
      // Whoever has ordered before is known, and their links follow the POS customers from there.
      const news = await this.links.neverOrdered(tx, keys);
      if (news.length > 0) await this.links.settle(tx, news, true);
    });
  }
}
