import type { StockFact } from '@tillbridge/domain';
import type { Course } from './course.js';
import type { MasterShelf } from './masters.js';
import type { Readable } from './readable.js';
import { Shipment } from './shipment.js';

/** An order as one store has it: what of it has left the building. */
export class Posting implements Readable {
  /** True where parts are recorded by a warehouse, and the POS knows only that all has left. */
  readonly inParts: boolean;
  readonly shipments: Shipment[] = [];
  private readonly left = new Map<MasterShelf, number>();
  private revision = 0;
  private readRevision = 0;
  private leftAt = '';
  /** What the POS tells. */
  private told: ReadonlyMap<MasterShelf, number> = new Map();

  constructor(
    readonly orderId: string,
    readonly locationId: string,
    readonly postingId: string,
    private readonly course: Course,
  ) {
    this.inParts = course.dice.chance(0.7);
  }

  get dirty(): boolean {
    return this.readRevision < this.revision;
  }

  /** True once the POS has told that something has left. */
  get isTold(): boolean {
    return this.revision > 0;
  }

  /** True while nothing was said of it: it can still be voided whole. */
  get isUntouched(): boolean {
    return !this.isTold && this.shipments.length === 0;
  }

  leftFrom(shelf: MasterShelf): number {
    const own = this.shipments.filter((each) => each.shelf === shelf);
    return own.reduce((sum, { units }) => sum + units, this.left.get(shelf) ?? 0);
  }

  /** More of it leaves, and the POS knows; of all that has left it tells only the last time. */
  dispatch(shelf: MasterShelf, units: number): void {
    this.left.set(shelf, (this.left.get(shelf) ?? 0) + units);
    shelf.take(units);
    this.tell(this.left);
  }

  /** A part of it leaves, and is recorded as so many units. */
  ship(shelf: MasterShelf, units: number, recordedUnits: number): Shipment {
    const { orderId, postingId } = this;
    const shipment = new Shipment({ orderId, postingId }, shelf, units, this.course);
    shipment.record(recordedUnits);
    this.shipments.push(shipment);
    return shipment;
  }

  /** The POS is told that all of it has left. */
  complete(): void {
    const shelves = this.shipments.map(({ shelf }) => shelf);
    this.tell(new Map(shelves.map((shelf) => [shelf, this.leftFrom(shelf)])));
  }

  read(): StockFact {
    this.readRevision = this.revision;
    const { postingId, orderId, locationId, revision, leftAt: at } = this;
    const units = [...this.told].map(([{ sku }, gone]) => ({ sku, units: gone }));
    const data = { postingId, orderId, revision, locationId, at, units };
    return { id: this.course.newId('m'), kind: 'dispatched', data };
  }

  private tell(left: ReadonlyMap<MasterShelf, number>): void {
    const { orderId, postingId } = this;
    this.told = left;
    this.revision += 1;
    this.leftAt = this.course.masterTime(this.course.nowMs);
    for (const [shelf, units] of left) {
      shelf.goodsLeft(postingId, { orderId, postingId, units, at: this.leftAt });
    }
  }
}
