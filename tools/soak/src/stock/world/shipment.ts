import type { StockFact } from '@tillbridge/domain';
import type { Course } from './course.js';
import type { MasterShelf } from './masters.js';
import type { Readable } from './readable.js';

/** The POS order that a shipment is of. */
interface OfPosting {
  readonly orderId: string;
  readonly postingId: string;
}

/** A part of a posting that left a shelf, as a warehouse recorded it: at times wrongly at first. */
export class Shipment implements Readable {
  private readonly shipmentId: string;
  private readonly leftAt: string;
  private revision = 0;
  private readRevision = 0;
  private recordedUnits = 0;

  constructor(
    private readonly posting: OfPosting,
    readonly shelf: MasterShelf,
    private goneUnits: number,
    private readonly course: Course,
  ) {
    this.shipmentId = course.newId('s');
    this.leftAt = course.masterTime(course.nowMs);
    shelf.take(goneUnits);
  }

  get dirty(): boolean {
    return this.readRevision < this.revision;
  }

  /** Units that are out of the building. */
  get units(): number {
    return this.goneUnits;
  }

  get isWrong(): boolean {
    return this.recordedUnits !== this.goneUnits;
  }

  record(units: number): void {
    this.recordedUnits = units;
    this.revision += 1;
    const { shipmentId, leftAt: at } = this;
    this.shelf.goodsLeft(shipmentId, { ...this.posting, shipmentId, units, at });
  }

  correct(): void {
    this.record(this.goneUnits);
  }

  /** It comes back, and is said never to have left. */
  callOff(): void {
    this.shelf.take(-this.goneUnits);
    this.goneUnits = 0;
    this.record(0);
  }

  read(): StockFact {
    this.readRevision = this.revision;
    const { shipmentId, revision, leftAt: at, recordedUnits: units } = this;
    const { locationId, sku } = this.shelf;
    const gone = units === 0 ? [] : [{ sku, units }];
    const data = { ...this.posting, shipmentId, revision, locationId, at, units: gone };
    return { id: this.course.newId('m'), kind: 'shipped', data };
  }
}
