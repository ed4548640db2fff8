import type { OrderSighting, StockFact } from '@tillbridge/domain';
import type { Course } from './course.js';
import type { Readable } from './readable.js';
import type { ChannelShelf } from './channel-shelf.js';
import type { MasterShelf } from './masters.js';

export interface ShopLine {
  readonly lineId: string;
  readonly sku: string;
  orderedQuantity: number;
  cancelledQuantity: number;
  fulfilledQuantity: number;
}

/** A draft or an order as the platform holds it. */
export class ShopDocument implements Readable {
  version = 1;
  status: OrderSighting['status'] = 'open';
  private readVersion = 0;
  private factIds: string[] = [];

  constructor(
    readonly order: ShopOrder,
    readonly stage: 'draft' | 'order',
    readonly lines: readonly ShopLine[],
    private readonly course: Course,
  ) {}

  get dirty(): boolean {
    return this.readVersion < this.version;
  }

  read(): StockFact {
    const { orderId, connectionId, trade, placedAt, ownPlaceId } = this.order;
    this.readVersion = this.version;
    const data: OrderSighting = {
      orderId,
      connectionId,
      stage: this.stage,
      revision: this.version,
      status: this.status,
      trade,
      paymentMethod: trade ? 'on-account' : 'card',
      placedAt,
      lines: this.lines.map((line) => ({
        ...line,
        ...(ownPlaceId === undefined ? {} : { channelLocationId: ownPlaceId }),
      })),
    };
    const id = this.course.newId('m');
    this.factIds.push(id);
    return { id, kind: 'order-observed', data };
  }

  /** The facts that were sent of it since this was asked last. */
  takeFactIds(): string[] {
    const ids = this.factIds;
    this.factIds = [];
    return ids;
  }
}

/** One order of a channel: its draft, if it began as one, and the order once there is one. */
export class ShopOrder {
  draft?: ShopDocument;
  order?: ShopDocument;
  /** Where its lines are sold, by SKU; retail orders of a separate location take from nowhere. */
  readonly soldFrom = new Map<string, ChannelShelf | MasterShelf>();

  constructor(
    readonly orderId: string,
    readonly connectionId: string,
    readonly trade: boolean,
    readonly placedAt: string,
    /** The place that the channel counts itself, where all of it is sold from there. */
    readonly ownPlaceId?: string,
  ) {}

  get documents(): ShopDocument[] {
    return [this.draft, this.order].filter((each) => each !== undefined);
  }
}

/** What of a line is neither cancelled nor gone. */
export function openQuantity(line: ShopLine): number {
  return line.orderedQuantity - line.cancelledQuantity - line.fulfilledQuantity;
}
