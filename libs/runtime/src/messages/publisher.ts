/** A message as it leaves: the outbox stores it, the publisher puts it on the wire as it is. */
export interface OutgoingMessage {
  /** By which the stream drops a repeat. */
  readonly id: string;
  readonly subject: string;
  /** CloudEvents attributes, as header names and plain values. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly payload: string;
}

/**
 * `refused` is about this message and will not change by waiting; `unavailable` is about the road.
 */
export type PublishOutcome =
  | { readonly kind: 'published' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Puts outbox rows into the streams. libs/messaging provides it, the relay of libs/postgres uses it. */
export abstract class Publisher {
  /** One outcome for each message, in order. Never throws for what the server says. */
  abstract publish(messages: readonly OutgoingMessage[]): Promise<PublishOutcome[]>;
}
