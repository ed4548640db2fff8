import type { WantedOrder } from './order-book.js';
import type { OrderUpdate } from './order-update.js';
import { cutPage } from './page-cursor.js';
import type { SquareAccount } from './square-account.js';
import { invalid } from './square-error.js';
import type { Endpoint, SquareRequest } from './square-gate.js';
import type { SquareOrder } from './square-order.js';
import { orderRequests, ordersBatchRetrieve, ordersSearch } from './square-requests.js';

interface TimeRange {
  start_at?: string;
  end_at?: string;
}

type TimeField = 'created_at' | 'updated_at' | 'closed_at';

interface Search {
  location_ids: string[];
  cursor?: string;
  limit?: number;
  return_entries?: boolean;
  query?: {
    filter?: {
      state_filter?: { states: string[] };
      date_time_filter?: Partial<Record<TimeField, TimeRange>>;
      fulfillment_filter?: { fulfillment_types?: string[]; fulfillment_states?: string[] };
      source_filter?: { source_names?: string[] };
      customer_filter?: { customer_ids?: string[] };
    };
    sort?: { sort_field: string; sort_order?: 'ASC' | 'DESC' };
  };
}

const PAGE = 500;

export function orderEndpoints(account: SquareAccount): Endpoint[] {
  const requests = orderRequests(account.currency);
  return [
    {
      method: 'POST',
      path: '/v2/orders',
      call: 'orders.create',
      body: requests.create,
      run: ({ body }: SquareRequest<{ order: WantedOrder }>) => ({
        order: account.orders.create(body.order).order,
      }),
    },
    {
      method: 'GET',
      path: '/v2/orders/:id',
      call: 'read:order',
      run: ({ params }) => ({ order: account.orders.record(params.id ?? '').order }),
    },
    {
      method: 'PUT',
      path: '/v2/orders/:id',
      call: 'orders.update',
      body: requests.update,
      run: ({ params, body }: SquareRequest<OrderUpdate>) => ({
        order: account.orders.update(params.id ?? '', body),
      }),
    },
    {
      method: 'POST',
      path: '/v2/orders/:id/pay',
      call: 'orders.pay',
      body: requests.pay,
      run: ({
        params,
        body,
      }: SquareRequest<{ payment_ids?: string[]; order_version?: number }>) => ({
        order: account.payments.payOrder(params.id ?? '', body),
      }),
    },
    {
      method: 'POST',
      path: '/v2/orders/search',
      call: 'read:orders',
      body: ordersSearch,
      run: ({ body }: SquareRequest<Search>) => searchOrders(account, body),
    },
    {
      method: 'POST',
      path: '/v2/orders/batch-retrieve',
      call: 'read:orders-batch',
      body: ordersBatchRetrieve,
      run: ({ body }: SquareRequest<{ location_id?: string; order_ids: string[] }>) => ({
        orders: body.order_ids.flatMap((id) => {
          const order = account.orders.find(id)?.order;
          const elsewhere = ![undefined, order?.location_id].includes(body.location_id);
          return order === undefined || elsewhere ? [] : [order];
        }),
      }),
    },
  ];
}

function searchOrders(account: SquareAccount, search: Search): object {
  const { cursor: given, limit, return_entries: entries, ...query } = search;
  const timeField = sortField(query);
  const order = query.query?.sort?.sort_order ?? 'DESC';
  const rows = account.orders
    .all()
    .map((record) => record.order)
    .filter((one) => one[timeField] !== undefined && matches(one, query))
    .map((one) => ({ key: `${one[timeField]}|${one.id}`, row: one }))
    .toSorted((a, b) => (a.key < b.key === (order === 'ASC') ? -1 : 1));
  const page = cutPage(rows, order, {
    limit: limit ?? PAGE,
    cursor: given,
    query,
    nowMs: account.clock.now(),
  });
  if (entries !== true) return { orders: page.rows, cursor: page.cursor };
  const orderEntries = page.rows.map(({ id, version, location_id }) => ({
    order_id: id,
    version,
    location_id,
  }));
  return { order_entries: orderEntries, cursor: page.cursor };
}

/** The field that is filtered by has to be the one that is sorted by. */
function sortField({ query }: Pick<Search, 'query'>): TimeField {
  const filtered = Object.keys(query?.filter?.date_time_filter ?? {}) as TimeField[];
  if (filtered.length > 1) {
    const detail = 'Only one time range can be filtered for.';
    throw invalid('BAD_REQUEST', detail, 'query.filter.date_time_filter');
  }
  const sorted = (query?.sort?.sort_field.toLowerCase() ?? 'created_at') as TimeField;
  if (filtered[0] !== undefined && filtered[0] !== sorted) {
    const detail = 'The sort field must be the filtered time field.';
    throw invalid('BAD_REQUEST', detail, 'query.sort.sort_field');
  }
  return sorted;
}

function matches(order: SquareOrder, search: Pick<Search, 'location_ids' | 'query'>): boolean {
  const filter = search.query?.filter ?? {};
  const [time] = Object.entries(filter.date_time_filter ?? {}) as [TimeField, TimeRange][];
  const { fulfillment_types: types, fulfillment_states: states } = filter.fulfillment_filter ?? {};
  const { source_names: sources } = filter.source_filter ?? {};
  const { customer_ids: customers } = filter.customer_filter ?? {};
  return (
    search.location_ids.includes(order.location_id) &&
    isIn(order.state, filter.state_filter?.states) &&
    isIn(order.source?.name, sources) &&
    isIn(order.customer_id, customers) &&
    isIn(order.fulfillments?.[0]?.type, types) &&
    isIn(order.fulfillments?.[0]?.state, states) &&
    (time === undefined || isWithin(order[time[0]], time[1]))
  );
}

function isIn(value: string | undefined, wanted: readonly string[] | undefined): boolean {
  if (wanted === undefined || wanted.length === 0) return true;
  return value !== undefined && wanted.includes(value);
}

/** Both ends included. */
function isWithin(value: string | undefined, range: TimeRange): boolean {
  if (value === undefined) return false;
  const atMs = Date.parse(value);
  const { start_at: start, end_at: end } = range;
  const isAfter = start === undefined || atMs >= Date.parse(start);
  return isAfter && (end === undefined || atMs <= Date.parse(end));
}
