import { randomUUID } from 'node:crypto';
import {
  type AskPosCustomers,
  AskSales,
  OrderAllocated,
  OrderObserved,
  OrderRefused,
  PosCustomers,
  SaleObserved,
  TenderDecided,
  type SalesPage,
} from '@tillbridge/contracts';
import type { Asker } from '@tillbridge/messaging';
import { freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import { deriveId, OrderPolicies } from '../orders/order-policies.js';
import {
  anAllocation,
  anObservedOrder,
  anOrdersWorld,
  aTender,
  CONFIGURATION_OF_SPECS,
  received,
  type OrdersWorld,
} from '../orders/orders-world.js';
import { SaleObservedHandler } from './sale-observed.handler.js';
import { SalesBook } from './sales-book.js';
import { SalesQueries } from './sales.queries.js';

let fresh: FreshDatabase;
let world: OrdersWorld;
let sales: SaleObservedHandler;
let queries: SalesQueries;

beforeEach(async () => {
  fresh = await freshDatabase();
  world = await anOrdersWorld(fresh.url);
  // customer-1 of the shop is CUST in the tills: nobody else is linked.
  const asker = {
    ask: ({ customers, posConnectionId }: AskPosCustomers) => {
      const posCustomerIds = customers.map(({ customerId }) =>
        customerId === 'customer-1' && posConnectionId === 'tills' ? 'CUST' : null,
      );
      return Promise.resolve(Object.assign(new PosCustomers(), { posCustomerIds }));
    },
  } as unknown as Asker;
  const book = new SalesBook(world.database, asker, new OrderPolicies(CONFIGURATION_OF_SPECS));
  sales = new SaleObservedHandler(world.database, book);
  queries = new SalesQueries(book);
});

afterEach(async () => {
  await world.database.close();
  await fresh.drop();
});

const aSale = (sale: Partial<SaleObserved> = {}): SaleObserved => ({
  connectionId: 'tills',
  saleId: 'SALE',
  revision: 1,
  locationId: 'high-street',
  at: '2026-03-02T10:00:00.000001Z',
  currency: 'GBP',
  totalMinor: 500,
  tenders: [{ kind: 'CASH', amountMinor: 500 }],
  lines: [{ sku: 'MUG', title: 'Mug', units: 1, totalMinor: 500 }],
  ...sale,
});

const tell = (...told: SaleObserved[]) =>
  sales.observed(told.map((sale) => received(SaleObserved, sale)));

const ask = (question: Partial<AskSales> = {}): Promise<SalesPage> =>
  queries.sales(Object.assign(new AskSales(), { limit: 100, ...question }));

const idsOf = ({ sales: found }: SalesPage): string[] => found.map(({ saleId }) => saleId);

/** A trade order of customer-1 that went to the POS: 30.00 at high-street, on 2 March at 09:00. */
async function aPostedOrder(orderId = randomUUID()): Promise<string> {
  const observed = received(OrderObserved, anObservedOrder({ orderId }));
  await world.observed.observed([observed]);
  await world.results.allocated([received(OrderAllocated, anAllocation(orderId))]);
  await world.results.tenderDecided([received(TenderDecided, aTender(orderId))]);
  return orderId;
}

describe('the history of sales', () => {
  it('has trade orders and till sales in one, the latest first', async () => {
    const orderId = await aPostedOrder();
    await tell(aSale());
    const page = await ask();
    expect(page.sales).toEqual([
      expect.objectContaining({
        kind: 'till',
        saleId: 'SALE',
        totalMinor: 500,
        lines: [{ sku: 'MUG', title: 'Mug', units: 1, totalMinor: 500 }],
      }),
      expect.objectContaining({
        kind: 'trade',
        saleId: orderId,
        connectionId: 'shop',
        locationId: 'high-street',
        customerId: 'customer-1',
        name: '#1001',
        totalMinor: 3000,
      }),
    ]);
    expect(page.totals).toEqual([{ currency: 'GBP', sales: 2, totalMinor: 3500 }]);
  });

  it('of an account has the till sales of the POS customer who is linked to it', async () => {
    const orderId = await aPostedOrder();
    await tell(
      aSale({ saleId: 'HERS', customerId: 'CUST' }),
      aSale({ saleId: 'ANOTHER', customerId: 'OTHER' }),
      aSale({ saleId: 'NOBODY' }),
    );
    const account = { connectionId: 'shop', customerId: 'customer-1' };
    expect(idsOf(await ask({ account }))).toEqual(['HERS', orderId]);
  });

  it('is asked by channel, by location and by day', async () => {
    const orderId = await aPostedOrder();
    await tell(
      aSale({ saleId: 'NIGHT', at: '2026-03-02T23:59:59.999999Z' }),
      aSale({ saleId: 'NEXT', at: '2026-03-03T00:00:00.000000Z', locationId: 'mill-lane' }),
    );
    expect(idsOf(await ask({ connectionId: 'shop' }))).toEqual([orderId]);
    expect(idsOf(await ask({ locationId: 'mill-lane' }))).toEqual(['NEXT']);
    const day = await ask({ fromDay: '2026-03-02', toDay: '2026-03-02' });
    expect(idsOf(day)).toEqual(['NIGHT', orderId]);
    expect(day.totals).toEqual([{ currency: 'GBP', sales: 2, totalMinor: 3500 }]);
  });

  it('is read page by page, sales of one moment too, and the totals are of all pages', async () => {
    await tell(...['A', 'B', 'C'].map((saleId) => aSale({ saleId })));
    const first = await ask({ limit: 2 });
    const second = await ask({ limit: 2, after: first.next });
    expect([idsOf(first), idsOf(second), second.next]).toEqual([['C', 'B'], ['A'], undefined]);
    expect(second.totals).toEqual([{ currency: 'GBP', sales: 3, totalMinor: 1500 }]);
    await expect(ask({ after: 'what is this' })).rejects.toMatchObject({ retry: 'never' });
  });

  it('has each sale as it was told last, however late an earlier telling comes', async () => {
    await tell(aSale({ revision: 2, totalMinor: 700 }));
    await tell(aSale({ revision: 1, totalMinor: 500 }), aSale({ saleId: 'B', totalMinor: -200 }));
    const { totals } = await ask();
    expect(totals).toEqual([{ currency: 'GBP', sales: 2, totalMinor: 500 }]);
  });

  it('has a trade order less what was taken back, and not at all when the POS refused it', async () => {
    const orderId = await aPostedOrder();
    const [act] = await world.database.query<{ act_id: string }>(`SELECT act_id FROM outside_act`);
    await world.database.query(
      `INSERT INTO outside_act (act_id, order_id, kind, location_id, amount_minor, state)
       VALUES ($1, $2, 'reversal', 'high-street', 1000, 'done'),
              ($3, $2, 'reversal', 'high-street', 500, 'refused')`,
      [randomUUID(), orderId, randomUUID()],
    );
    expect((await ask()).sales).toMatchObject([{ saleId: orderId, totalMinor: 2000 }]);
    const refusal = { connectionId: 'tills', code: 'vendor-refused', reason: 'closed' } as const;
    expect(act?.act_id).toBe(deriveId(`${orderId}/posting/high-street`));
    const refused = { ...refusal, orderId, postingId: act!.act_id };
    await world.results.refused([received(OrderRefused, refused)]);
    expect((await ask()).sales).toEqual([]);
  });
});
