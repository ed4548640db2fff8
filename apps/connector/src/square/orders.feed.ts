import type { Feed, PollPage } from '../vendor.js';
import type { Order } from './square-model.js';
import type { SquareLocations } from './square-locations.js';
import { sinceWithOverlap } from './square-overlap.js';
import { orderRef, postingRef, type SquareRefs } from './square-refs.js';
import { SQUARE } from './square.capabilities.js';
import { chunksOf, type SquareClient } from './square.client.js';
import { observeOrder } from './square.observations.js';
import { dispatchOf, fulfilmentOf, ourOrderOf, paymentOf, toClock } from './square.translate.js';
import { isTillSale, observeSale, variationsOf } from './till-sales.js';

/** How far the stores are with what we posted, and what they sold themselves. */
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
      readonly refs: SquareRefs;
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
        yield await this.toPage(orders);
      }
    }
    yield { observations: [], mark: latest };
  }

  private async toPage(orders: readonly Order[]): Promise<PollPage> {
    const skus = await this.skusToTell(orders);
    const { locations } = this.parts;
    return {
      observations: orders.flatMap((order) => {
        const locationId = locations.ourId(order.location_id);
        const ours = observeOrder(this.connectionId, order, dispatchOf(order, locationId, skus));
        return ours ?? observeSale(this.connectionId, order, locationId, skus) ?? [];
      }),
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

  /** By variation: of what has left with our orders, and of what the tills sold. */
  private skusToTell(orders: readonly Order[]): Promise<ReadonlyMap<string, string>> {
    const told = orders.filter(
      (order) =>
        isTillSale(order) ||
        (ourOrderOf(order) !== null && fulfilmentOf(order).state === 'completed'),
    );
    return this.parts.refs.skus([...new Set(told.flatMap(variationsOf))]);
  }
}

function query(start_at: string) {
  return {
    filter: { date_time_filter: { updated_at: { start_at } } },
    sort: { sort_field: 'UPDATED_AT', sort_order: 'ASC' },
  };
}
