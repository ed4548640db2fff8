export {
  ConfigurationKeeper,
  type ConfigurationStep,
  type ConfigurationUser,
} from './configuration/configuration-keeper.js';
export { Database } from './database/database.js';
export { openDatabase } from './database/open-database.js';
export type { DatabaseOptions, MigrationClass } from './database/open-data-source.js';
export { Transaction } from './database/transaction.js';
export { ExceptionBook } from './exceptions/exception-book.js';
export type { ExceptionKey, NewException } from './exceptions/exception-ledger.js';
export { PostgresDeadLetterStore } from './inbox/postgres-dead-letter-store.js';
export { PostgresMessageStore } from './inbox/postgres-message-store.js';
export { OutboxRelay } from './outbox/outbox-relay.js';
export { deleteInBatches } from './outbox/retention.js';
export type { SendOptions } from './outbox/outgoing-messages.js';
export { PostgresOutboxRebuild } from './rebuild/postgres-outbox-rebuild.js';
export { PostgresStreamMemory } from './streams/postgres-stream-memory.js';
export { Tenures, type Tenant } from './tenures/tenures.js';
export { PostgresModule } from './postgres.module.js';
