import { OrderPages } from './order-pages.js';
import { PATIENT, type ShopifyClient } from './shopify.client.js';

const CREATED = '2026-03-04T10:00:00Z';

function aListed(number: number, rest: { tags?: string[]; cart?: string } = {}) {
  return {
    id: `gid://shopify/Order/${number}`,
    name: `#${number}`,
    createdAt: CREATED,
    tags: rest.tags ?? [],
    customAttributes: rest.cart === undefined ? [] : [{ key: 'sparkCartId', value: rest.cart }],
  };
}

it("lists the trade's orders, page by page, and passes retail ones over", async () => {
  const sent: unknown[] = [];
  const all = [aListed(1, { cart: 'c-1' }), aListed(2), aListed(3, { tags: ['B2B'] })];
  const client = {
    send: (_: object, variables: { after: string | null }, priority: unknown) => {
      sent.push([variables, priority]);
      const at = Number(variables.after ?? 0);
      const pageInfo = { hasNextPage: at + 2 < all.length, endCursor: String(at + 2) };
      return Promise.resolve({ listed: { nodes: all.slice(at, at + 2), pageInfo } });
    },
  } as unknown as ShopifyClient;
  const pages = new OrderPages(client);
  const since = '2026-03-01T00:00:00.000Z';
  const first = await pages.read({ since });
  expect(first.orders).toMatchObject([
    { vendorId: 'gid://shopify/Order/1', name: '#1', createdAt: CREATED },
  ]);
  const last = await pages.read({ since, after: first.next ?? '' });
  expect(last.orders.map(({ name }) => name)).toEqual(['#3']);
  expect(last.next).toBeUndefined();
  const query = `created_at:>='${since}'`;
  expect(sent).toEqual([
    [{ query, after: null }, PATIENT],
    [{ query, after: '2' }, PATIENT],
  ]);
});
