import { Module } from '@nestjs/common';
import { MessagingModule } from '@tillbridge/messaging';
import { PostgresModule } from '@tillbridge/postgres';
import { RuntimeModule } from '@tillbridge/runtime';
import { CreateOrderPayment1767225620000 } from './migrations/1767225620000-create-order-payment.js';
import { OrderChangedHandler } from './payments/order-changed.handler.js';
import { PaymentBook } from './payments/payment-book.js';
import { PaymentQueries } from './payments/payment.queries.js';
import { TenderReview } from './payments/tender-review.js';

/** Which tender an order carries into the POS, and what is owed for it. */
@Module({
  imports: [
    RuntimeModule.forService('payments'),
    PostgresModule.forService('payments', { migrations: [CreateOrderPayment1767225620000] }),
    MessagingModule.forService('payments'),
  ],
  controllers: [OrderChangedHandler, PaymentQueries],
  providers: [PaymentBook, TenderReview],
})
export class PaymentsModule {}
