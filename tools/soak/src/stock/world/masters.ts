import { shelfKey, type MasterCause, type StockFact } from '@tillbridge/domain';
import type { Course } from './course.js';
import type { Readable } from './readable.js';
import { BASE_SKUS } from './soak-products.js';
import type { SoakMerchant } from './soak-merchant.js';
import { NOTHING_TAKEN, takenByOrder, type LeftGoods, type Taken } from './taken.js';

/** The order, and the posting of it, that a change of the shelf is for. */
type OfOrder = Pick<MasterCause, 'orderId' | 'postingId'>;

/** What the master has of one SKU at one location, and its ledger of how it came to that. */
export class MasterShelf implements Readable {
  readonly key: string;
  private onHandUnits = 0;
  /** By how much the last entry has moved the figure. */
  private lastMoved = 0;
  private lastCountMs = 0;
  /** Sold by a till that was offline, and not told of yet. */
  private offline: { readonly units: number; readonly soldMs: number } | undefined;
  private readonly ledger: MasterCause[] = [];
  private lastMs = 0;
  private revision = 0;
  private readEntries = 0;
  private wholeRead = false;
  /** What really lies there. */
  private lyingUnits = 0;
  private readonly left = new Map<string, LeftGoods>();
  private taken: ReadonlyMap<string, Taken> | undefined;

  constructor(
    readonly locationId: string,
    readonly sku: string,
    private readonly setsAside: boolean,
    private readonly course: Course,
  ) {
    this.key = shelfKey(this);
  }

  get units(): number {
    return this.onHandUnits;
  }

  get dirty(): boolean {
    return !this.wholeRead;
  }

  move(kind: MasterCause['kind'], units: number, about: OfOrder = {}): void {
    this.enter({ kind, units, ...about }, units);
  }

  /** Books what had left the building by then; the figure of a later count had missed it already. */
  bookLeft(units: number, orderId: string, leftMs: number): void {
    const missed = this.lastCountMs > leftMs && !this.setsAside;
    const happenedAt = this.course.masterTime(leftMs);
    this.enter(
      { kind: 'retail-dispatch', units: -units, orderId, happenedAt },
      missed ? 0 : -units,
    );
  }

  /** A till that is offline sells: the goods are gone, and nobody hears of it. */
  sellOffline(units: number): void {
    this.offline = { units: units + (this.offline?.units ?? 0), soldMs: this.course.nowMs };
    this.lyingUnits -= units;
  }

  /** The till is back and tells what it sold. The figure of a later count had missed it already. */
  tellOfflineSales(): { readonly sinceCounted: boolean } | undefined {
    if (this.offline === undefined) return undefined;
    const { units, soldMs } = this.offline;
    this.offline = undefined;
    const sinceCounted = this.lastCountMs > soldMs && !this.setsAside;
    const happenedAt = this.course.masterTime(soldMs);
    this.enter({ kind: 'sale', units: -units, happenedAt }, sinceCounted ? 0 : -units);
    return { sinceCounted };
  }

  get isOffline(): boolean {
    return this.offline !== undefined;
  }

  /** Goods come or go, and the till knows. */
  bring(kind: MasterCause['kind'], units: number, about: OfOrder = {}): void {
    this.lyingUnits += units;
    this.move(kind, units, about);
  }

  /** Sold by the platform that counts this place itself: its figure moves at once, with no order named. */
  sell(units: number): 0 {
    this.bring(units > 0 ? 'sale' : 'return', -units);
    return 0;
  }

  /** Goods go, and nothing is booked. */
  take(units: number): void {
    this.lyingUnits -= units;
  }

  /** The store's posting, or a shipment of it, says what of an order is gone. */
  goodsLeft(teller: string, goods: LeftGoods): void {
    this.left.set(teller, goods);
    this.taken = undefined;
  }

  /**
   * People count what lies there and make it the figure, lost goods too; where promised goods are put
   * aside they only find what is lost.
   */
  countByHand(lostUnits: number): void {
    this.lyingUnits -= lostUnits;
    this.move('physical-count', this.setsAside ? -lostUnits : this.lyingUnits - this.onHandUnits);
    this.lastCountMs = this.lastMs;
  }

