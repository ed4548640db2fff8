import type { Consumer, ConsumerMessages, JetStreamClient } from '@nats-io/jetstream';
import type { MessageStore } from '@tillbridge/runtime';
import type { Logger } from 'pino';
import { within } from '../connection/within.js';
import type { BatchOptions } from '../handlers/jetstream-transport.js';
import type { BatchRunner } from './batch-runner.js';
import { StreamDelivery } from './delivery.js';
import type { HeldMessages } from './held-messages.js';
import { Signal } from './signal.js';

/** Also the longest that a stop waits for the end of the pull under way. */
const PULL_MS = 2_000;
/** The most that the server allows for such a pull. */
const HEARTBEAT_MS = 1_000;
/** A server that has not ended our pull by then does not answer. */
const PULL_ENDS_MS = PULL_MS + 1_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
export interface ConsumerLoopParts {
  readonly jetstream: JetStreamClient;
  readonly store: MessageStore;
  readonly held: HeldMessages;
  readonly logger: Logger;
}

/**
 * Pulls from one durable consumer and runs batches, `atOnce` of them side by side. At most twice
 * what runs is held besides. It never makes or deletes a consumer: that is the provisioner's work.
 */
export class ConsumerLoop {
  /** True while the consumer answers. */
  bound = false;
  private stopped = false;
  /** True from when nothing more can come into the buffer. */
  private pullEnded = false;
  private givenUp = false;
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

  private get atOnce(): number {
    return this.batch.atOnce ?? 1;
  }

  /** Messages that are here. */
  get inFlight(): number {
    return this.buffer.length + this.running;
  }

  start(): void {
    const batchLoops = Array.from({ length: this.atOnce }, () => this.batchLoop());
    this.loops = Promise.all([this.pullLoop(), ...batchLoops]);
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

  /**
   * Takes no more and finishes what is here: given back it would be delivered a second time. What is
   * not finished after `withinMs` is given back all the same, but for the batch that still runs.
   */
  async stop(withinMs: number): Promise<void> {
    this.stopped = true;
    this.change.notify();
    if (this.pulled !== undefined) void this.endPull(this.pulled);
    if (await within(this.loops, withinMs)) return;
    this.givenUp = true;
    this.change.notify();
    const left = this.buffer.splice(0);
    for (const delivery of left) delivery.giveBack();
    const about = { consumer: this.name, givenBack: left.length, running: this.running };
    this.parts.logger.warn(about, 'stopped before all messages that were here were finished');
  }

  /**
   * Waits for the end of the pull under way: by the number of its messages, or by its time. One that is
   * broken off loses what the server had already set aside for it, and that is delivered again later;
   * a drained subscription takes in what was sent, and not what was about to be.
   */
  private async endPull(pulled: ConsumerMessages): Promise<void> {
    await within(pulled.closed(), PULL_ENDS_MS);
    pulled.stop();
  }

  private async pullLoop(): Promise<void> {
    await this.pullUntilStopped();
    this.pullEnded = true;
    this.change.notify();
  }

  private async pullUntilStopped(): Promise<void> {
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
        await this.change.wait(pauseMs);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  private async pullOnce(consumer: Consumer): Promise<void> {
    const most = this.batch.size * this.atOnce;
    while (this.buffer.length > most && !this.stopped) await this.change.wait();
    if (this.stopped) return;
    this.pulled = await consumer.fetch({
      max_messages: most,
      expires: PULL_MS,
      idle_heartbeat: HEARTBEAT_MS,
    });
    // A stop that came during the fetch found nothing to stop.
    if (this.stopped) void this.endPull(this.pulled);
    for await (const message of this.pulled) {
      this.parts.held.add(message);
      const { store, held } = this.parts;
      this.buffer.push(new StreamDelivery(message, this.name, { store, held }));
      this.change.notify();
    }
  }

  private async batchLoop(): Promise<void> {
    while (!this.givenUp) {
      if (this.buffer.length === 0) {
        if (this.pullEnded) return;
        await this.change.wait();
        continue;
      }
      await this.gather();
      const deliveries = this.buffer.splice(0, this.batch.size);
      if (deliveries.length === 0) continue;
      this.running += deliveries.length;
      this.change.notify();
      await this.runner.run(deliveries);
      this.running -= deliveries.length;
    }
  }

  /** Waits for more, until the batch is full or the first message has waited long enough. */
  private async gather(): Promise<void> {
    const [first] = this.buffer;
    const endMs = (first?.sinceMs ?? performance.now()) + this.batch.waitMs;
    while (this.buffer.length < this.batch.size && !this.stopped) {
      const leftMs = endMs - performance.now();
      if (leftMs <= 0) return;
      await this.change.wait(leftMs);
    }
  }
}
