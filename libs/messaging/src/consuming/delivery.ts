import type { JsMsg } from '@nats-io/jetstream';
import type { KeptMessage, MessageStore, WaitingMessage } from '@tillbridge/runtime';
import { fromHeaders } from '../wire/message-headers.js';
import type { HeldMessages } from './held-messages.js';

/** A message on its way through a handler, from the stream or from where it waited. */
export interface Delivery {
  readonly message: KeptMessage;
  /** Counted tries before this one. */
  readonly failures: number;
  /** It is handled. */
  done(): Promise<void>;
  /** It is to come again. `failures` are its counted tries so far. */
  again(afterMs: number, failures: number, reason: string): Promise<void>;
  /** It is parked already: nobody is to deliver it any more. */
  parked(reason: string): Promise<void>;
  /** It was not looked at. */
  giveBack(): void;
}

/** A delayed nak holds one of the consumer's places: what waits longer waits in Postgres. */
const LONGEST_NAK_MS = 30_000;

export interface StreamDeliveryParts {
  readonly store: MessageStore;
  readonly held: HeldMessages;
  /** Counted tries of messages that will come again, by id. */
  readonly failures: Map<string, number>;
}

export class StreamDelivery implements Delivery {
  readonly message: KeptMessage;

  constructor(
    private readonly source: JsMsg,
    consumer: string,
    private readonly parts: StreamDeliveryParts,
  ) {
    const headers = fromHeaders(source.headers);
    const { stream, streamSequence } = source.info;
    const id = headers['ce-id'] ?? `${stream}:${streamSequence}`;
    const { subject, data: payload } = source;
    this.message = { consumer, id, subject, headers, payload };
  }

  get failures(): number {
    return this.parts.failures.get(this.message.id) ?? 0;
  }

  async done(): Promise<void> {
    // A plain ack: one that gets lost means one more delivery, which the inbox absorbs.
    this.source.ack();
    this.forget();
  }

  async again(afterMs: number, failures: number, reason: string): Promise<void> {
    if (afterMs <= LONGEST_NAK_MS) {
      this.parts.failures.set(this.message.id, failures);
      this.source.nak(afterMs);
      this.parts.held.release(this.source);
      return;
    }
    const nextAttemptAt = new Date(Date.now() + afterMs);
    await this.parts.store.keepWaiting(this.message, { attempts: failures, nextAttemptAt, reason });
    await this.done();
  }

  async parked(reason: string): Promise<void> {
    this.source.term(reason);
    this.forget();
  }

  giveBack(): void {
    this.source.nak();
    this.parts.held.release(this.source);
  }

  private forget(): void {
    this.parts.failures.delete(this.message.id);
    this.parts.held.release(this.source);
  }
}

/** A message that was acked to the stream long ago and is run from the inbox table. */
export class WaitingDelivery implements Delivery {
  constructor(
    readonly message: WaitingMessage,
    private readonly store: MessageStore,
  ) {}

  get failures(): number {
    return this.message.attempts;
  }

  async done(): Promise<void> {
    await this.store.finish(this.message.consumer, this.message.id);
  }

  async again(afterMs: number, failures: number, reason: string): Promise<void> {
    const nextAttemptAt = new Date(Date.now() + afterMs);
    await this.store.keepWaiting(this.message, { attempts: failures, nextAttemptAt, reason });
  }

  async parked(): Promise<void> {
    // The dead-letter row has taken the waiting one's place.
  }

  giveBack(): void {
    // Its lease ends by itself.
  }
}
