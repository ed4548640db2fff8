export { Agreed, AgreedOfChannel, agreementOf } from './configuration/agreed.js';
export {
  Configuration,
  Feed,
  Kit,
  KitComponent,
  Pack,
  Products,
  Reconciliation,
  ShopifyConnection,
  SparkLayerConnection,
  SquareConnection,
  StockLocation,
  StockMaster,
  TenderRule,
  type AnyConnection,
} from './configuration/configuration.js';
export { roleOf, type ConnectionRole } from './configuration/connection-role.js';
export { linesPerPosOrder } from './configuration/pos-orders.js';
export { stockShowing, type StockShowingConnection } from './configuration/stock-channel.js';
export { configurationChanges } from './configuration/configuration-changes.js';
export { ConfigurationFile, type FoundConfiguration } from './configuration/configuration-file.js';
export { ConfigurationInForce, derivedFrom } from './configuration/configuration-in-force.js';
export {
  changedCredentials,
  digestOf,
  publicConfiguration,
} from './configuration/public-configuration.js';
export { ConfigurationErrors, type Mistake } from './configuration/configuration-errors.js';
export { loadConfiguration } from './configuration/load-configuration.js';
export { Clock } from './lifecycle/clock.js';
export { createLogger, LOGGER } from './lifecycle/logger.js';
export { Timers } from './lifecycle/timers.js';
export { consumerName } from './messages/consumer-name.js';
export { DeadLetterStore } from './messages/dead-letter-store.js';
export { MessageStore, type DeadLetter, type KeptMessage } from './messages/message-store.js';
export { OutboxRebuild } from './messages/outbox-rebuild.js';
export { StreamMemory, type StreamState } from './messages/stream-memory.js';
export { Publisher, type OutgoingMessage, type PublishOutcome } from './messages/publisher.js';
export { CONFIGURATION, RuntimeModule, SERVICE } from './runtime.module.js';
export { readSettings, Settings, SettingsErrors } from './settings/settings.js';
export { Readiness } from './status/readiness.js';
export { StatusBook } from './status/status-book.js';
