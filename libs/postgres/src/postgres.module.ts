import {
  Inject,
  Injectable,
  Module,
  Optional,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { ServiceName } from '@tillbridge/contracts';
import {
  Clock,
  LOGGER,
  MessageStore,
  Publisher,
  Readiness,
  Settings,
  StatusBook,
  Timers,
} from '@tillbridge/runtime';
import type { Logger } from 'pino';
import { Database } from './database/database.js';
import { openDataSource, type MigrationClass } from './database/open-data-source.js';
import { ExceptionBook } from './exceptions/exception-book.js';
import { PostgresMessageStore } from './inbox/postgres-message-store.js';
import { OutboxRelay } from './outbox/outbox-relay.js';
import { deleteExpired } from './outbox/retention.js';
import { readFigures } from './outbox/figures.js';

const RETENTION_MS = 600_000;

/** Starts and stops what runs by itself: relay, retention, figures, the readiness check. */
@Injectable()
class PostgresLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly relay?: OutboxRelay;

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
      await deleteExpired(this.database);
    });
    this.status.report('postgres', () => readFigures(this.database, this.relay?.published ?? 0));
    this.readiness.require('database', async () => {
      await this.database.query('SELECT 1');
      return null;
    });
  }

  /** By now consumers and timers have stopped; what they committed is relayed or waits in the outbox. */
  async onApplicationShutdown(): Promise<void> {
    await this.relay?.stop();
    await this.database.close();
  }
}

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
    return {
      module: PostgresModule,
      global: true,
      providers: [database, exceptionBook, messageStore, PostgresLifecycle],
      exports: [Database, ExceptionBook, MessageStore],
    };
  }
}
