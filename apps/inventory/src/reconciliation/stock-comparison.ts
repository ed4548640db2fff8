import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Failure } from '@tillbridge/contracts';
import { Database } from '@tillbridge/postgres';
import { Clock, CONFIGURATION, Settings, type Configuration } from '@tillbridge/runtime';
import { ChannelMap } from '../merchant/channel-map.js';
import { comparedSystems, type ComparedSystem } from './compared-systems.js';
import { comparePage, type Look, type SeenFigure } from './compare-page.js';
import { forgetMentions, keepMentions } from './missing-figures.js';
import {
  claimReadings,
  countPairs,
  moveReading,
  restReading,
  type Reading,
  type Run,
} from './run-book.js';
import { StockPages, type StockPage } from './stock-pages.js';

/** A vendor under load keeps us waiting: we come behind everything else that its budget is for. */
const PATIENCE_MS = 60_000;
const REST_MS = 10_000;
/** A system that gave no page for so long is left out of the run. */
const GIVE_UP_MS = 1_800_000;
const SKUS_AT_ONCE = 250;

/** Reads the systems of a run side by side, page by page; no more than a page of each is in memory. */
@Injectable()
export class StockComparison implements OnModuleDestroy {
  private readonly stopping = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly pages: StockPages,
    private readonly channels: ChannelMap,
    private readonly clock: Clock,
    private readonly settings: Settings,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  get systems(): readonly ComparedSystem[] {
    return comparedSystems(this.configuration);
  }

  /** A stop waits for no vendor: whoever goes on asks for the same page. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }

  /** Goes on with every reading that may go on now, as far as it goes. */
  async readOn(run: Run): Promise<void> {
    const claimed = await this.database.inTransaction((tx) =>
      claimReadings(tx, run, this.clock.now()),
    );
    const ends = await Promise.allSettled(claimed.map((reading) => this.readToEnd(run, reading)));
    // None is left running behind the back of whoever waits for this.
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Where a reading belongs; undefined when its connection is not compared any more. */
  lookOf({ runId, look, connectionId }: Pick<Reading, 'runId' | 'look' | 'connectionId'>) {
    const system = this.systems.find((each) => each.connectionId === connectionId);
    if (system === undefined) return undefined;
    const hubWrites = this.channels.publishedConnections.includes(connectionId);
    return { runId, look, connectionId, side: system.side, hubWrites } satisfies Look;
  }

  private async readToEnd(run: Run, first: Reading): Promise<void> {
    let reading: Reading | null = first;
    while (reading !== null && !this.stopping.signal.aborted) {
      reading = await this.readPage(run, reading);
    }
  }

  /** The reading as it goes on at once; null when it is over, rests, or is somebody else's. */
  private async readPage(run: Run, reading: Reading): Promise<Reading | null> {
    const look = this.lookOf(reading);
    if (look === undefined) return this.fail(reading, 'the connection is not compared any more');
    let page: StockPage;
    try {
      page = await this.untilStopped(this.ask(run, reading, look));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return this.afterFailure(reading, error);
    }
    return this.database.inTransaction(async (tx) => {
      const now = this.clock.now();
      const waits = page.next !== null && page.notBeforeMs > 0;
      const pages = reading.pages + 1;
      const move = {
        now,
        after: page.next,
        pages,
        ended: page.next === null,
        ...(waits ? { notBefore: new Date(now.getTime() + page.notBeforeMs) } : {}),
      };
      if (!(await moveReading(tx, reading, move))) return null;
      await comparePage(tx, look, this.underTheirNames(look, page.figures), now);
      await countPairs(tx, run.runId, page.figures.length);
      if (reading.skus === null && run.scope === 'all' && page.figures.length > 0) {
        await keepMentions(tx, look, pages, this.underTheirNames(look, page.figures));
      }
      return page.next === null || waits
        ? null
        : { ...reading, after: page.next, pages, progressAt: now };
    });
  }

  /** Masters may still know a SKU by a name that the hub has given up. */
  private underTheirNames({ side }: Look, figures: readonly SeenFigure[]): SeenFigure[] {
    const { products } = this.channels;
    return figures.map((each) =>
      side === 'master' ? { ...each, sku: products.baseOf(each.sku) } : each,
    );
  }

  private async untilStopped(asked: Promise<StockPage>): Promise<StockPage> {
    const { signal } = this.stopping;
    let give = (): void => undefined;
    const stopped = new Promise<never>((_, reject) => {
      give = () => reject(new Failure('not-ready', { afterMs: 0 }, 'the service stops'));
      signal.addEventListener('abort', give);
    });
    try {
      return await Promise.race([asked, stopped]);
    } finally {
      signal.removeEventListener('abort', give);
    }
  }

  private async ask(run: Run, reading: Reading, { side }: Look): Promise<StockPage> {
    const { connectionId, skus } = reading;
    const at = skus === null ? null : Number(reading.after ?? 0);
    const question = {
      connectionId,
      ...(skus === null && run.since !== null ? { since: run.since.toISOString() } : {}),
      ...(skus === null && reading.after !== null ? { after: reading.after } : {}),
      ...(at === null ? {} : { skus: skus?.slice(at, at + SKUS_AT_ONCE) }),
    };
    const page = await this.pages.read(side, question, PATIENCE_MS);
    if (at === null) return page;
    const next = at + SKUS_AT_ONCE;
    return { ...page, next: next < (skus?.length ?? 0) ? String(next) : null };
  }

  /** A place in a vendor's list may have been forgotten meanwhile: it is read anew, once. */
  private async afterFailure(reading: Reading, failure: Failure): Promise<null> {
    const now = this.clock.now();
    const { timeScale } = this.settings;
    const silentMs = now.getTime() - reading.progressAt.getTime();
    if (failure.retry !== 'never' && silentMs < GIVE_UP_MS / timeScale) {
      const restMs = Math.max(REST_MS, failure.retry.afterMs) / timeScale;
      await restReading(this.database, reading, new Date(now.getTime() + restMs));
      return null;
    }
    if (failure.retry === 'never' && reading.after !== null && reading.restarts === 0) {
      await this.database.inTransaction(async (tx) => {
        const move = { now, after: null, pages: 0, ended: false, notBefore: now, restarts: 1 };
        if (!(await moveReading(tx, reading, move))) return;
        await forgetMentions(tx, reading.runId, reading.connectionId);
      });
      return null;
    }
    return this.fail(reading, `${failure.code}: ${failure.message}`);
  }

  private async fail(reading: Reading, failure: string): Promise<null> {
    const { after, pages } = reading;
    const move = { now: this.clock.now(), after, pages, ended: true, failure };
    await this.database.inTransaction((tx) => moveReading(tx, reading, move));
    return null;
  }
}
