import type { ChannelFigure } from './channel-figure.js';
import { completePolls, type Poll } from './poll-watermark.js';
import type { Shelf } from './shelf.js';
import { BookExceptions } from './stock-book-exceptions.js';
import { BookPromises, type BookOrder } from './stock-book-promises.js';
import {
  BookPublications,
  type PublicationLimits,
  type SetStockBatch,
} from './stock-book-publications.js';
import { BookRetail } from './stock-book-retail.js';
import { BookShelves, type BookShelf } from './stock-book-shelves.js';
import { noEffects, type StockEffects, type StockException } from './stock-effects.js';
import type { FactOf, StockFact, StockFactKind } from './stock-facts.js';
import type { StockMerchant } from './stock-merchant.js';

const LIMITS: PublicationLimits = { batchItems: 100, batchesInFlight: 6 };

/**
 * The whole of stock (R3 to R6) as one pure state machine: it takes the facts that inventory takes,
 * and gives the figures, promises, calls and exceptions that follow. What the service does in SQL is
 * compared with it, and random histories are judged by it. Time and ids come in as arguments.
 */
export class StockBook {
  private readonly exceptions = new BookExceptions();
  private readonly shelfRoom = new BookShelves();
  private readonly promises = new BookPromises(this.shelfRoom);
  private readonly retail = new BookRetail();
  private readonly publications: BookPublications;
  private readonly handled = new Set<string>();
  private readonly completeThroughMs = new Map<string, number>();
  private pendingPolls: Poll[] = [];

  constructor(
    private merchant: StockMerchant,
    limits: Partial<PublicationLimits> = {},
  ) {
    const all = { ...LIMITS, ...limits };
    this.publications = new BookPublications(this.shelfRoom, this.exceptions, all);
  }

  get shelves(): readonly BookShelf[] {
    return this.shelfRoom.all;
  }

  get orders(): readonly BookOrder[] {
    return this.promises.all;
  }

  get figures(): readonly ChannelFigure[] {
    return this.publications.all;
  }

  get openExceptions(): readonly StockException[] {
    return this.exceptions.open;
  }

  /** Takes a batch in: facts of one kind that follow one another together, each once by its id. */
  take(facts: readonly StockFact[], now: Date): StockEffects {
    const effects = noEffects();
    for (const run of runsOfOneKind(facts)) {
      const fresh = run.filter(({ kind, id }) => this.isFirst(kind, id));
      if (fresh.length > 0) this.takeRun(fresh, now, effects);
    }
    return effects;
  }

  /** The calls that go out now, marked as on their way. */
  publish(newBatchId: () => string): SetStockBatch[] {
    return this.merchant.publishedConnections.flatMap((id) => {
      const channel = this.merchant.channelOf(id);
      const completeThroughMs = this.completeThroughMs.get(channel.ordersConnectionId) ?? null;
      return this.publications.send(id, completeThroughMs, channel, newBatchId);
    });
  }

  /** The merchant's configuration is another: lines that waited are placed, every figure is anew. */
  configure(merchant: StockMerchant, now: Date): StockEffects {
    const effects = noEffects();
    this.merchant = merchant;
    const waiting = this.orders.filter((each) => each.allocation?.unallocated.length);
    const orderIds = waiting.map(({ orderId }) => orderId);
    this.settle(orderIds, new Map(), [], [], now, effects);
    this.publications.refreshAll(merchant, now, effects);
    return effects;
  }

  private takeRun(run: readonly StockFact[], now: Date, effects: StockEffects): void {
    const { merchant, exceptions } = this;
    const of = <K extends StockFactKind>(kind: K) =>
      run.filter((fact): fact is FactOf<K> => fact.kind === kind);
    switch (run[0]?.kind) {
      case 'stock-counted':
        this.takeCounts(of('stock-counted'), now, effects);
        break;
      case 'order-observed':
        this.takeOrders(of('order-observed'), now, effects);
        break;
      case 'channel-observed':
        this.publications.observe(of('channel-observed'), merchant, now, effects);
        break;
      case 'stock-set':
        this.publications.answer(of('stock-set'), merchant, now, effects);
        break;
      case 'orders-polled':
        this.pendingPolls.push(...of('orders-polled').map(({ data }) => data));
        this.advanceWatermarks();
        break;
      case 'dispatched':
        this.takeDispatches(of('dispatched'), now, effects);
        break;
      case 'shipped':
        this.takeDispatches(of('shipped'), now, effects);
        break;
      case 'stock-adjusted':
        this.retail.answer(of('stock-adjusted'), exceptions, effects);
        break;
      case undefined:
    }
  }

