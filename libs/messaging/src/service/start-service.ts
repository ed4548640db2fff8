import { setTimeout as sleep } from 'node:timers/promises';
import {
  Injectable,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnModuleDestroy,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ServiceName } from '@tillbridge/contracts';
import { ConfigurationErrors, LOGGER, Settings, SettingsErrors } from '@tillbridge/runtime';
import type { Logger } from 'pino';
import { JetStreamStrategy } from '../jetstream-strategy.js';
import { UnfitServer } from '../provisioning/server-demands.js';
import { HealthController } from './health.controller.js';
import { PinoLogger } from './pino-logger.js';

/** Bodies beyond it are answered with 413. */
const BODY_LIMIT = 1_048_576;

/** Whoever starts the service can put these right: their words say how. */
const PLAIN = [ConfigurationErrors, SettingsErrors, UnfitServer] as const;

export interface ServiceOptions {
  readonly service: ServiceName;
  /** The app's module: it imports RuntimeModule, PostgresModule and MessagingModule. */
  readonly module: Type;
  /** Below this path a request's body reaches the controller as the Buffer that was sent. */
  readonly rawBodyPrefix?: string;
}

/**
 * Runs a service until SIGTERM or SIGINT: its messages, and HTTP with /health/live, /health/ready
 * and /status. What keeps it from starting is written in plain words, and the exit code is 1.
 */
export async function startService(options: ServiceOptions): Promise<void> {
  try {
    await listen(options);
  } catch (error) {
    const known = PLAIN.some((kind) => error instanceof kind) && error instanceof Error;
    process.stderr.write(`${known ? error.message : wordsOf(error)}\n`);
    process.exit(1);
  }
}

/** The running application; for tests, which close it themselves. */
export async function listen(options: ServiceOptions): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    // What arrives on an open connection while the server closes is answered like any other.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  });
  parseBodies(adapter, options.rawBodyPrefix);
  const app = await NestFactory.create<NestFastifyApplication>(rootOf(options.module), adapter, {
    abortOnError: false,
    bodyParser: false,
    bufferLogs: true,
  });
  try {
    endConnectionsWhenLeaving(adapter, app.get(HttpLinger));
    const logger = app.get<Logger>(LOGGER);
    app.useLogger(new PinoLogger(logger));
    app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
    app.connectMicroservice({ strategy: app.get(JetStreamStrategy) });
    await app.startAllMicroservices();
    await app.listen(app.get(Settings).httpPort, '0.0.0.0');
    logger.info({ url: await app.getUrl() }, 'ready');
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}

@Module({})
class ServiceRoot {}

/** Has the HTTP server answer on until balancers have seen that the service is not ready any more. */
@Injectable()
class HttpLinger implements OnModuleDestroy, BeforeApplicationShutdown {
  leaving = false;

  constructor(private readonly settings: Settings) {}

  onModuleDestroy(): void {
    this.leaving = true;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await sleep(this.settings.httpLingerMs);
  }
}

function rootOf(module: Type): DynamicModule {
  const controllers = [HealthController];
  return { module: ServiceRoot, imports: [module], controllers, providers: [HttpLinger] };
}

/** A connection that is kept open after its last answer would keep the server from closing. */
function endConnectionsWhenLeaving(adapter: FastifyAdapter, linger: HttpLinger): void {
  adapter.getInstance().addHook('onSend', (_request, reply, _payload, done) => {
    if (linger.leaving) void reply.header('connection', 'close');
    done();
  });
}

/**
 * Signatures cover the bytes that were sent, so below `rawBodyPrefix` nothing is parsed, whatever
 * the content type says. Elsewhere bodies are JSON.
 */
function parseBodies(adapter: FastifyAdapter, rawBodyPrefix: string | undefined): void {
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
    (request, body: Buffer, done) => {
      if (rawBodyPrefix !== undefined && request.url.startsWith(rawBodyPrefix)) {
        done(null, body);
        return;
      }
      try {
        done(null, body.length === 0 ? undefined : JSON.parse(body.toString('utf8')));
      } catch {
        done(Object.assign(new Error('the body is not JSON'), { statusCode: 400 }));
      }
    },
  );
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
