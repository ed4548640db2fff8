import type { StockFact } from '@tillbridge/domain';
import type { Course } from './course.js';
import type { MasterShelf } from './masters.js';
import type { Readable } from './readable.js';

/** An order as one store has it: what of it has left the building. */
export class Posting implements Readable {
  private readonly left = new Map<MasterShelf, number>();
  private revision = 0;
  private readRevision = 0;
  private leftAt = '';
  private readonly postingId: string;

  constructor(
    readonly orderId: string,
    readonly locationId: string,
    private readonly course: Course,
  ) {
    this.postingId = `${orderId} ${locationId}`;
  }

  get dirty(): boolean {
    return this.readRevision < this.revision;
  }

  leftFrom(shelf: MasterShelf): number {
    return this.left.get(shelf) ?? 0;
  }

  /** More of it leaves; of all that has left the store tells only the last time. */
  dispatch(shelf: MasterShelf, units: number): void {
    this.left.set(shelf, this.leftFrom(shelf) + units);
    this.revision += 1;
    this.leftAt = this.course.masterTime(this.course.nowMs);
    for (const [each, gone] of this.left) {
      each.goodsLeft(this.postingId, { orderId: this.orderId, units: gone, at: this.leftAt });
    }
    shelf.take(units);
  }

  read(): StockFact {
    this.readRevision = this.revision;
    const { postingId, orderId, locationId, revision, leftAt: at } = this;
    const units = [...this.left].map(([{ sku }, gone]) => ({ sku, units: gone }));
    const data = { postingId, orderId, revision, locationId, at, units };
    return { id: this.course.newId('m'), kind: 'dispatched', data };
  }
}
