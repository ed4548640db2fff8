export {
  Embedded,
  workspaceRoot,
  type EmbeddedOptions,
  type Messaging,
  type NatsLogin,
} from './embedded.js';
export {
  findNatsServer,
  type NatsFound,
  type NatsSearch,
  type Report,
} from './nats/find-nats-server.js';
export { dataFolderLogin } from './nats/data-folder-login.js';
export { startNats, type NatsOptions, type NatsServer, type NatsUser } from './nats/start-nats.js';
export { startNatsServers } from './nats/start-nats-servers.js';
export { copyDatabase, dropRoleDatabase, ensureRoleDatabase } from './postgres/role-databases.js';
export {
  startPostgres,
  type PostgresOptions,
  type PostgresServer,
} from './postgres/start-postgres.js';
export {
  superviseServices,
  type Crash,
  type ServicePlan,
  type Services,
} from './services/supervise-services.js';
export { claimFolder } from './processes/folder-claim.js';
export { KillableServer } from './processes/killable-server.js';
export { freePort } from './processes/free-port.js';
export { runProgram } from './processes/run-program.js';
export { startProcess, untilReady, type ServerProcess } from './processes/server-process.js';
