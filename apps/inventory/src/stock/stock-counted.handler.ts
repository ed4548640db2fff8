import { Controller } from '@nestjs/common';
import { StockCounted, type Received } from '@tillbridge/contracts';
import { Consumes } from '@tillbridge/messaging';
import { Database } from '@tillbridge/postgres';
import { StockIntake } from './stock-intake.js';
import { takeTurn } from './take-turn.js';

/** The masters' figures and what moved them. */
@Controller()
export class StockCountedHandler {
  constructor(
    private readonly database: Database,
    private readonly intake: StockIntake,
  ) {}

  /** Two at once: while one has its turn, the next is unpacked and marked in the inbox. */
  @Consumes(StockCounted, { batch: { size: 500, waitMs: 20, atOnce: 2 } })
  async apply(received: Received<StockCounted>[]): Promise<void> {
    await this.database.handleOnce(received, async (tx, fresh) => {
      await takeTurn(tx);
      await this.intake.take(tx, fresh);
    });
  }
}
