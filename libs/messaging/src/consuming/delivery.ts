import type { JsMsg } from '@nats-io/jetstream';
import type { KeptMessage, MessageStore } from '@tillbridge/runtime';
import { fromHeaders } from '../wire/message-headers.js';
import type { HeldMessages } from './held-messages.js';

/** A message on its way through a handler, from the stream or from where it waited. */
export interface Delivery {
  readonly message: KeptMessage;
  /** It is handled. */
  done(): Promise<void>;
  /** It is to come again. */
  again(afterMs: number, reason: string): Promise<void>;
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
}

export class StreamDelivery implements Delivery {
  readonly message: KeptMessage;
  readonly sinceMs = performance.now();

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

  async done(): Promise<void> {
    // A plain ack: one that gets lost means one more delivery, which the inbox absorbs.
    this.source.ack();
    this.parts.held.release(this.source);
  }

  async again(afterMs: number, reason: string): Promise<void> {
    if (afterMs <= LONGEST_NAK_MS) {
      this.source.nak(afterMs);
      this.parts.held.release(this.source);
      return;
    }
    const nextAttemptAt = new Date(Date.now() + afterMs);
    await this.parts.store.keepWaiting(this.message, { nextAttemptAt, reason });
    await this.done();
  }

  async parked(reason: string): Promise<void> {
    this.source.term(reason);
    this.parts.held.release(this.source);
  }

  giveBack(): void {
    this.source.nak();
    this.parts.held.release(this.source);
  }
}

/** A message that was acked to the stream long ago and is run from the inbox table. */
export class WaitingDelivery implements Delivery {
  constructor(
    readonly message: KeptMessage,
    private readonly store: MessageStore,
  ) {}

  async done(): Promise<void> {
    await this.store.finish(this.message.consumer, this.message.id);
  }

  async again(afterMs: number, reason: string): Promise<void> {
    const nextAttemptAt = new Date(Date.now() + afterMs);
    await this.store.keepWaiting(this.message, { nextAttemptAt, reason });
  }

  async parked(): Promise<void> {
    // The dead-letter row has taken the waiting one's place.
  }

  giveBack(): void {
    // Its lease ends by itself.
  }
}
