import { Module } from '@nestjs/common';
import { MessagingModule } from '@tillbridge/messaging';
import { PostgresModule } from '@tillbridge/postgres';
import { RuntimeModule } from '@tillbridge/runtime';
import { CustomerLinks } from './links/customer-links.js';
import { CustomerReferences } from './links/customer-references.js';
import { CustomerQueries } from './links/customer.queries.js';
import { OrderChangedHandler } from './links/order-changed.handler.js';
import { PosCustomerObservedHandler } from './links/pos-customer-observed.handler.js';
import { CreateCustomerLink1767225630000 } from './migrations/1767225630000-create-customer-link.js';

/** Which platform customer and which POS customer are one business. */
@Module({
  imports: [
    RuntimeModule.forService('customers'),
    PostgresModule.forService('customers', { migrations: [CreateCustomerLink1767225630000] }),
    MessagingModule.forService('customers'),
  ],
  controllers: [PosCustomerObservedHandler, OrderChangedHandler, CustomerQueries],
  providers: [CustomerReferences, CustomerLinks],
})
export class CustomersModule {}
