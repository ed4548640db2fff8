import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { ConfigurationKeeper, Database, type ConfigurationUser } from '@tillbridge/postgres';
import { Configuration, CONFIGURATION } from '@tillbridge/runtime';
import { reviewTender } from './order-payment.js';
import { PaymentBook } from './payment-book.js';
import { tellDecisions } from './payment-messages.js';

const PAGE = 500;

/** At a start and when the file changes: the tender map may name now what it did not name before. */
@Injectable()
export class TenderReview implements ConfigurationUser, OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly book: PaymentBook,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    private readonly keeper: ConfigurationKeeper,
  ) {}

  onModuleInit(): void {
    this.keeper.add(this);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.taken();
  }

  async taken(): Promise<void> {
    let after: string | undefined;
    do {
      const orderIds = await this.book.unmapped(after, PAGE);
      if (orderIds.length > 0) await this.review(orderIds);
      after = orderIds.length < PAGE ? undefined : orderIds.at(-1);
    } while (after !== undefined);
  }

  private async review(orderIds: readonly string[]): Promise<void> {
    await this.database.inTransaction(async (tx) => {
      const decisions = (await this.book.lock(tx, orderIds)).map((payment) =>
        reviewTender(payment, this.configuration.tenders),
      );
      await this.book.save(
        tx,
        decisions.map(({ payment }) => payment),
      );
      await tellDecisions(tx, decisions);
    });
  }
}
