import { Controller } from '@nestjs/common';
import { OrderObserved, type Received } from '@tillbridge/contracts';
import { Consumes } from '@tillbridge/messaging';
import { Database } from '@tillbridge/postgres';
import { advanceWatermarks } from '../publication/watermarks.js';
import { takeTurn } from '../stock/take-turn.js';
import { OrderIntake } from './order-intake.js';

/** Orders and drafts of every platform, trade and retail, become promises. */
@Controller()
export class OrderObservedHandler {
  constructor(
    private readonly database: Database,
    private readonly intake: OrderIntake,
  ) {}

  @Consumes(OrderObserved, { batch: { size: 100, waitMs: 20 } })
  async apply(received: Received<OrderObserved>[]): Promise<void> {
    await this.database.handleOnce(received, async (tx, fresh) => {
      await takeTurn(tx);
      await this.intake.takeOrders(tx, fresh);
      await advanceWatermarks(tx);
    });
  }
}
