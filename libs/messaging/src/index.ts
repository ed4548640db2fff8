export { connectNats, type NatsLogin } from './connection/connect-nats.js';
export { hostedConnections, type ConnectionRef } from './connection/hosted-connections.js';
export {
  DeadLetterDesk,
  type DeadLetterDecision,
  type DeadLetterFilter,
} from './dead-letters/dead-letter-desk.js';
export { Answers } from './handlers/answers.js';
export { Consumes } from './handlers/consumes.js';
export type { BatchOptions } from './handlers/jetstream-transport.js';
export { JetStreamStrategy } from './jetstream-strategy.js';
export { MessagingModule, NATS } from './messaging.module.js';
export { hubMessaging, type HubMessaging } from './provisioning/hub-messaging.js';
export {
  MONITOR,
  natsPermissions,
  natsUsers,
  OPERATOR,
  PROVISIONER,
  type NatsPermissions,
  type NatsUser,
} from './provisioning/permissions.js';
export type { Drift } from './provisioning/drift.js';
export { provision, type Provisioned, type ProvisionOptions } from './provisioning/provision.js';
export { CommandDesk } from './publishing/command-desk.js';
export { JetStreamPublisher } from './publishing/jetstream-publisher.js';
export { Asker, type AskOptions } from './queries/asker.js';
export { RebuildDesk } from './rebuild/rebuild-desk.js';
export { listen, startService, type ServiceOptions } from './service/start-service.js';
