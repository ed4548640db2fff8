import { Controller } from '@nestjs/common';
import { SaleObserved, type Received } from '@tillbridge/contracts';
import { Consumes } from '@tillbridge/messaging';
import { Database } from '@tillbridge/postgres';
import { SalesBook } from './sales-book.js';

/** What the stores sold over the counter. */
@Controller()
export class SaleObservedHandler {
  constructor(
    private readonly database: Database,
    private readonly book: SalesBook,
  ) {}

  /** Moves no stock and no money: it is kept to be asked for. */
  @Consumes(SaleObserved, { batch: { size: 500, waitMs: 20 } })
  async observed(received: Received<SaleObserved>[]): Promise<void> {
    await this.database.handleOnce(received, (tx, fresh) =>
      this.book.save(
        tx,
        fresh.map(({ data }) => data),
      ),
    );
  }
}
