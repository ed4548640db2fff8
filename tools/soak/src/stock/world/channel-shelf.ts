import type { SetStockBatch, ShownFigure, StockFact } from '@tillbridge/domain';
import type { Course } from './course.js';
import type { Readable } from './readable.js';

/** What a version of an order's content has done to a channel's figure. */
export interface ChannelSale {
  readonly revision: number;
  readonly orderId: string;
  readonly version: number;
  readonly units: number;
}

export type SetOutcome = 'set' | 'stale' | 'refused';

/** What a channel shows of one SKU at one of its places, and sells from by itself. */
export class ChannelShelf implements Readable {
  /** What went out or came back through orders, oldest first. */
  readonly sales: ChannelSale[] = [];
  private revision = 1;
  private lastSetRevision = 0;
  private readRevision = 0;
  /** Units of the figure that the hub had told of although it knew better. */
  private excess = 0;

  constructor(
    readonly connectionId: string,
    readonly placeId: string,
    readonly sku: string,
    private shownUnits: number,
    private readonly course: Course,
  ) {}

  get units(): number {
    return this.shownUnits;
  }

  get dirty(): boolean {
    return this.readRevision < this.revision;
  }

  /** What went out before was overwritten by what was set. */
  get setRevision(): number {
    return this.lastSetRevision;
  }

  read(): StockFact {
    this.readRevision = this.revision;
    return { id: this.course.newId('m'), kind: 'channel-observed', data: this.toFigure() };
  }

  /**
   * An order takes units, or gives some back when below zero. Returns how many of them the channel
   * had only because the hub told it too much.
   */
  sell(units: number, orderId: string, version: number): number {
    const justified = Math.max(0, this.shownUnits - this.excess);
    const fromExcess = Math.min(this.excess, Math.max(0, units - justified));
    this.shownUnits -= units;
    this.excess = Math.max(0, Math.min(this.excess, this.shownUnits));
    this.revision += 1;
    this.sales.push({ revision: this.revision, orderId, version, units });
    return fromExcess;
  }

  /** Compares where it does, and sets; `excess` is what of the new figure the hub ought not to have told. */
  set(
    item: SetStockBatch['items'][number],
    { excess, refuse, compares }: { excess: number; refuse: boolean; compares: boolean },
  ) {
    if (refuse) return { ...this.result('refused'), availableUnits: undefined };
    const moved = item.fromUnits !== this.shownUnits;
    if (moved && compares) return this.result('stale');
    if (moved) this.course.note('overwritten');
    this.shownUnits = item.toUnits;
    this.excess = excess;
    this.revision += 1;
    this.lastSetRevision = this.revision;
    // The answer tells of it, and at times a webhook does once more.
    if (this.readRevision === this.revision - 1 && this.course.dice.chance(0.7)) {
      this.readRevision = this.revision;
    }
    return this.result('set');
  }

  private result(outcome: SetOutcome) {
    const { connectionId: _, ...figure } = this.toFigure();
    return { ...figure, outcome };
  }

  private toFigure(): ShownFigure {
    const { connectionId, placeId: channelLocationId, sku, shownUnits, revision } = this;
    return { connectionId, channelLocationId, sku, availableUnits: shownUnits, revision };
  }
}
