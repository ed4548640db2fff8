import type { MessageClass } from '@tillbridge/contracts';

/** Marks handlers that JetStreamStrategy serves, and no other transport. */
export const JETSTREAM_TRANSPORT = Symbol('JETSTREAM_TRANSPORT');

/** What a decorator tells the strategy about its handler. */
export interface HandlerExtras {
  readonly contract: MessageClass;
  readonly batch: BatchOptions;
}

export interface BatchOptions {
  /** Messages that one call takes at most. */
  readonly size: number;
  /** How long the first message of a batch waits for more. */
  readonly waitMs: number;
  /** Batches that run side by side, one when left out; messages have no order among them. */
  readonly atOnce?: number;
}
