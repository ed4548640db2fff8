import type { PollPage } from '../vendor.js';
import { aSquareAccount } from '../../test/square-account.js';
import { OrdersFeed } from './orders.feed.js';
import type { Order } from './square-model.js';
import type { SquareClient } from './square.client.js';

const METADATA = { order_id: '0f3a7f2e-6b1f-5d3c-9c37-0d7f7d0c2b11', posting_id: 'P' };
const SHIPPED: Order = {
  id: 'ORD1',
  location_id: 'L1',
  state: 'COMPLETED',
  updated_at: '2026-03-04T10:15:30Z',
  metadata: METADATA,
  line_items: [{ catalog_object_id: 'VAR-MUG', quantity: '12' }],
  fulfillments: [
    {
      uid: 'shipment',
      type: 'SHIPMENT',
      state: 'COMPLETED',
      shipment_details: { shipped_at: '2026-03-04T10:15:29Z' },
    },
  ],
};

async function poll(orders: readonly Order[]): Promise<object[]> {
  const { connection, refs, locations } = aSquareAccount();
  const client = {
    async *searchOrders() {
      yield orders;
    },
  } as unknown as SquareClient;
  const parts = { client, locations, refs, timeScale: 1 };
  const feed = new OrdersFeed(connection.id, '2026-01-01T00:00:00Z', parts, 1_000);
  const pages: PollPage[] = [];
  for await (const page of feed.poll(null, false)) pages.push(page);
  return pages.flatMap(({ observations }) => observations.map((each) => each.toMessage(1)));
}

it('tells of our orders how far they are, and what has left of them with its time', async () => {
  expect(await poll([SHIPPED, { ...SHIPPED, id: 'TILL', metadata: {} }])).toEqual([
    expect.objectContaining({
      posOrderId: 'ORD1',
      state: 'completed',
      dispatch: {
        locationId: 'high-street',
        at: '2026-03-04T10:15:29.000000Z',
        units: [{ sku: 'MUG', units: 12 }],
      },
    }),
  ]);
});
