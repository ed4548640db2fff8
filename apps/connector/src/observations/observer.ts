import type { Logger } from 'pino';
import type { ConnectionHealth } from '../connections/connection-health.js';
import type { Vendor } from '../vendor.js';
import type { EntityBook } from './entity-book.js';
import type { Database } from '@tillbridge/postgres';
import type { FeedRunner } from './feed-runner.js';
import { Fetcher } from './fetcher.js';
import type { FetchQueue } from './fetch-queue.js';
import { PollRounds } from './poll-rounds.js';
import { ReadingLane } from './reading-lane.js';

export interface ObserverParts {
  readonly database: Database;
  readonly queue: FetchQueue;
  readonly entities: EntityBook;
  readonly runner: FeedRunner;
  readonly health: ConnectionHealth;
  readonly logger: Logger;
  readonly timeScale: number;
}

/** All reading for one connection: a lane for what is urgent, and one beside it for the rest. */
export class Observer {
  private readonly lanes: readonly ReadingLane[];
  private readonly rounds: PollRounds;

  constructor(vendor: Vendor, parts: ObserverParts) {
    const { aside, feeds, connection } = vendor;
    this.rounds = new PollRounds(feeds, connection.pollSeconds * 1_000);
    this.lanes = [false, true].map((named) => {
      const kinds = { kinds: aside.kinds, named };
      const own = feeds.filter((feed) => aside.feeds.includes(feed.name) === named);
      const fetcher = new Fetcher(vendor, kinds, parts);
      return new ReadingLane(connection.id, own, kinds, { ...parts, fetcher, rounds: this.rounds });
    });
  }

  /** Rounds in which each of the frequent feeds was read to its end, begun after the one before. */
  get completedRounds(): number {
    return this.rounds.completed;
  }

  /** Polls under way. */
  get running(): number {
    return this.lanes.reduce((sum, lane) => sum + lane.running, 0);
  }

  start(): void {
    for (const lane of this.lanes) lane.start();
  }

  /** Ends after the pages or batches under way. */
  async stop(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.stop()));
  }

  /** Something was put into the fetch queue, or feeds have news. */
  wake(feeds: readonly string[] = []): void {
    for (const lane of this.lanes) lane.wake(feeds);
  }
}
