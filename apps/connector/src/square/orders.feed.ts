import type { Feed, PollPage } from '../vendor.js';
import type { Order } from './square-model.js';
import type { SquareLocations } from './square-locations.js';
import { sinceWithOverlap } from './square-overlap.js';
import { orderRef, postingRef, type SquareRefs } from './square-refs.js';
import { SQUARE } from './square.capabilities.js';
import { chunksOf, type SquareClient } from './square.client.js';
import { observeOrder } from './square.observations.js';
import { dispatchOf, fulfilmentOf, ourOrderOf, paymentOf, toClock } from './square.translate.js';

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
    const skus = await this.dispatchedSkus(orders);
    const { locations } = this.parts;
    return {
      observations: orders.flatMap((order) => {
        const dispatch = dispatchOf(order, locations.ourId(order.location_id), skus);
        return observeOrder(this.connectionId, order, dispatch) ?? [];
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

  /** By variation: of our orders alone, since a till sale has left with nobody's promise. */
  private dispatchedSkus(orders: readonly Order[]): Promise<ReadonlyMap<string, string>> {
    const left = orders.filter(
      (order) => ourOrderOf(order) !== null && fulfilmentOf(order).state === 'completed',
    );
    const lines = left.flatMap((order) => order.line_items ?? []);
    const ids = lines.flatMap(({ catalog_object_id: id }) => (id === undefined ? [] : [id]));
    return this.parts.refs.skus([...new Set(ids)]);
  }
}

function query(start_at: string) {
  return {
    filter: { date_time_filter: { updated_at: { start_at } } },
    sort: { sort_field: 'UPDATED_AT', sort_order: 'ASC' },
  };
}