  /** Units that the master has booked for an order, net of what was put back. */
  bookedFor(orderId: string): number {
    let booked = 0;
    for (const cause of this.ledger) if (cause.orderId === orderId) booked -= cause.units;
    return booked;
  }

  /** Units that the till took back since goods of an order left by an adjustment. */
  takenBackSince(orderId: string): number {
    const left = this.ledger
      .filter((each) => each.kind === 'retail-dispatch' && each.orderId === orderId)
      .map((each) => each.happenedAt ?? each.at);
    if (left.length === 0) return 0;
    const [first = ''] = left.sort();
    const back = this.ledger.filter((each) => {
      return each.kind === 'return' && each.orderId === undefined && each.at >= first;
    });
    return back.reduce((sum, { units }) => sum + units, 0);
  }

  /** What the figure has lost to an order. */
  takenFor(orderId: string): Taken {
    this.taken ??= takenByOrder(this.ledger, this.left.values(), this.setsAside);
    return this.taken.get(orderId) ?? NOTHING_TAKEN;
  }

  /** The figure is looked at once more although nothing has moved. */
  look(): void {
    this.wholeRead = false;
  }

  /** The figure, its clock and what moved it since the last reading, some of it told once more. */
  read(): StockFact {
    const { dice } = this.course;
    const early = this.ledger.length > 0 && this.readBeforeLast();
    const overlap = dice.chance(0.3) ? dice.between(1, 3) : 0;
    const causes = this.ledger.slice(Math.max(0, this.readEntries - overlap));
    this.revision += 1;
    this.readEntries = this.ledger.length;
    this.wholeRead = !early;
    const data = {
      locationId: this.locationId,
      sku: this.sku,
      onHandUnits: early ? this.onHandUnits - this.lastMoved : this.onHandUnits,
      countedAt: this.course.masterTime(early ? this.lastMs - 1 : this.course.nowMs),
      revision: this.revision,
      causes,
    };
    return { id: this.course.newId('m'), kind: 'stock-counted', data };
  }

  private enter(cause: Omit<MasterCause, 'causeId' | 'at'>, movedUnits: number): void {
    const causeId = this.course.newId('c');
    this.lastMs = this.course.nowMs;
    this.ledger.push({ causeId, at: this.course.masterTime(this.lastMs), ...cause });
    this.onHandUnits += movedUnits;
    this.lastMoved = movedUnits;
    this.wholeRead = false;
    this.taken = undefined;
  }

  /**
   * Now and then the figure was read before the ledger, which then names a cause that it does not
   * contain. Within one tick of a coarse clock nobody could tell, and the connector reads again.
   */
  private readBeforeLast(): boolean {
    if (this.course.coarseClock || this.readEntries === this.ledger.length) return false;
    if (!this.course.dice.chance(0.15)) return false;
    this.course.note('ledger-read-later');
    return true;
  }
}

/** The stock masters of all stores, and of the place that a channel counts itself. */
export class Masters {
  readonly shelves: readonly MasterShelf[];
  /** Those with a till. */
  readonly stores: readonly MasterShelf[];
  private readonly byKey: ReadonlyMap<string, MasterShelf>;

  constructor(merchant: SoakMerchant, course: Course) {
    this.shelves = merchant.locationIds.flatMap((locationId) =>
      BASE_SKUS.map((sku) => {
        return new MasterShelf(locationId, sku, merchant.setsAside(locationId), course);
      }),
    );
    this.stores = this.shelves.filter(({ locationId }) => !merchant.isOwnPlace(locationId));
    this.byKey = new Map(this.shelves.map((shelf) => [shelf.key, shelf]));
    for (const shelf of this.shelves) shelf.bring('receipt', course.dice.between(3, 24));
  }

  at(locationId: string, sku: string): MasterShelf {
    return this.byKey.get(shelfKey({ locationId, sku })) as MasterShelf;
  }
}
