/** What tells whether a stream is the one of before, with all that was in it. */
export interface StreamState {
  readonly stream: string;
  /** When it was made, in the server's words. */
  readonly created: string;
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** When its last message came, ISO 8601; null when it never had one. */
  readonly lastAt: string | null;
  /** How long it keeps a message. */
  readonly maxAgeMs: number;
}

/** Remembers streams and tells people when one has lost what it held. libs/postgres provides it. */
export abstract class StreamMemory {
  /** `read` is called when nobody else looks, so that what it finds is newer than what is known. */
  abstract compare(stream: string, read: () => Promise<StreamState | null>): Promise<void>;
}
