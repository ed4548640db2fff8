import { Failure, HeldPosOrder, type PosOrderPage } from '@tillbridge/contracts';
import type { OrdersQuestion } from '../vendor.js';
import type { SquareLocations } from './square-locations.js';
import type { Order } from './square-model.js';
import { SQUARE } from './square.capabilities.js';
import { chunksOf, PATIENT, type SquareClient } from './square.client.js';
import { ourOrderOf } from './square.translate.js';

/** Which locations are searched, and how far. */
interface Place {
  readonly at: number;
  readonly cursor?: string;
}

/** Square's orders that carry our marks, a page at a time: till sales are never shipped. */
export class OrderPages {
  constructor(
    private readonly client: SquareClient,
    private readonly locations: SquareLocations,
  ) {}

  async read({ since, posOrderIds, after }: OrdersQuestion): Promise<PosOrderPage> {
    if (posOrderIds !== undefined) {
      return { orders: (await this.client.orders(posOrderIds, PATIENT)).flatMap(toHeld) };
    }
    const place = after === undefined ? { at: 0 } : toPlace(after);
    const chunks = chunksOf(this.locations.vendorIds, SQUARE.batch.searchedLocations);
    const location_ids = chunks[place.at];
    if (location_ids === undefined) return { orders: [] };
    const search = { location_ids, limit: SQUARE.batch.searchedOrders, query: queryOf(since) };
    const { orders, cursor } = await this.client.ordersPage(search, place.cursor);
    const following: Place = cursor === undefined ? { at: place.at + 1 } : { at: place.at, cursor };
    const more = following.at < chunks.length;
    return { orders: orders.flatMap(toHeld), ...(more ? { next: JSON.stringify(following) } : {}) };
  }
}

function queryOf(since: string | undefined) {
  const made = since === undefined ? {} : { date_time_filter: { created_at: { start_at: since } } };
  return {
    filter: { ...made, fulfillment_filter: { fulfillment_types: ['SHIPMENT'] } },
    sort: { sort_field: 'CREATED_AT', sort_order: 'ASC' },
  };
}

function toHeld(order: Order): HeldPosOrder[] {
  const our = ourOrderOf(order);
  if (our === null) return [];
  return [
    Object.assign(new HeldPosOrder(), {
      posOrderId: order.id,
      postingId: our.postingId,
      live: order.state !== 'CANCELED',
      createdAt: order.created_at ?? order.updated_at,
    }),
  ];
}

function toPlace(text: string): Place {
  try {
    return JSON.parse(text) as Place;
  } catch (cause) {
    throw new Failure('bad-message', 'never', 'that is no place in a list of orders', { cause });
  }
}
