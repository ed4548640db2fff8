import { DataSource, type MigrationInterface } from 'typeorm';
import { CreateMessageTables1767225600000 } from '../migrations/1767225600000-create-message-tables.js';
import { migrate } from '../migrations/migrate.js';

export type MigrationClass = new () => MigrationInterface;

export interface DatabaseOptions {
  readonly url: string;
  /** The service's own migration classes; the message tables come with this lib. */
  readonly migrations: readonly MigrationClass[];
  /** Connections at most. */
  readonly pool?: number;
  readonly applicationName?: string;
}

/** Connects and migrates. */
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
    extra: { idleTimeoutMillis: 30_000, keepAlive: true },
  });
  await dataSource.initialize();
  try {
    await migrate(dataSource);
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
  return dataSource;
}
