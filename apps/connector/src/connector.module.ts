import { Module } from '@nestjs/common';
import { MessagingModule } from '@tillbridge/messaging';
import { PostgresModule } from '@tillbridge/postgres';
import { RuntimeModule } from '@tillbridge/runtime';
import { ConnectionChanges } from './connections/connection-changes.js';
import { HostedConnections } from './connections/hosted-connections.js';
import { ExceptionsQueries } from './exceptions/exceptions.queries.js';
import { Housekeeping } from './housekeeping.js';
import { CommandsHandler } from './intents/commands.handler.js';
import { IntentBook } from './intents/intent-book.js';
import { CreateConnector1767225600000 } from './migrations/1767225600000-create-connector.js';
import { EntityBook } from './observations/entity-book.js';
import { FetchQueue } from './observations/fetch-queue.js';
import { PollBook } from './observations/poll-book.js';
import { RefBook } from './refs/ref-book.js';
import { OrderPagesQueries } from './order-pages/order-pages.queries.js';
import { StockPagesQueries } from './stock-pages/stock-pages.queries.js';
import { OrderTextsQueries } from './texts/order-texts.queries.js';
import { makeVendorProvider, vendorsProvider } from './vendors.js';
import { WebhookJournal } from './webhooks/webhook-journal.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';

@Module({
  imports: [
    RuntimeModule.forService('connector'),
    PostgresModule.forService('connector', { migrations: [CreateConnector1767225600000] }),
    MessagingModule.forService('connector'),
  ],
  controllers: [
    WebhooksController,
    CommandsHandler,
    OrderTextsQueries,
    OrderPagesQueries,
    StockPagesQueries,
    ExceptionsQueries,
  ],
  providers: [
    makeVendorProvider,
    vendorsProvider,
    HostedConnections,
    ConnectionChanges,
    FetchQueue,
    EntityBook,
    PollBook,
    RefBook,
    IntentBook,
    WebhookJournal,
    Housekeeping,
  ],
})
export class ConnectorModule {}
