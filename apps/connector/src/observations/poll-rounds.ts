import type { Feed } from '../vendor.js';

/**
 * Counts the rounds in which all frequent feeds of a connection came to their end. Two rounds after
 * a moment, everything that had happened at the vendor by then has been read.
 */
export class PollRounds {
  private readonly names: readonly string[];
  private done = new Set<string>();
  private begunAtMs = Date.now();
  completed = 0;

  /** Feeds that run less often than `frequentMs` (a catalogue, customers) do not count. */
  constructor(feeds: readonly Feed[], frequentMs: number) {
    this.names = feeds.filter((feed) => feed.everyMs <= frequentMs).map((feed) => feed.name);
  }

  ran(feed: string, begunAtMs: number): void {
    if (begunAtMs < this.begunAtMs || !this.names.includes(feed)) return;
    this.done.add(feed);
    if (this.done.size < this.names.length) return;
    this.completed += 1;
    this.done = new Set();
    this.begunAtMs = Date.now();
  }
}
