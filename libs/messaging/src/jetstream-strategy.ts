import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import {
  shapeOf,
  subjectOf,
  TOPOLOGY,
  type MessageClass,
  type ServiceName,
} from '@tillbridge/contracts';
import {
  consumerName,
  type MessageStore,
  type Readiness,
  type StatusBook,
  type Timers,
} from '@tillbridge/runtime';
import type { Logger } from 'pino';
import { lastValueFrom } from 'rxjs';
import { connectionsOf, type ConnectionRef } from './connection/hosted-connections.js';
import { within } from './connection/within.js';
import { BatchRunner } from './consuming/batch-runner.js';
import { ConsumerLoop, type ConsumerLoopParts } from './consuming/consumer-loop.js';
import { HeldMessages } from './consuming/held-messages.js';
import { WaitingWorker } from './consuming/waiting-worker.js';
import { JETSTREAM_TRANSPORT, type HandlerExtras } from './handlers/jetstream-transport.js';
import { Answering } from './queries/answering.js';

const WAITING_MS = 500;
/** What is not finished by then comes again; whoever stops us waits little longer. */
const STOP_MS = 8_000;
const FLUSH_MS = 1_000;

export interface StrategyParts {
  readonly service: ServiceName;
  readonly nats: NatsConnection;
  readonly store: MessageStore;
  /** The connections whose commands and questions this process takes. */
  readonly hosted: readonly ConnectionRef[];
  readonly logger: Logger;
  readonly timers: Timers;
  readonly status: StatusBook;
  readonly readiness: Readiness;
  readonly timeScale: number;
}

/** Serves @Consumes from JetStream and @Answers from core NATS. */
export class JetStreamStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = JETSTREAM_TRANSPORT;
  private readonly held = new HeldMessages();
  private readonly loops: ConsumerLoop[] = [];
  private readonly answerings: Answering[] = [];
  private leaving = false;
  private closing?: Promise<void>;

  constructor(private readonly parts: StrategyParts) {
    super();
  }

  listen(done: (error?: unknown) => void): void {
    try {
      const runners = this.prepare();
      this.held.start();
      for (const loop of this.loops) loop.start();
      void this.reopenAfterReconnect();
      for (const answering of this.answerings) answering.start(this.parts.nats, this.parts.service);
      const worker = new WaitingWorker(this.parts.store, runners);
      if (runners.size > 0) this.parts.timers.every('waiting', WAITING_MS, () => worker.runDue());
      this.parts.status.report('messaging', () => this.figures());
      this.parts.readiness.require('messaging', () => Promise.resolve(this.missing()));
      done();
    } catch (error) {
      done(error);
    }
  }

  /** The first that a service does when it is told to stop. */
  onModuleDestroy(): void {
    this.leaving = true;
  }

  /**
   * Before the HTTP server closes: what comes in there needs no messages, and a balancer that sees
   * the service not ready has time to send it elsewhere.
   */
  beforeApplicationShutdown(): Promise<void> {
    return this.close();
  }

  /** Takes no more, finishes what is here, and has the acks on their way before it returns. */
  close(): Promise<void> {
    this.closing ??= this.stop();
    return this.closing;
  }

  private async stop(): Promise<void> {
    await Promise.all([...this.loops, ...this.answerings].map((each) => each.stop(STOP_MS)));
    this.held.stop();
    if (this.parts.nats.isClosed()) return;
    // A server that does not answer takes the acks when it wakes up, or delivers again.
    await within(this.parts.nats.flush(), FLUSH_MS).catch(() => undefined);
  }

  override on(): void {
    throw new Error('this transport has no events of its own');
  }

  override unwrap<T>(): T {
    return this.parts.nats as T;
  }

  /** Ends with the connection. */
  private async reopenAfterReconnect(): Promise<void> {
    for await (const { type } of this.parts.nats.status()) {
      if (type === 'reconnect') for (const loop of this.loops) loop.reopen();
    }
  }

  private prepare(): Map<string, BatchRunner> {
    const { service } = this.parts;
    const runners = new Map<string, BatchRunner>();
    const topology = TOPOLOGY[service];
    for (const handler of this.getHandlers().values()) {
      if (handler.next !== undefined) throw new Error('a message has two handlers in one service');
      const { contract } = handler.extras as unknown as HandlerExtras;
      const allowed = handler.isEventHandler === true ? topology.consumes : topology.answers;
      if (!allowed.includes(contract)) {
        throw new Error(
          `${service} does not take ${contract.name}: see the topology in libs/contracts`,
        );
      }
      if (handler.isEventHandler === true) this.prepareConsumers(handler, runners);
      else this.prepareAnswers(handler);
    }
    return runners;
  }

  private prepareConsumers(handler: MessageHandler, runners: Map<string, BatchRunner>): void {
    const { service, nats, store, held, logger, timeScale } = { ...this.parts, held: this.held };
    const { contract, batch } = handler.extras as unknown as HandlerExtras;
    const command = shapeOf(contract).kind === 'command';
    const connections = this.connectionsFor(contract);
    const handle = async (received: unknown): Promise<void> => {
      await valueOf(await handler(received));
    };
    const parts: ConsumerLoopParts = { jetstream: jetstream(nats), store, held, logger };
    for (const connection of connections) {
      const name = consumerName(service, contract, connection?.id);
      const runner = new BatchRunner(contract, handle, store, logger, timeScale);
      runners.set(name, runner);
      const stream = command ? 'COMMANDS' : 'EVENTS';
      this.loops.push(new ConsumerLoop(stream, name, batch, runner, parts));
    }
  }

  private prepareAnswers(handler: MessageHandler): void {
    const { service, logger } = this.parts;
    const { contract } = handler.extras as unknown as HandlerExtras;
    const connections = this.connectionsFor(contract);
    const answer = async (question: object): Promise<unknown> => valueOf(await handler(question));
    for (const connection of connections) {
      const subject = subjectOf(contract, { connection: connection?.id, service });
      this.answerings.push(new Answering(subject, contract, answer, logger));
    }
  }

  /** What is not about a connection is taken once. */
  private connectionsFor(contract: MessageClass): (ConnectionRef | undefined)[] {
    const perConnection = shapeOf(contract).subject.includes('{connection}');
    return perConnection ? connectionsOf(contract, this.parts.hosted) : [undefined];
  }

  private async figures(): Promise<Record<string, number>> {
    const inFlight = this.loops.reduce((sum, loop) => sum + loop.inFlight, 0);
    const pending = await Promise.all(this.loops.map((loop) => loop.pending()));
    const consumerPending = pending.reduce((sum, each) => sum + each, 0);
    return { inFlight, consumerPending, busy: Math.max(inFlight, consumerPending) };
  }

  private missing(): string | null {
    if (this.leaving) return 'it is stopping';
    if (this.parts.nats.isClosed()) return 'NATS is closed';
    const unbound = this.loops.filter((loop) => !loop.bound).map(({ name }) => name);
    return unbound.length === 0 ? null : `consumers do not answer: ${unbound.join(', ')}`;
  }
}

/** Nest may hand back a value, or an Observable of it. */
async function valueOf(result: unknown): Promise<unknown> {
  if (typeof result === 'object' && result !== null && 'subscribe' in result) {
    return lastValueFrom(result as Parameters<typeof lastValueFrom>[0], {
      defaultValue: undefined,
    });
  }
  return result;
}
