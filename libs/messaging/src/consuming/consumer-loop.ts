import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, ConsumerMessages, JetStreamClient } from '@nats-io/jetstream';
import type { MessageStore } from '@tillbridge/runtime';
import type { Logger } from 'pino';
import type { BatchOptions } from '../handlers/jetstream-transport.js';
import type { BatchRunner } from './batch-runner.js';
import { StreamDelivery } from './delivery.js';
import type { HeldMessages } from './held-messages.js';
import { Signal } from './signal.js';

const PULL_MS = 30_000;
const HEARTBEAT_MS = 5_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

export interface ConsumerLoopParts {
  readonly jetstream: JetStreamClient;
  readonly store: MessageStore;
  readonly held: HeldMessages;
  readonly logger: Logger;
}

/**
 * Pulls from one durable consumer and runs batches, one at a time. At most twice a batch is held
 * besides the one that runs. It never makes or deletes a consumer: that is the provisioner's work.
 */
export class ConsumerLoop {
  /** True while the consumer answers. */
  bound = false;
  private stopped = false;
  private readonly buffer: StreamDelivery[] = [];
  private running = 0;
  private pulled?: ConsumerMessages;
  private consumer?: Consumer;
  private readonly change = new Signal();
  private loops: Promise<unknown> = Promise.resolve();

  constructor(
    readonly stream: string,
    readonly name: string,
    private readonly batch: BatchOptions,
    private readonly runner: BatchRunner,
    private readonly parts: ConsumerLoopParts,
  ) {}

  /** Messages that are here. */
  get inFlight(): number {
    return this.buffer.length + this.running;
  }

  start(): void {
    this.loops = Promise.all([this.pullLoop(), this.batchLoop()]);
  }

  /**
   * Pulls anew. After a reconnect the client's own pull may wait 30 s before it looks again, when
   * the server's streams were not up yet at its first look.
   */
  reopen(): void {
    this.pulled?.stop();
  }

  /**
   * What the consumer still has for us: not delivered, or delivered and not settled. While it
   * cannot be asked there may be something.
   */
  async pending(): Promise<number> {
    try {
      if (this.consumer === undefined) return 1;
      const info = await this.consumer.info();
      return info.num_pending + info.num_ack_pending;
    } catch {
      return 1;
    }
  }

  /** Pulls no more, waits for the batch that runs, and gives the rest back. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.pulled?.stop();
    this.change.notify();
    await this.loops;
    for (const delivery of this.buffer.splice(0)) delivery.giveBack();
  }

  private async pullLoop(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.stopped) {
      try {
        this.consumer ??= await this.parts.jetstream.consumers.get(this.stream, this.name);
        this.bound = true;
        await this.pullOnce(this.consumer);
        pauseMs = FIRST_PAUSE_MS;
      } catch (error) {
        if (this.stopped) return;
        // Heartbeats stopped, the consumer is gone, or the server is: look again from the start.
        this.consumer = undefined;
        this.bound = false;
        this.parts.logger.warn(
          { err: error, consumer: this.name },
          'pulling failed, will try again',
        );
        await sleep(pauseMs);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  private async pullOnce(consumer: Consumer): Promise<void> {
    while (this.buffer.length > this.batch.size && !this.stopped) await this.change.wait();
    if (this.stopped) return;
    this.pulled = await consumer.fetch({
      max_messages: this.batch.size,
      expires: PULL_MS,
      idle_heartbeat: HEARTBEAT_MS,
    });
    // A stop that came during the fetch found nothing to stop.
    if (this.stopped) this.pulled.stop();
    for await (const message of this.pulled) {
      this.parts.held.add(message);
      const { store, held } = this.parts;
      this.buffer.push(new StreamDelivery(message, this.name, { store, held }));
      this.change.notify();
    }
  }

  private async batchLoop(): Promise<void> {
    while (!this.stopped) {
      if (this.buffer.length === 0) {
        await this.change.wait();
        continue;
      }
      await this.gather();
      if (this.stopped) return;
      const deliveries = this.buffer.splice(0, this.batch.size);
      this.running = deliveries.length;
      this.change.notify();
      await this.runner.run(deliveries);
      this.running = 0;
    }
  }

  /** Waits for more, until the batch is full or the first message has waited long enough. */
  private async gather(): Promise<void> {
    const endMs = performance.now() + this.batch.waitMs;
    while (this.buffer.length < this.batch.size && !this.stopped) {
      const leftMs = endMs - performance.now();
      if (leftMs <= 0) return;
      await this.change.wait(leftMs);
    }
  }
}
