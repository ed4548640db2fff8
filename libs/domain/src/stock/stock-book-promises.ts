import { newlyContained, type ShelfCause } from './commitment.js';
import {
  decideSettlements,
  type Allocation,
  type OrderSettlement,
  type OrderSighting,
  type OwedFromShelf,
  type SettlingOrder,
  type ShelfPromise,
} from './order-settlement.js';
import { countedSighting, laterSighting } from './owed.js';
import {
  containmentByOrder,
  NOTHING_CONTAINED,
  standingOf,
  type PromiseStanding,
} from './physical-count.js';
import { shelfKey, type Shelf } from './shelf.js';
import { decideAnnouncement } from './short-shares.js';
import { shortUnitsByOrder } from './shortage.js';
import { BookDispatches } from './stock-book-dispatches.js';
import type { BookExceptions } from './stock-book-exceptions.js';
import type { BookShelf, BookShelves } from './stock-book-shelves.js';
import type { StockEffects } from './stock-effects.js';
import type { FactOf } from './stock-facts.js';
import type { StockMerchant } from './stock-merchant.js';
import { isTakenBack, takenBackUnits } from './taken-back.js';
import { UNPLACED_CODES, unplacedRetail } from './unplaced-retail.js';

export interface BookPromise extends ShelfPromise {
  readonly shortUnits: number;
}

/** What the book holds of an order. */
export interface BookOrder extends SettlingOrder {
  readonly promises: readonly BookPromise[];
}

/** Orders, where their goods come from, and what of them the figures contain. */
export class BookPromises {
  private readonly held = new Map<string, BookOrder>();
  /** Orders with a promise on a shelf. */
  private readonly onShelf = new Map<string, Set<string>>();
  /** Orders with a line that waits for the first count of a base SKU. */
  private readonly waitingFor = new Map<string, Set<string>>();
  private readonly dispatches = new BookDispatches();

  constructor(private readonly shelves: BookShelves) {}

  get all(): readonly BookOrder[] {
    return [...this.held.values()];
  }

  read(orderId: string): BookOrder {
    return this.held.get(orderId) ?? { orderId, promises: [] };
  }

  /**
   * Takes in what platforms showed. Returns the facts that tell something new, by order: that of the
   * order itself where there is one, since its draft counts no more.
   */
  see(facts: readonly FactOf<'order-observed'>[]): Map<string, string> {
    const sources = new Map<string, string>();
    const orders = new Set<string>();
    for (const { id, data } of facts) {
      const order = this.read(data.orderId);
      if (laterSighting<OrderSighting>(order[data.stage], data) !== data) continue;
      this.held.set(data.orderId, { ...order, [data.stage]: data });
      if (data.stage === 'order') orders.add(data.orderId);
      if (data.stage === 'order' || !orders.has(data.orderId)) sources.set(data.orderId, id);
    }
    return sources;
  }

  /**
   * Takes in what figures contain of orders from now on. Where people have counted, all promises of the
   * shelf are looked at anew. Returns the orders that changed.
   */
  contain(causes: readonly ShelfCause[], merchant: StockMerchant, effects: StockEffects): string[] {
    const counted = causes.filter((cause) => this.isCounted(cause, merchant));
    // A new count changes all orders of its shelf, and is the fact behind that.
    const [counts, others] = [counted.filter(isCount), counted.filter((each) => !isCount(each))];
    const anew = new Map([...others, ...counts].map((cause) => [shelfKey(cause), cause]));
    const sums = newlyContained(causes);
    const added = sums.filter((each) => !anew.has(shelfKey(each)));
    for (const { units, messageId, ...each } of added) {
      const before = this.promiseOf(each.orderId, each);
      const containedUnits = before.containedUnits + units;
      this.contained({ ...before, containedUnits }, messageId, effects);
    }
    const sources = new Map(sums.map((each) => [promiseKey(each), each.messageId]));
    const changed = [...anew.values()].flatMap((shelf) =>
      this.recount(
        shelf,
        (promise) => sources.get(promiseKey(promise)) ?? shelf.messageId,
        effects,
      ),
    );
    return [...added, ...changed].map(({ orderId }) => orderId);
  }

  /** Takes in what has left. Only where people have counted does it change a promise. */
  dispatch(
    facts: readonly FactOf<'dispatched' | 'shipped'>[],
    merchant: StockMerchant,
    effects: StockEffects,
  ): BookPromise[] {
    const sources = new Map(facts.map(({ id, data }) => [data.orderId, id]));
    const shelves = new Map<string, Shelf>();
    const told = new Set<string>();
    for (const shelf of this.dispatches.take(facts)) {
      this.keep(this.promiseOf(shelf.orderId, shelf));
      if (this.isCounted(shelf, merchant)) shelves.set(shelfKey(shelf), shelf);
      told.add(promiseKey(shelf));
    }
    return [...shelves.values()].flatMap((shelf) =>
      this.recount(
        shelf,
        ({ orderId }) => sources.get(orderId) ?? '',
        effects,
        (orderId) => told.has(promiseKey({ ...shelf, orderId })),
      ),
    );
  }

