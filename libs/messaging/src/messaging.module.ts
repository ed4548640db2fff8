import {
  Inject,
  Injectable,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { ServiceName } from '@tillbridge/contracts';
import {
  CONFIGURATION,
  LOGGER,
  MessageStore,
  Publisher,
  Readiness,
  SERVICE,
  Settings,
  StatusBook,
  StreamMemory,
  Timers,
  type Configuration,
} from '@tillbridge/runtime';
import type { Logger } from 'pino';
import { connectNats } from './connection/connect-nats.js';
import { within } from './connection/within.js';
import { DeadLettersController } from './dead-letters/dead-letters.controller.js';
import { hostedConnections } from './connection/hosted-connections.js';
import { JetStreamStrategy } from './jetstream-strategy.js';
import { refuseOldServer, refuseUnsyncedServers } from './provisioning/server-demands.js';
import { JetStreamPublisher } from './publishing/jetstream-publisher.js';
import { Asker } from './queries/asker.js';
import { RebuildController } from './rebuild/rebuild.controller.js';
import { StreamWatch } from './streams/stream-watch.js';

/** Injection token of the process's NATS connection; only for what this lib does not offer. */
export const NATS = Symbol('NATS');

const DRAIN_MS = 1_000;

@Injectable()
class NatsLifecycle implements OnApplicationShutdown {
  constructor(@Inject(NATS) private readonly nats: NatsConnection) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.nats.isClosed()) return;
    // Nobody waits for ever on a server that does not answer.
    await within(this.nats.drain(), DRAIN_MS).catch(() => undefined);
    await this.nats.close();
  }
}

const STREAMS_MS = 30_000;

/** Streams are looked at when the service starts, when NATS is back, and now and then. */
@Injectable()
class StreamLifecycle implements OnApplicationBootstrap {
  private readonly watch: StreamWatch;

  constructor(
    @Inject(SERVICE) service: ServiceName,
    @Inject(NATS) nats: NatsConnection,
    memory: StreamMemory,
    @Inject(LOGGER) logger: Logger,
    private readonly timers: Timers,
  ) {
    this.watch = new StreamWatch(service, nats, memory, logger);
  }

  onApplicationBootstrap(): void {
    void this.watch.watch();
    this.timers.every('streams', STREAMS_MS, async () => {
      await this.watch.look();
    });
  }
}

/** The service's place on the road: its consumers, its publisher, its questions. Global. */
@Module({})
export class MessagingModule {
  static forService(service: ServiceName): DynamicModule {
    const nats = {
      provide: NATS,
      inject: [Settings, LOGGER],
      useFactory: (settings: Settings, logger: Logger) => connected(service, settings, logger),
    };
    const publisher = {
      provide: Publisher,
      inject: [NATS],
      useFactory: (connection: NatsConnection) => new JetStreamPublisher(connection),
    };
    const asker = {
      provide: Asker,
      inject: [NATS],
      useFactory: (connection: NatsConnection) => new Asker(connection),
    };
    return {
      module: MessagingModule,
      global: true,
      controllers: [DeadLettersController, RebuildController],
      providers: [nats, publisher, asker, strategyFor(service), StreamLifecycle, NatsLifecycle],
      exports: [NATS, Publisher, Asker, JetStreamStrategy],
    };
  }
}

function strategyFor(service: ServiceName) {
  return {
    provide: JetStreamStrategy,
    inject: [NATS, MessageStore, CONFIGURATION, Settings, LOGGER, Timers, StatusBook, Readiness],
    useFactory: (
      nats: NatsConnection,
      store: MessageStore,
      configuration: Configuration,
      settings: Settings,
      logger: Logger,
      timers: Timers,
      status: StatusBook,
      readiness: Readiness,
    ) =>
      new JetStreamStrategy({
        service,
        nats,
        store,
        hosted: hostedConnections(configuration.connections, settings.hostedConnections),
        logger,
        timers,
        status,
        readiness,
        timeScale: settings.timeScale,
      }),
  };
}

async function connected(
  service: ServiceName,
  settings: Settings,
  logger: Logger,
): Promise<NatsConnection> {
  const { natsUrl: url, natsUser: user, natsPassword: password } = settings;
  const connection = await connectNats({ url, user, password, name: `tillbridge-${service}` });
  void report(connection, logger);
  try {
    refuseOldServer(connection.info?.version ?? '0.0.0');
    if (settings.profile === 'production') await refuseUnsyncedServers(settings.natsMonitoringUrls);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return connection;
}

async function report(connection: NatsConnection, logger: Logger): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'ping') continue;
    const serious = status.type === 'error' || status.type === 'disconnect';
    logger[serious ? 'warn' : 'debug']({ nats: status }, 'NATS connection');
  }
}
