import { cutPage } from './page-cursor.js';
import type { SquareAccount } from './square-account.js';
import { invalid } from './square-error.js';
import type { Endpoint, SquareRequest } from './square-gate.js';
import { catalogBatchRetrieve, catalogSearch } from './square-requests.js';

const LIST_PAGE = 100;
const SEARCH_PAGE = 1000;
const TYPES = ['ITEM', 'ITEM_VARIATION'];

interface Search {
  cursor?: string;
  object_types?: string[];
  begin_time?: string;
  limit?: number;
  query?: {
    exact_query?: { attribute_value: string };
    set_query?: { attribute_values: string[] };
  };
}

export function catalogEndpoints(account: SquareAccount): Endpoint[] {
  return [
    {
      method: 'GET',
      path: '/v2/catalog/list',
      call: 'read:catalog',
      query: ['types', 'cursor', 'catalog_version'],
      run: ({ query }) => listCatalog(account, query),
    },
    {
      method: 'POST',
      path: '/v2/catalog/search',
      call: 'read:catalog-search',
      body: catalogSearch,
      run: ({ body }: SquareRequest<Search>) => searchCatalog(account, body),
    },
    {
      method: 'POST',
      path: '/v2/catalog/batch-retrieve',
      call: 'read:catalog-batch',
      body: catalogBatchRetrieve,
      run: ({ body }: SquareRequest<{ object_ids: string[] }>) => ({
        objects: account.catalogue.objectsById(body.object_ids),
      }),
    },
    {
      method: 'GET',
      path: '/v2/locations',
      call: 'read:locations',
      run: () => ({ locations: toLocations(account) }),
    },
  ];
}

function listCatalog(account: SquareAccount, query: Readonly<Record<string, string>>): object {
  const types = query.types?.split(',').map((type) => type.trim()) ?? TYPES;
  const unknown = types.find((type) => !TYPES.includes(type));
  if (unknown !== undefined) throw invalid('INVALID_ENUM_VALUE', `No type '${unknown}'.`, 'types');
  const { rows, cursor } = cutPage(inOrder(account.catalogue.objects(types)), 'ASC', {
    limit: LIST_PAGE,
    cursor: query.cursor,
    query: types,
    nowMs: account.clock.now(),
  });
  return { objects: rows, cursor };
}

function searchCatalog(account: SquareAccount, search: Search): object {
  const { cursor: given, limit, ...query } = search;
  const { exact_query: exact, set_query: set } = query.query ?? {};
  const skus = exact === undefined ? set?.attribute_values : [exact.attribute_value];
  const types = query.object_types ?? ['ITEM'];
  const found =
    skus !== undefined && types.includes('ITEM_VARIATION')
      ? account.catalogue.variationsWithSkus(skus)
      : account.catalogue.objects(types);
  const beginMs = query.begin_time === undefined ? -Infinity : Date.parse(query.begin_time);
  const changed = found.filter(({ updatedAt }) => Date.parse(updatedAt) > beginMs);
  const { rows, cursor } = cutPage(inOrder(changed), 'ASC', {
    limit: limit ?? SEARCH_PAGE,
    cursor: given,
    query,
    nowMs: account.clock.now(),
  });
  return { objects: rows, cursor, latest_time: account.clock.stampMs() };
}

/** Objects come in the order in which they were made, which never changes. */
function inOrder(objects: readonly { object: object }[]): { key: string; row: object }[] {
  return objects.map(({ object }, index) => ({ key: String(index).padStart(9, '0'), row: object }));
}

function toLocations(account: SquareAccount): object[] {
  return account.options.locations.map(({ id, name }) => ({
    id,
    name,
    business_name: name,
    status: 'ACTIVE',
    type: 'PHYSICAL',
    timezone: 'Europe/London',
    country: 'GB',
    currency: account.currency,
    merchant_id: account.merchantId,
  }));
}
