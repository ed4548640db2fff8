import { Controller } from '@nestjs/common';
import { PosCustomerObserved, type Received } from '@tillbridge/contracts';
import { Consumes } from '@tillbridge/messaging';
import { Database } from '@tillbridge/postgres';
import { CustomerLinks } from './customer-links.js';

/** POS customers that refer to a platform customer. */
@Controller()
export class PosCustomerObservedHandler {
  constructor(
    private readonly database: Database,
    private readonly links: CustomerLinks,
  ) {}

  @Consumes(PosCustomerObserved, { batch: { size: 200, waitMs: 20 } })
  async observed(received: Received<PosCustomerObserved>[]): Promise<void> {
    await this.database.handleOnce(received, async (tx, fresh) => {
      const keys = await this.links.saveReferences(
        tx,
        fresh.map(({ data }) => data),
      );
      await this.links.settle(tx, keys, false);
    });
  }
}
