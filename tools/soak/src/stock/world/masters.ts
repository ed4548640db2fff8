import { shelfKey, type MasterCause, type StockFact } from '@tillbridge/domain';
import type { Course } from './course.js';
import type { Readable } from './readable.js';
import { BASE_SKUS, type SoakMerchant } from './soak-merchant.js';
import { NOTHING_TAKEN, takenByOrder, type LeftGoods, type Taken } from './taken.js';

/** What the master has of one SKU at one location, and its ledger of how it came to that. */
export class MasterShelf implements Readable {
  readonly key: string;
  private onHandUnits = 0;
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

  move(kind: MasterCause['kind'], units: number, orderId?: string): void {
    const causeId = this.course.newId('c');
    this.lastMs = this.course.nowMs;
    const at = this.course.masterTime(this.lastMs);
    this.ledger.push({ causeId, kind, units, at, ...(orderId === undefined ? {} : { orderId }) });
    this.onHandUnits += units;
    this.wholeRead = false;
    this.taken = undefined;
  }

  /** Goods come or go, and the till knows. */
  bring(kind: MasterCause['kind'], units: number): void {
    this.lyingUnits += units;
    this.move(kind, units);
  }

  /** Goods go, and nothing is booked. */
  take(units: number): void {
    this.lyingUnits -= units;
  }

  /** The store's posting says what of an order is gone. */
  goodsLeft(postingId: string, goods: LeftGoods): void {
    this.left.set(postingId, goods);
    this.taken = undefined;
  }

  /**
   * People count what lies there and make it the figure, lost goods too; where promised goods are put
   * aside they only find what is lost.
   */
  countByHand(lostUnits: number): void {
    this.lyingUnits -= lostUnits;
    this.move('physical-count', this.setsAside ? -lostUnits : this.lyingUnits - this.onHandUnits);
  }

  /** Units that the master has booked for an order, net of what was put back. */
  bookedFor(orderId: string): number {
    let booked = 0;
    for (const cause of this.ledger) if (cause.orderId === orderId) booked -= cause.units;
    return booked;
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
    const last = this.ledger.at(-1);
    const early = last !== undefined && this.readBeforeLast();
    const overlap = dice.chance(0.3) ? dice.between(1, 3) : 0;
    const causes = this.ledger.slice(Math.max(0, this.readEntries - overlap));
    this.revision += 1;
    this.readEntries = this.ledger.length;
    this.wholeRead = !early;
    const data = {
      locationId: this.locationId,
      sku: this.sku,
      onHandUnits: early ? this.onHandUnits - last.units : this.onHandUnits,
      countedAt: this.course.masterTime(early ? this.lastMs - 1 : this.course.nowMs),
      revision: this.revision,
      causes,
    };
    return { id: this.course.newId('m'), kind: 'stock-counted', data };
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

/** The stock masters of all stores. */
export class Masters {
  readonly shelves: readonly MasterShelf[];
  private readonly byKey: ReadonlyMap<string, MasterShelf>;

  constructor(merchant: SoakMerchant, course: Course) {
    this.shelves = merchant.locationIds.flatMap((locationId) =>
      BASE_SKUS.map((sku) => {
        return new MasterShelf(locationId, sku, merchant.setsAside(locationId), course);
      }),
    );
    this.byKey = new Map(this.shelves.map((shelf) => [shelf.key, shelf]));
    for (const shelf of this.shelves) shelf.bring('receipt', course.dice.between(3, 24));
  }

  at(locationId: string, sku: string): MasterShelf {
    return this.byKey.get(shelfKey({ locationId, sku })) as MasterShelf;
  }
}
