import type { Feed, PollPage } from '../vendor.js';
import type { Order } from './square-model.js';
import type { SquareLocations } from './square-locations.js';
import { sinceWithOverlap } from './square-overlap.js';
import { orderRef, postingRef } from './square-refs.js';
import { SQUARE } from './square.capabilities.js';
import { chunksOf, type SquareClient } from './square.client.js';
import { observeOrder } from './square.observations.js';
import { ourOrderOf, paymentOf, toClock } from './square.translate.js';

/** How far the stores are with what we posted. Their own sales are passed over. */
export class OrdersFeed implements Feed {
  readonly name = 'orders';
  /** Webhooks of every till sale wake it; the calls that saves are for posting orders. */
  readonly minPauseMs = 2_000;

  constructor(
    private readonly connectionId: string,
    private readonly ordersFrom: string,
    private readonly parts: {
      readonly client: SquareClient;
      readonly locations: SquareLocations;
      readonly timeScale: number;
    },
    readonly everyMs: number,
  ) {}

  async *poll(mark: string | null, woken: boolean): AsyncIterable<PollPage> {
    const { client, locations, timeScale } = this.parts;
    const from = mark === null ? null : sinceWithOverlap(mark, woken, timeScale);
    const start_at = from ?? new Date(this.ordersFrom).toISOString();
    let latest = mark ?? toClock(start_at);
    for (const location_ids of chunksOf(locations.vendorIds, SQUARE.batch.searchedLocations)) {
      const search = { location_ids, limit: SQUARE.batch.searchedOrders, query: query(start_at) };
      for await (const orders of client.searchOrders(search)) {
        for (const order of orders) {
          const updatedAt = toClock(order.updated_at);
          if (updatedAt > latest) latest = updatedAt;
        }
        yield this.toPage(orders);
      }
    }
    yield { observations: [], mark: latest };
  }

  private toPage(orders: readonly Order[]): PollPage {
    return {
      observations: orders.flatMap((order) => observeOrder(this.connectionId, order) ?? []),
      refs: orders.flatMap((order) => {
        const our = ourOrderOf(order);
        if (our === null) return [];
        const paymentId = paymentOf(order);
        const known = orderRef(order.id, our);
        if (paymentId === undefined) return [known];
        return [known, postingRef(our.postingId, { posOrderId: order.id, paymentId })];
      }),
    };
  }
}

function query(start_at: string) {
  return {
    filter: { date_time_filter: { updated_at: { start_at } } },
    sort: { sort_field: 'UPDATED_AT', sort_order: 'ASC' },
  };
}
