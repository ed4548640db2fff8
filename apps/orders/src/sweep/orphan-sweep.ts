import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import {
  AskPosOrders,
  AskTradeOrders,
  type PosOrderPage,
  type TradeOrderPage,
} from '@tillbridge/contracts';
import {
  orphanPlatformOrders,
  orphanPosOrders,
  orphanPostings,
  type Orphan,
} from '@tillbridge/domain';
import { Asker } from '@tillbridge/messaging';
import {
  Clock,
  Configuration,
  CONFIGURATION,
  LOGGER,
  roleOf,
  Timers,
  type AnyConnection,
} from '@tillbridge/runtime';
import type { Logger } from 'pino';
import { OrphanBook, type DueSweep } from './orphan-book.js';

const LOOK_EVERY_MS = 60_000;
const SWEEP_EVERY_MS = 30 * 60_000;
const DAY_MS = 86_400_000;
/** A sweep looks at what was made so long ago; once a day at everything since the orders count. */
const LATELY_MS = 2 * DAY_MS;
/** A page is read behind all other calls to the vendor. */
const PAGE_MS = 60_000;
/** Of one listing: a vendor that never says it is the last page must not hold us for ever. */
const PAGES = 10_000;

/**
 * Looks for orders that one side has and the other does not know, both ways (R11): behind lost
 * webhooks, lost answers and people who delete. Pages go by; only what is wrong is kept.
 */
@Injectable()
export class OrphanSweep implements OnApplicationBootstrap {
  constructor(
    private readonly book: OrphanBook,
    private readonly asker: Asker,
    private readonly clock: Clock,
    private readonly timers: Timers,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timers.every('orphan-sweep', LOOK_EVERY_MS, () => this.look());
  }

  /** Sweeps the connections that are due. One that cannot be read is swept when it is due again. */
  async look(): Promise<void> {
    const now = this.clock.now();
    const swept = this.configuration.connections.filter((each) => roleOf(each) !== 'trade');
    const nextAt = new Date(now.getTime() + SWEEP_EVERY_MS);
    const ids = swept.map(({ id }) => id);
    for (const due of await this.book.takeDue(ids, now, nextAt)) {
      const connection = swept.find(({ id }) => id === due.connectionId);
      if (connection === undefined) continue;
      try {
        await this.sweep(connection, due, now.getTime());
      } catch (error) {
        const { connectionId } = due;
        this.logger.warn(
          { err: error, connectionId },
          'a sweep for orphans did not come to its end',
        );
      }
    }
  }

  private async sweep(connection: AnyConnection, { full }: DueSweep, nowMs: number): Promise<void> {
    const beginMs = Date.parse(connection.ordersFrom);
    const sinceMs = full ? beginMs : Math.max(beginMs, nowMs - LATELY_MS);
    const since = new Date(sinceMs).toISOString();
    if (roleOf(connection) === 'pos') {
      await this.sweepPos(connection.id, since, full, nowMs);
      await this.sweepPostings(connection.id);
    } else {
      await this.sweepPlatform(connection.id, since, full, nowMs);
    }
    if (full) await this.book.fullyDone(connection.id, this.nextNight(nowMs));
  }

  /** A look at what is late clears nothing older that it did not see. */
  private async sweepPos(
    connectionId: string,
    since: string,
    full: boolean,
    nowMs: number,
  ): Promise<void> {
    const found: Orphan[] = [];
    const explained = new Set<string>();
    for await (const { orders } of this.pagesOf<PosOrderPage>((after) =>
      Object.assign(new AskPosOrders(), { connectionId, since, ...after }),
    )) {
      const asked = await this.book.askedPostings(orders.map(({ postingId }) => postingId));
      found.push(...orphanPosOrders(connectionId, orders, asked, nowMs));
      for (const { posOrderId } of orders) explained.add(`${connectionId}/${posOrderId}`);
    }
    const isOver = (subject: string): boolean => full || explained.has(subject);
    await this.book.settle('orphan-pos-order', connectionId, found, isOver);
  }

  /** Every posting that the POS has confirmed and that is still to be there. */
  private async sweepPostings(connectionId: string): Promise<void> {
    const locationIds = this.configuration.locations
      .filter(({ posting, master }) => (posting ?? master).connection === connectionId)
      .map(({ id }) => id);
    const found: Orphan[] = [];
    let afterPostingId: string | undefined;
    for (;;) {
      const postings = await this.book.confirmedPostings(locationIds, afterPostingId);
      if (postings.length === 0) break;
      afterPostingId = postings.at(-1)?.postingId;
      const posOrderIds = postings.map(({ posOrderId }) => posOrderId);
      const question = Object.assign(new AskPosOrders(), { connectionId, posOrderIds });
      const page = await this.asker.ask<PosOrderPage>(question, { timeoutMs: PAGE_MS });
      found.push(...orphanPostings(postings, new Set(page.orders.map((each) => each.posOrderId))));
    }
    await this.book.settle('orphan-posting', connectionId, found, () => true);
  }

  private async sweepPlatform(
    connectionId: string,
    since: string,
    full: boolean,
    nowMs: number,
  ): Promise<void> {
    const found: Orphan[] = [];
    const explained = new Set<string>();
    for await (const { orders } of this.pagesOf<TradeOrderPage>((after) =>
      Object.assign(new AskTradeOrders(), { connectionId, since, ...after }),
    )) {
      const ids = orders.map(({ vendorId }) => vendorId);
      const known = await this.book.knownOrders(connectionId, ids);
      found.push(...orphanPlatformOrders(connectionId, orders, known, nowMs));
      for (const id of known) explained.add(`${connectionId}/${id}`);
    }
    const isOver = (subject: string): boolean => full || explained.has(subject);
    await this.book.settle('orphan-platform-order', connectionId, found, isOver);
  }

  /** @throws Error when the vendor's pages have no end: then nothing was found out. */
  private async *pagesOf<P extends { readonly next?: string }>(
    toQuestion: (after: { readonly after?: string }) => object,
  ): AsyncIterable<P> {
    let after: { readonly after?: string } = {};
    for (let page = 0; page < PAGES; page += 1) {
      const answer = await this.asker.ask<P>(toQuestion(after), { timeoutMs: PAGE_MS });
      yield answer;
      if (answer.next === undefined) return;
      after = { after: answer.next };
    }
    throw new Error(`a listing of orders had no end after ${PAGES} pages`);
  }

  /** When the vendors are not busy: the time at which the stock is compared as well. */
  private nextNight(nowMs: number): Date {
    const [hours = 0, minutes = 0] = this.configuration.reconciliation.nightlyAt
      .split(':')
      .map(Number);
    const today = new Date(nowMs).setUTCHours(hours, minutes, 0, 0);
    return new Date(today > nowMs ? today : today + DAY_MS);
  }
}