  /**
   * Orders with a line that waits for one of these base SKUs, in order of their ids, each with the fact
   * that brought its own.
   */
  waiting(firstCounted: ReadonlyMap<string, string>): Map<string, string> {
    const sources = new Map<string, string>();
    for (const [sku, messageId] of firstCounted) {
      for (const orderId of this.waitingFor.get(sku) ?? []) sources.set(orderId, messageId);
    }
    return new Map([...sources].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Decides anew what these orders are owed and from where; `sources` are the facts behind it. */
  settle(
    orderIds: readonly string[],
    merchant: StockMerchant,
    sources: ReadonlyMap<string, string>,
    effects: StockEffects,
  ): OrderSettlement[] {
    const orders = orderIds
      .map((orderId) => this.read(orderId))
      .filter((order) => countedSighting(order) !== undefined);
    const settled = decideSettlements(orders, (key) => this.shelves.read(key), merchant);
    for (const { allocation, owed, entries } of settled) {
      this.allocate(allocation);
      for (const row of owed) this.owe(row);
      const messageId = sources.get(allocation.orderId) ?? '';
      for (const entry of entries) effects.ledger.push({ ...entry, messageId });
    }
    return settled;
  }

  /**
   * Brings each shelf's promised sum, and who is short on it, up to its promises. Returns the orders
   * that became short, or more or less so.
   */
  refreshShelves(shelves: Iterable<Shelf>): string[] {
    const changed: string[] = [];
    for (const key of new Set([...shelves].map(shelfKey))) {
      const shelf = this.shelves.read(key);
      if (shelf !== undefined) changed.push(...this.refreshShelf(key, shelf));
    }
    return changed;
  }

  /** Raises what is wrong with an order's goods, and clears what is not. */
  refreshConditions(orderId: string, exceptions: BookExceptions, effects: StockEffects): void {
    const { promises, ...order } = this.read(orderId);
    const counted = countedSighting(order);
    if (counted === undefined) return;
    const unplaced = unplacedRetail(counted, order.allocation?.unallocated ?? []);
    const short = promises.reduce((sum, { shortUnits }) => sum + shortUnits, 0);
    const standings = promises.map((each) => this.standingOf(each));
    const total = (units: (each: PromiseStanding) => number): number =>
      standings.reduce((sum, each) => sum + units(each), 0);
    const subject = orderId;
    const states = [
      { code: 'order-short', subject, units: short },
      { code: 'restock-pending', subject, units: total((each) => each.restockPendingUnits) },
      {
        code: 'deducted-twice-by-master',
        subject,
        units: total((each) => each.deductedTwiceUnits),
      },
      { code: 'put-back-twice-by-master', subject, units: total((each) => each.putBackTwiceUnits) },
      ...UNPLACED_CODES.map((code) => {
        const units = unplaced.some((each) => each.code === code) ? 1 : 0;
        return { code, subject, units };
      }),
    ] as const;
    for (const { units, ...exception } of states) {
      if (units > 0) exceptions.raise(exception, effects);
      else exceptions.clear(exception, effects);
    }
  }

  /** Tells an allocation that changed, or that lacks something else than was told. */
  announce(orderId: string, changed: boolean, effects: StockEffects): void {
    const { allocation, promises } = this.read(orderId);
    const announced = allocation && decideAnnouncement(allocation, changed, promises);
    if (announced === undefined) return;
    const { shortUnits: _, ...told } = announced;
    this.allocate(told);
    effects.allocated.push(announced);
  }

  /** Orders that may no longer wait for their goods, since a till has taken some back on these shelves. */
  takenBack(causes: readonly ShelfCause[]): string[] {
    const shelves = causes.filter(isTakenBack).map(shelfKey);
    return [...new Set(shelves)].flatMap((key) =>
      [...(this.onShelf.get(key) ?? [])].filter((orderId) => {
        const promise = this.read(orderId).promises.find((each) => shelfKey(each) === key);
        return promise !== undefined && promise.containedUnits > promise.owedUnits;
      }),
    );
  }

  private standingOf(promise: BookPromise): PromiseStanding {
    const standing = standingOf(promise.owedUnits, promise);
    if (standing.restockPendingUnits === 0) return standing;
    const causes = this.shelves.causesIn(shelfKey(promise));
    const takenBack = takenBackUnits(causes, promise.orderId);
    return standingOf(promise.owedUnits, promise, takenBack);
  }

  private isCounted({ locationId, sku }: Shelf, merchant: StockMerchant): boolean {
    if (merchant.setsAside(locationId)) return false;
    const causes = this.shelves.causesIn(shelfKey({ locationId, sku }));
    return causes.some(({ kind }) => kind === 'physical-count');
  }

  /** What the figure of a counted shelf contains, of every order; `sourceOf` names the fact. */
  private recount(
    { locationId, sku }: Shelf,
    sourceOf: (promise: BookPromise) => string,
    effects: StockEffects,
    isMeant: (orderId: string) => boolean = () => true,
  ): BookPromise[] {
    const key = shelfKey({ locationId, sku });
    const contained = containmentByOrder({
      causes: this.shelves.causesIn(key),
      countedAt: this.shelves.read(key)?.countedAt ?? '',
      dispatches: this.dispatches.from(key),
      promisedGoodsAreSetAside: false,
    });
    const orderIds = new Set([...(this.onShelf.get(key) ?? []), ...contained.keys()]);
    return [...orderIds].filter(isMeant).flatMap((orderId) => {
      const before = this.promiseOf(orderId, { locationId, sku });
      const now = { ...before, ...NOTHING_CONTAINED, counted: true, ...contained.get(orderId) };
      const same = now.containedUnits === before.containedUnits;
      if (same && now.leftUnits === before.leftUnits && before.counted) return [];
      if (same) this.keep(now);
      else this.contained(now, sourceOf(now), effects);
      return [now];
    });
  }

  private contained(promise: BookPromise, messageId: string, effects: StockEffects): void {
    const { orderId, locationId, sku, owedUnits, containedUnits } = promise;
    this.keep(promise);
    effects.ledger.push({ messageId, orderId, locationId, sku, owedUnits, containedUnits });
  }

  private refreshShelf(key: string, shelf: BookShelf): string[] {
    const held = [...(this.onShelf.get(key) ?? [])].map((id) => this.promiseOf(id, shelf));
    const committed = held.reduce((sum, each) => sum + each.committedUnits, 0);
    if (committed !== shelf.committedUnits) this.shelves.setCommitted(key, committed);
    const short = shortUnitsByOrder(shelf.onHandUnits, held);
    const changed: string[] = [];
    for (const promise of held) {
      const shortUnits = short.get(promise.orderId) ?? 0;
      if (shortUnits === promise.shortUnits) continue;
      this.keep({ ...promise, shortUnits });
      changed.push(promise.orderId);
    }
    return changed;
  }

  private allocate(allocation: Allocation): void {
    const order = this.read(allocation.orderId);
    const missing = (each: Allocation | undefined) =>
      each?.unallocated.flatMap((line) => line.missing) ?? [];
    for (const sku of missing(order.allocation)) this.waitingFor.get(sku)?.delete(order.orderId);
    for (const sku of missing(allocation)) {
      this.waitingFor.set(sku, (this.waitingFor.get(sku) ?? new Set()).add(order.orderId));
    }
    this.held.set(order.orderId, { ...order, allocation });
  }

  private owe({ orderId, placedAt, owedUnits, ...shelf }: OwedFromShelf): void {
    this.keep({ ...this.promiseOf(orderId, shelf), placedAt, owedUnits });
  }

  private promiseOf(orderId: string, { locationId, sku }: Shelf): BookPromise {
    const order = this.read(orderId);
    const held = order.promises.find((each) => each.locationId === locationId && each.sku === sku);
    const nothing = { ...NOTHING_CONTAINED, owedUnits: 0, committedUnits: 0, shortUnits: 0 };
    // Its date is there whichever comes first: who is short does not hang on the order of arrival.
    const placedAt = countedSighting(order)?.placedAt ?? null;
    return held ?? { orderId, locationId, sku, placedAt, ...nothing };
  }

  private keep(promise: BookPromise): void {
    const { orderId, owedUnits } = promise;
    const key = shelfKey(promise);
    const order = this.read(orderId);
    const row = { ...promise, committedUnits: standingOf(owedUnits, promise).committedUnits };
    const others = order.promises.filter((each) => shelfKey(each) !== key);
    this.held.set(orderId, { ...order, promises: [...others, row] });
    this.onShelf.set(key, (this.onShelf.get(key) ?? new Set()).add(orderId));
  }
}

function isCount({ kind }: ShelfCause): boolean {
  return kind === 'physical-count';
}

function promiseKey(promise: Shelf & { readonly orderId: string }): string {
  return `${promise.orderId} ${shelfKey(promise)}`;
}
