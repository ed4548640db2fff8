import { Controller } from '@nestjs/common';
import { OrdersPolled, type Received } from '@tillbridge/contracts';
import { Consumes } from '@tillbridge/messaging';
import { Database } from '@tillbridge/postgres';
import { takeTurn } from '../stock/take-turn.js';
import { advanceWatermarks, keepPolls } from './watermarks.js';

/** A poll of a channel's orders came to its end: rises computed before it began may go. */
@Controller()
export class OrdersPolledHandler {
  constructor(private readonly database: Database) {}

  @Consumes(OrdersPolled, { batch: { size: 50, waitMs: 20 } })
  async apply(received: Received<OrdersPolled>[]): Promise<void> {
    await this.database.handleOnce(received, async (tx, fresh) => {
      await takeTurn(tx);
      await keepPolls(tx, fresh);
      await advanceWatermarks(tx);
    });
  }
}
