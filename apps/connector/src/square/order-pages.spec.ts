import { aSquareAccount } from '../../test/square-account.js';
import { OrderPages } from './order-pages.js';
import type { Order } from './square-model.js';
import { PATIENT, type SquareClient } from './square.client.js';

const OURS = { order_id: 'order-1', posting_id: 'posting-1' };

function anOrder(id: string, order: Partial<Order> = {}): Order {
  const at = '2026-03-04T10:00:00Z';
  return { id, location_id: 'L1', state: 'OPEN', created_at: at, updated_at: at, ...order };
}

/** Orders in pages of one. */
function pagesOf(orders: Order[]) {
  const calls: object[] = [];
  const client = {
    ordersPage: (search: object, cursor: string | undefined) => {
      calls.push({ ...search, cursor });
      const next = Number(cursor ?? 0) + 1;
      const page = orders.slice(next - 1, next);
      return Promise.resolve({
        orders: page,
        cursor: next < orders.length ? `${next}` : undefined,
      });
    },
    orders: (ids: string[], priority: unknown) => {
      calls.push({ ids, priority });
      return Promise.resolve(orders.filter(({ id }) => ids.includes(id)));
    },
  } as unknown as SquareClient;
  return { pages: new OrderPages(client, aSquareAccount().locations), calls };
}

it('lists what carries our marks, a page of the vendor at a time, without till sales', async () => {
  const since = '2026-03-01T00:00:00.000Z';
  const { pages, calls } = pagesOf([
    anOrder('sq-1', { metadata: OURS }),
    anOrder('sq-2'),
    anOrder('sq-3', { metadata: { ...OURS, posting_id: 'posting-3' }, state: 'CANCELED' }),
  ]);
  const found: unknown[] = [];
  let after: string | undefined;
  do {
    const page = await pages.read({ since, ...(after === undefined ? {} : { after }) });
    found.push(...page.orders.map((each) => [each.posOrderId, each.postingId, each.live]));
    after = page.next;
  } while (after !== undefined);
  expect(found).toEqual([
    ['sq-1', 'posting-1', true],
    ['sq-3', 'posting-3', false],
  ]);
  expect(calls).toHaveLength(3);
  expect(calls[0]).toMatchObject({
    location_ids: ['L1', 'L2'],
    query: {
      filter: {
        date_time_filter: { created_at: { start_at: since } },
        fulfillment_filter: { fulfillment_types: ['SHIPMENT'] },
      },
      sort: { sort_field: 'CREATED_AT' },
    },
  });
});

it('reads some by their ids, with patience, and leaves out what Square does not have', async () => {
  const { pages, calls } = pagesOf([anOrder('sq-1', { metadata: OURS })]);
  const { orders, next } = await pages.read({ posOrderIds: ['sq-1', 'gone'] });
  expect([orders.map(({ posOrderId }) => posOrderId), next]).toEqual([['sq-1'], undefined]);
  expect(calls).toEqual([{ ids: ['sq-1', 'gone'], priority: PATIENT }]);
});

it('refuses a place that is none', async () => {
  const { pages } = pagesOf([]);
  await expect(pages.read({ after: 'here' })).rejects.toMatchObject({ code: 'bad-message' });
});
