import {
  Inject,
  Injectable,
  Module,
  Optional,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { ServiceName } from '@tillbridge/contracts';
import {
  Clock,
  ConfigurationFile,
  ConfigurationInForce,
  DeadLetterStore,
  LOGGER,
  MessageStore,
  OutboxRebuild,
  Publisher,
  Readiness,
  Settings,
  StatusBook,
  StreamMemory,
  Timers,
} from '@tillbridge/runtime';
import type { Logger } from 'pino';
import { ConfigurationKeeper } from './configuration/configuration-keeper.js';
import { Database } from './database/database.js';
import { openDataSource, type MigrationClass } from './database/open-data-source.js';
import { ExceptionBook } from './exceptions/exception-book.js';
import { PostgresDeadLetterStore } from './inbox/postgres-dead-letter-store.js';
import { PostgresMessageStore } from './inbox/postgres-message-store.js';
import { OutboxRelay } from './outbox/outbox-relay.js';
import { deleteExpired } from './outbox/retention.js';
import { readFigures } from './outbox/figures.js';
import { PostgresOutboxRebuild } from './rebuild/postgres-outbox-rebuild.js';
import { PostgresStreamMemory } from './streams/postgres-stream-memory.js';

const RETENTION_MS = 600_000;
const REBUILD_MS = 1_000;

/** Starts and stops what runs by itself: relay, retention, rebuild, figures, the readiness check. */
@Injectable()
class PostgresLifecycle implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly relay?: OutboxRelay;
  private readonly stopping = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly timers: Timers,
    private readonly status: StatusBook,
    private readonly readiness: Readiness,
    @Inject(LOGGER) logger: Logger,
    // A process without messaging (a tool, a test of one feature) only fills its outbox.
    @Optional() publisher?: Publisher,
  ) {
    if (publisher !== undefined) this.relay = new OutboxRelay(database, publisher, logger);
  }

  onApplicationBootstrap(): void {
    this.relay?.start();
    this.timers.every('retention', RETENTION_MS, async () => {
      await deleteExpired(this.database, { signal: this.stopping.signal });
    });
    const rebuild = new PostgresOutboxRebuild(this.database);
    this.timers.every('rebuild', REBUILD_MS, () => rebuild.work(this.stopping.signal));
    this.status.report('postgres', () => readFigures(this.database, this.relay?.published ?? 0));
    this.readiness.require('database', async () => {
      await this.database.query('SELECT 1');
      return null;
    });
  }

  /** Before the timers wait for it: long work ends after its batch, another process goes on. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }

  /** By now consumers and timers have stopped; what they committed is relayed or waits in the outbox. */
  async onApplicationShutdown(): Promise<void> {
    await this.relay?.stop();
    await this.database.close();
  }
}

const CONFIGURATION_MS = 1_000;

/** Looks whether the merchant's file has changed: now and then, and again when SIGHUP says so. */
@Injectable()
class ConfigurationLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly keeper: ConfigurationKeeper,
    private readonly file: ConfigurationFile,
    private readonly timers: Timers,
  ) {}

  onApplicationBootstrap(): void {
    process.on('SIGHUP', this.readAnew);
    this.timers.every('configuration', CONFIGURATION_MS, () => this.keeper.look());
  }

  onApplicationShutdown(): void {
    process.off('SIGHUP', this.readAnew);
  }

  private readonly readAnew = (): void => this.file.readAnew();
}

const KEEPER = {
  provide: ConfigurationKeeper,
  inject: [Database, ConfigurationInForce, ConfigurationFile, Settings, Clock, LOGGER],
  useFactory: (
    database: Database,
    inForce: ConfigurationInForce,
    file: ConfigurationFile,
    { configPath: path }: Settings,
    clock: Clock,
    logger: Logger,
  ) =>
    new ConfigurationKeeper({
      ...{ database, inForce, file, path, logger },
      now: () => clock.now(),
    }),
};

/** The service's own database: connected, migrated, with its outbox on the way. Global. */
@Module({})
export class PostgresModule {
  static forService(
    service: ServiceName,
    options: { readonly migrations: readonly MigrationClass[] },
  ): DynamicModule {
    const database = {
      provide: Database,
      inject: [Settings, Clock],
      useFactory: async (settings: Settings, clock: Clock) =>
        new Database(
          await openDataSource({
            url: settings.databaseUrl,
            pool: settings.databasePool,
            mode: settings.databaseMigrations,
            migrations: options.migrations,
            applicationName: `tillbridge-${service}`,
          }),
          service,
          () => clock.now(),
        ),
    };
    const exceptionBook = {
      provide: ExceptionBook,
      inject: [Database],
      useFactory: (found: Database) => new ExceptionBook(found),
    };
    const messageStore = {
      provide: MessageStore,
      inject: [Database],
      useFactory: (found: Database) => new PostgresMessageStore(found),
    };
    const deadLetterStore = {
      provide: DeadLetterStore,
      inject: [Database],
      useFactory: (found: Database) => new PostgresDeadLetterStore(found),
    };
    const outboxRebuild = {
      provide: OutboxRebuild,
      inject: [Database],
      useFactory: (found: Database) => new PostgresOutboxRebuild(found),
    };
    const streamMemory = {
      provide: StreamMemory,
      inject: [Database, Clock],
      useFactory: (found: Database, clock: Clock) =>
        new PostgresStreamMemory(found, () => clock.now()),
    };
    const shared = [
      KEEPER,
      database,
      exceptionBook,
      messageStore,
      deadLetterStore,
      outboxRebuild,
      streamMemory,
    ];
    return {
      module: PostgresModule,
      global: true,
      providers: [...shared, PostgresLifecycle, ConfigurationLifecycle],
      exports: shared.map(({ provide }) => provide),
    };
  }
}
