/** A message as it came, kept so that it can be run again without the stream. */
export interface KeptMessage {
  readonly consumer: string;
  readonly id: string;
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Uint8Array;
}

export interface DeadLetter {
  readonly code: string;
  readonly error: string;
  readonly attempts: number;
  /** Equal for failures of the same origin. */
  readonly stackHash?: string;
}

/** Where a message goes that cannot be handled now. libs/postgres provides it. */
export abstract class MessageStore {
  /** Counts a failed try where a restart does not forget it, and says how many there were. */
  abstract countTry(message: KeptMessage, reason: string): Promise<number>;
  /** Puts the message aside until `nextAttemptAt`; the stream's copy may be acked after it. */
  abstract keepWaiting(
    message: KeptMessage,
    wait: { readonly nextAttemptAt: Date; readonly reason: string },
  ): Promise<void>;
  /** Parks the message for people. One row for each (consumer, id), however often it is called. */
  abstract deadLetter(message: KeptMessage, why: DeadLetter): Promise<void>;
  /** Takes due messages for `leaseMs`; a crash gives them back when the lease is over. */
  abstract claimDue(
    consumers: readonly string[],
    limit: number,
    leaseMs: number,
  ): Promise<KeptMessage[]>;
  /** A waiting message is done, also when its handler left no inbox mark. */
  abstract finish(consumer: string, id: string): Promise<void>;
}
