import { setTimeout as sleep } from 'node:timers/promises';
import { jetstreamManager, type JetStreamManager, type StreamInfo } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { shapeOf, TOPOLOGY, type ServiceName } from '@tillbridge/contracts';
import type { StreamMemory, StreamState } from '@tillbridge/runtime';
import type { Logger } from 'pino';
import type { StreamName } from '../provisioning/streams.js';

const TRIES = 20;
const PAUSE_MS = 500;
const NS_IN_MS = 1_000_000;
/** The server's word for "never". */
const NEVER = '0001-01-01T00:00:00Z';

/** Has a service notice that a stream it publishes into was emptied or made anew. */
export class StreamWatch {
  private manager?: Promise<JetStreamManager>;
  private running: Promise<boolean> = Promise.resolve(true);

  constructor(
    private readonly service: ServiceName,
    private readonly nats: NatsConnection,
    private readonly memory: StreamMemory,
    private readonly logger: Logger,
  ) {}

  /** One look at a time. True when all streams were seen; the others are looked at the next time. */
  async look(): Promise<boolean> {
    this.running = this.running.then(() => this.lookAtAll());
    return this.running;
  }

  /** Looks now and whenever the connection is back; ends with it. */
  async watch(): Promise<void> {
    const statuses = this.nats.status();
    await this.lookUntilSeen();
    for await (const { type } of statuses) {
      if (type === 'reconnect') await this.lookUntilSeen();
    }
  }

  /** A server that has just come up takes clients before its streams. */
  private async lookUntilSeen(): Promise<void> {
    for (let tries = 0; tries < TRIES && !this.nats.isClosed(); tries += 1) {
      if (await this.look()) return;
      await sleep(PAUSE_MS);
    }
  }

  private async lookAtAll(): Promise<boolean> {
    let seen = 0;
    const streams = streamsOf(this.service);
    for (const stream of streams) {
      try {
        await this.memory.compare(stream, async () => {
          const state = await this.read(stream);
          if (state !== null) seen += 1;
          return state;
        });
      } catch (error) {
        this.logger.warn({ err: error, stream }, 'a stream could not be looked at');
      }
    }
    return seen === streams.length;
  }

  private async read(stream: StreamName): Promise<StreamState | null> {
    this.manager ??= jetstreamManager(this.nats, { checkAPI: false });
    const manager = await this.manager;
    try {
      return toStreamState(await manager.streams.info(stream));
    } catch (error) {
      if (error instanceof Error && error.message.includes('stream not found')) return null;
      throw error;
    }
  }
}

/** Those that a service's outbox can repair. */
function streamsOf(service: ServiceName): StreamName[] {
  const kinds = new Set(TOPOLOGY[service].publishes.map((type) => shapeOf(type).kind));
  return kinds.has('command') ? ['EVENTS', 'COMMANDS'] : ['EVENTS'];
}

function toStreamState({ config, created, state }: StreamInfo): StreamState {
  return {
    stream: config.name,
    created: String(created),
    firstSequence: state.first_seq,
    lastSequence: state.last_seq,
    lastAt: String(state.last_ts) === NEVER ? null : String(state.last_ts),
    maxAgeMs: config.max_age === 0 ? Number.POSITIVE_INFINITY : config.max_age / NS_IN_MS,
  };
}
