import type { Logger } from 'pino';
import type { ConnectionHealth } from '../connections/connection-health.js';
import type { Feed, Vendor } from '../vendor.js';
import type { EntityBook } from './entity-book.js';
import type { Database } from '@tillbridge/postgres';
import type { FeedRunner } from './feed-runner.js';
import { Fetcher } from './fetcher.js';
import type { FetchQueue, LaneKinds } from './fetch-queue.js';
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

/**
 * All reading for one connection, in three lanes: what webhooks named, the polls behind them, and
 * aside what can wait. A poll that a slow vendor draws out holds up no webhook.
 */
export class Observer {
  private readonly lanes: readonly ReadingLane[];
  private readonly rounds: PollRounds;

  constructor(vendor: Vendor, parts: ObserverParts) {
    const { aside, feeds, connection } = vendor;
    this.rounds = new PollRounds(feeds, connection.pollSeconds * 1_000);
    const lane = (own: readonly Feed[], kinds: LaneKinds): ReadingLane => {
      const fetcher = new Fetcher(vendor, kinds, parts);
      const news = (): void => this.wake();
      const { rounds } = this;
      return new ReadingLane(connection.id, own, kinds, { ...parts, fetcher, rounds, news });
    };
    const isAside = (feed: Feed): boolean => aside.feeds.includes(feed.name);
    this.lanes = [
      lane([], { kinds: aside.kinds, named: false }),
      lane(
        feeds.filter((feed) => !isAside(feed)),
        { kinds: [], named: true },
      ),
      lane(feeds.filter(isAside), { kinds: aside.kinds, named: true }),
    ];
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
