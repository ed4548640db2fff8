import { Failure } from '@tillbridge/contracts';
import type { Logger } from 'pino';
import { setTimeout as sleep } from 'node:timers/promises';
import { Alarm } from '../connections/alarm.js';
import { backoffMs } from '../connections/backoff.js';
import type { ConnectionHealth } from '../connections/connection-health.js';
import type { Feed } from '../vendor.js';
import type { FeedRunner } from './feed-runner.js';
import type { Fetcher } from './fetcher.js';
import type { FetchQueue, LaneKinds } from './fetch-queue.js';
import type { PollRounds } from './poll-rounds.js';

/** Webhooks come in swarms: what one change says several times is read once. */
const COALESCE_MS = 120;
const BATCHES_PER_TURN = 80;
/** While a poll is under way, so that webhooks need not wait for its end. */
const BATCHES_BETWEEN_PAGES = 4;
/** People are told of a poll that takes longer. */
const SLOW_MS = 3_000;
/** Another process may have taken in what is to be read here. */
const LOOK_MS = 1_000;

interface FeedState {
  readonly feed: Feed;
  dueAtMs: number;
  /** Not before this, however often it is woken. */
  notBeforeMs: number;
  woken: boolean;
  failures: number;
}

/** One lane of reading: one thing after the other, what is queued, then what is due. */
export class ReadingLane {
  private readonly alarm = new Alarm();
  private readonly feeds: FeedState[];
  private stopping = false;
  private ended: Promise<void> = Promise.resolve();
  /** Polls under way: 0 or 1. */
  running = 0;

  constructor(
    private readonly connection: string,
    feeds: readonly Feed[],
    private readonly kinds: LaneKinds,
    private readonly parts: {
      readonly fetcher: Fetcher;
      readonly runner: FeedRunner;
      readonly queue: FetchQueue;
      readonly health: ConnectionHealth;
      readonly rounds: PollRounds;
      /** Rings all lanes of the connection. */
      readonly news: () => void;
      readonly logger: Logger;
      readonly timeScale: number;
    },
  ) {
    this.feeds = feeds.map((feed) => ({
      feed,
      dueAtMs: 0,
      notBeforeMs: 0,
      woken: false,
      failures: 0,
    }));
  }

  start(): void {
    this.stopping = false;
    this.ended = this.loop();
  }

  /** Ends after the page or batch under way. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.alarm.ring();
    await this.ended;
  }

  /** Something was put into the fetch queue, or feeds have news. */
  wake(feeds: readonly string[] = []): void {
    for (const state of this.feeds) if (feeds.includes(state.feed.name)) state.woken = true;
    this.alarm.ring();
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      try {
        await this.parts.fetcher.drain(BATCHES_PER_TURN, () => this.stopping);
        await this.runDueFeeds();
        const rung = await this.alarm.sleep(await this.untilNextMs());
        if (rung && !this.stopping) await sleep(COALESCE_MS);
      } catch (error) {
        this.parts.logger.error({ err: error }, 'reading goes on after an error');
        await this.alarm.sleep(1_000);
      }
    }
  }

  private async runDueFeeds(): Promise<void> {
    for (const state of this.feeds) {
      const nextAtMs = nextRunOf(state);
      if (this.stopping) return;
      if (nextAtMs <= Date.now()) await this.run(state);
    }
  }

  private async run(state: FeedState): Promise<void> {
    const { feed } = state;
    const { fetcher, runner, health, timeScale } = this.parts;
    const woken = state.woken && state.dueAtMs > Date.now();
    const part = `feed ${feed.name}`;
    const begunAtMs = Date.now();
    state.woken = false;
    this.running += 1;
    try {
      await runner.run(feed, woken, async () => {
        if (this.stopping) throw new Failure('not-ready', 'never', 'the connector stops');
        // A page may have left things to another lane.
        this.parts.news();
        await fetcher.drain(BATCHES_BETWEEN_PAGES, () => this.stopping);
      });
      state.failures = 0;
      state.notBeforeMs = Date.now() + feed.minPauseMs;
      // A woken run looks back less far than a scheduled one and does not stand in for it.
      if (!woken) state.dueAtMs = begunAtMs + feed.everyMs;
      this.parts.rounds.ran(feed.name, begunAtMs);
      const tookMs = Date.now() - begunAtMs;
      if (tookMs > SLOW_MS) this.parts.logger.info({ part, tookMs }, 'a poll took long');
      await health.worked(part);
    } catch (error) {
      if (this.stopping) return;
      state.failures += 1;
      const askedMs = error instanceof Failure && error.retry !== 'never' ? error.retry.afterMs : 0;
      state.notBeforeMs = Date.now() + backoffMs(state.failures, timeScale, askedMs);
      state.dueAtMs = Math.min(state.dueAtMs, state.notBeforeMs);
      await health.failed(part, error);
    } finally {
      this.running -= 1;
    }
  }

  private async untilNextMs(): Promise<number> {
    const queuedMs = await this.parts.queue.nextDueMs(this.connection, this.kinds);
    const feedMs = Math.min(...this.feeds.map((state) => nextRunOf(state) - Date.now()));
    return Math.max(0, Math.min(queuedMs ?? LOOK_MS, feedMs, LOOK_MS));
  }
}

function nextRunOf(state: FeedState): number {
  return Math.max(state.woken ? 0 : state.dueAtMs, state.notBeforeMs);
}