  private takeOrders(
    facts: readonly FactOf<'order-observed'>[],
    now: Date,
    effects: StockEffects,
  ): void {
    const sources = this.promises.see(facts);
    const seen = new Set(facts.map(({ data }) => data.orderId));
    const orderIds = [...seen].filter((orderId) => sources.has(orderId));
    this.settle(orderIds, sources, [], [], now, effects);
    this.advanceWatermarks();
  }

  private takeCounts(
    facts: readonly FactOf<'stock-counted'>[],
    now: Date,
    effects: StockEffects,
  ): void {
    const { shelves, contained, firstCounted } = this.shelfRoom.take(facts, effects);
    const touched = this.promises.contain(contained, this.merchant, effects);
    touched.push(...this.promises.takenBack(contained));
    // The sums first: what waits is allocated from what is really free.
    const shorts = this.promises.refreshShelves(shelves);
    const sources = this.promises.waiting(
      new Map(firstCounted.map(({ sku, messageId }) => [sku, messageId])),
    );
    this.settle([...sources.keys()], sources, shelves, [...touched, ...shorts], now, effects);
  }

  private takeDispatches(
    facts: readonly FactOf<'dispatched' | 'shipped'>[],
    now: Date,
    effects: StockEffects,
  ): void {
    const changed = this.promises.dispatch(facts, this.merchant, effects);
    const shorts = this.promises.refreshShelves(changed);
    const orderIds = changed.map(({ orderId }) => orderId);
    this.settle([], new Map(), changed, [...orderIds, ...shorts], now, effects);
  }

  /** Settles orders, and brings all that depends on them and on `touched` shelves up to date. */
  private settle(
    orderIds: readonly string[],
    sources: ReadonlyMap<string, string>,
    shelves: readonly Shelf[],
    touchedOrders: readonly string[],
    now: Date,
    effects: StockEffects,
  ): void {
    const settled = this.promises.settle(orderIds, this.merchant, sources, effects);
    for (const { allocation, leaving } of settled) {
      this.retail.adjust(allocation, leaving, effects);
    }
    const owed = settled.flatMap((each) => each.owed);
    const shorts = this.promises.refreshShelves(owed);
    this.publications.refresh([...shelves, ...owed], this.merchant, now, effects);
    const changed = new Set(
      settled.filter((each) => each.changed).map(({ allocation }) => allocation.orderId),
    );
    for (const orderId of new Set([...touchedOrders, ...orderIds, ...shorts])) {
      this.promises.refreshConditions(orderId, this.exceptions, effects);
      this.promises.announce(orderId, changed.has(orderId), effects);
    }
  }

  private advanceWatermarks(): void {
    const isHandled = (id: string) =>
      this.handled.has(handledKey('order-observed', id)) ||
      this.handled.has(handledKey('orders-polled', id));
    const complete = new Set(completePolls(this.pendingPolls, isHandled));
    if (complete.size === 0) return;
    this.pendingPolls = this.pendingPolls.filter((poll) => !complete.has(poll));
    for (const { connectionId, completeThrough } of complete) {
      const before = this.completeThroughMs.get(connectionId) ?? 0;
      this.completeThroughMs.set(connectionId, Math.max(before, completeThrough.getTime()));
    }
  }

  private isFirst(kind: StockFactKind, id: string): boolean {
    const key = handledKey(kind, id);
    if (this.handled.has(key)) return false;
    this.handled.add(key);
    return true;
  }
}

function handledKey(kind: StockFactKind, id: string): string {
  return `${kind} ${id}`;
}

function runsOfOneKind(facts: readonly StockFact[]): StockFact[][] {
  const runs: StockFact[][] = [];
  for (const fact of facts) {
    const last = runs.at(-1);
    if (last?.[0]?.kind === fact.kind) last.push(fact);
    else runs.push([fact]);
  }
  return runs;
}
