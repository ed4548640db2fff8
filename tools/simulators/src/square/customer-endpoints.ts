import type { SquareCustomer, WantedCustomer } from './customer-book.js';
import { cutPage } from './page-cursor.js';
import type { SquareAccount } from './square-account.js';
import { invalid } from './square-error.js';
import type { Endpoint, SquareRequest } from './square-gate.js';
import { customerCreate, customersSearch } from './square-requests.js';

interface TextFilter {
  exact?: string;
  fuzzy?: string;
}

interface TimeRange {
  start_at?: string;
  end_at?: string;
}

interface Search {
  cursor?: string;
  limit?: number;
  count?: boolean;
  query?: {
    filter?: {
      email_address?: TextFilter;
      phone_number?: TextFilter;
      reference_id?: TextFilter;
      created_at?: TimeRange;
      updated_at?: TimeRange;
    };
    sort?: { field?: string; order?: 'ASC' | 'DESC' };
  };
}

const PAGE = 100;

export function customerEndpoints(account: SquareAccount): Endpoint[] {
  return [
    {
      method: 'GET',
      path: '/v2/customers',
      call: 'read:customers',
      query: ['cursor', 'limit', 'sort_field', 'sort_order', 'count'],
      run: ({ query }) => listCustomers(account, query),
    },
    {
      method: 'POST',
      path: '/v2/customers/search',
      call: 'read:customers-search',
      body: customersSearch,
      run: ({ body }: SquareRequest<Search>) => searchCustomers(account, body),
    },
    {
      method: 'POST',
      path: '/v2/customers',
      call: 'customers.create',
      body: customerCreate,
      run: ({ body }: SquareRequest<WantedCustomer & { idempotency_key?: string }>) => {
        const { idempotency_key: _key, ...wanted } = body;
        return { customer: account.customers.add(wanted, 'THIRD_PARTY') };
      },
    },
    {
      method: 'GET',
      path: '/v2/customers/:id',
      call: 'read:customer',
      run: ({ params }) => ({ customer: account.customers.get(params.id ?? '') }),
    },
  ];
}

function listCustomers(account: SquareAccount, query: Readonly<Record<string, string>>): object {
  const { cursor, limit = String(PAGE), ...rest } = query;
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > PAGE) {
    throw invalid('INVALID_VALUE', 'The limit is 1 to 100.', 'limit');
  }
  const order = rest.sort_order === 'DESC' ? 'DESC' : 'ASC';
  return page(account, account.customers.all(), order, Number(limit), cursor, rest);
}

function searchCustomers(account: SquareAccount, search: Search): object {
  const { cursor, limit, ...query } = search;
  const filter = query.query?.filter ?? {};
  const found = account.customers
    .all()
    .filter(
      (customer) =>
        matchesText(customer.email_address, filter.email_address) &&
        matchesText(customer.phone_number, filter.phone_number) &&
        matchesText(customer.reference_id, filter.reference_id) &&
        isWithin(customer.created_at, filter.created_at) &&
        isWithin(customer.updated_at, filter.updated_at),
    );
  const order = query.query?.sort?.order ?? 'ASC';
  return page(account, found, order, limit ?? PAGE, cursor, query);
}

function page(
  account: SquareAccount,
  customers: readonly SquareCustomer[],
  order: 'ASC' | 'DESC',
  limit: number,
  cursor: string | undefined,
  query: unknown,
): object {
  const rows = customers
    .map((customer) => ({ key: `${customer.created_at}|${customer.id}`, row: customer }))
    .toSorted((a, b) => (a.key < b.key === (order === 'ASC') ? -1 : 1));
  const cut = cutPage(rows, order, { limit, cursor, query, nowMs: account.clock.now() });
  return { customers: cut.rows, cursor: cut.cursor };
}

function matchesText(held: string | undefined, filter: TextFilter | undefined): boolean {
  if (filter === undefined) return true;
  const value = held?.toLowerCase() ?? '';
  if (filter.exact !== undefined) return value === filter.exact.toLowerCase();
  return value.includes(filter.fuzzy?.toLowerCase() ?? '');
}

/** From the start on, up to but without the end. */
function isWithin(held: string, range: TimeRange | undefined): boolean {
  const atMs = Date.parse(held);
  if (range?.start_at !== undefined && atMs < Date.parse(range.start_at)) return false;
  return range?.end_at === undefined || atMs < Date.parse(range.end_at);
}
