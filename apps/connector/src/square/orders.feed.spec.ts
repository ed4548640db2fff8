import { SaleObserved } from '@tillbridge/contracts';
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

const SOLD: Order = {
  id: 'TILL',
  location_id: 'L2',
  state: 'COMPLETED',
  created_at: '2026-03-04T09:00:00Z',
  closed_at: '2026-03-04T09:01:00Z',
  updated_at: '2026-03-04T09:02:00Z',
  customer_id: 'CUST',
  line_items: [
    {
      catalog_object_id: 'VAR-MUG',
      name: 'Mug',
      quantity: '2',
      total_money: { amount: 1_200, currency: 'GBP' },
    },
    {
      name: 'for Jane Doe, 1 Mill Lane',
      quantity: '1',
      total_money: { amount: 250, currency: 'GBP' },
    },
  ],
  tenders: [{ id: 'T', type: 'CASH', amount_money: { amount: 1_450, currency: 'GBP' } }],
  net_amounts: {
    total_money: { amount: 1_450, currency: 'GBP' },
    tax_money: { amount: 242, currency: 'GBP' },
  },
};

describe('a sale on the till', () => {
  it('is told once it is finished, without what staff typed in', async () => {
    const [sale, ...more] = await poll([SOLD, { ...SOLD, id: 'OPEN', state: 'OPEN' }]);
    expect(more).toEqual([]);
    expect(sale).toBeInstanceOf(SaleObserved);
    expect(sale).toMatchObject({
      saleId: 'TILL',
      locationId: 'harbour',
      at: '2026-03-04T09:01:00.000000Z',
      customerId: 'CUST',
      currency: 'GBP',
      totalMinor: 1_450,
      taxMinor: 242,
      tenders: [{ kind: 'CASH', amountMinor: 1_450 }],
      lines: [
        { sku: 'MUG', title: 'Mug', units: 2, totalMinor: 1_200 },
        { sku: null, title: 'Typed in by hand', units: 1, totalMinor: 250 },
      ],
    });
    expect(JSON.stringify(sale)).not.toContain('Jane');
  });

  it('that is a return has its units and money below zero, and names what came back', async () => {
    const { line_items: lines, tenders, ...rest } = SOLD;
    const back: Order = {
      ...rest,
      id: 'BACK',
      returns: [{ source_order_id: 'TILL', return_line_items: lines!.slice(0, 1) }],
      refunds: [{ amount_money: tenders![0]!.amount_money! }],
      net_amounts: { total_money: { amount: -1_200, currency: 'GBP' } },
    };
    expect(await poll([back])).toMatchObject([
      {
        saleId: 'BACK',
        returnOf: 'TILL',
        totalMinor: -1_200,
        tenders: [{ kind: 'REFUND', amountMinor: -1_450 }],
        lines: [{ sku: 'MUG', units: -2, totalMinor: -1_200 }],
      },
    ]);
  });
});

it('tells of our orders how far they are, and what has left of them with its time', async () => {
  expect(await poll([SHIPPED])).toEqual([
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
