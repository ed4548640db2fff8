import { DataSource, type MigrationInterface } from 'typeorm';
import { CreateMessageTables1767225600000 } from '../migrations/1767225600000-create-message-tables.js';
import { migrate, type MigrationMode } from '../migrations/migrate.js';

export type MigrationClass = new () => MigrationInterface;

export interface DatabaseOptions {
  readonly url: string;
  /** The service's own migration classes; the message tables come with this lib. */
  readonly migrations: readonly MigrationClass[];
  /** Connections at most. */
  readonly pool?: number;
  readonly applicationName?: string;
  /** `apply` when left out. */
  readonly mode?: MigrationMode;
}

/**
 * A process that is frozen in a transaction holds its locks. After this the server gives it up; the
 * longest that anything of ours waits inside a transaction is a relay for a dead stream.
 */
const IDLE_IN_TRANSACTION_MS = 60_000;

/** Connects and brings the schema to what the program knows, or sees that it is. */
export async function openDataSource(options: DatabaseOptions): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    synchronize: false,
    logging: false,
    migrations: [CreateMessageTables1767225600000, ...options.migrations],
    migrationsTableName: 'migration',
    poolSize: options.pool ?? 10,
    applicationName: options.applicationName,
    connectTimeoutMS: 5_000,
    extra: {
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    },
  });
  await dataSource.initialize();
  try {
    await migrate(dataSource, options.mode);
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
  return dataSource;
}
