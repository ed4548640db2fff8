import { createWorld } from '../wire/simulated-world.js';
import { ShopifySim } from './shopify-sim.js';

const TOKEN = 'shpat_test';
const HERE = 'gid://shopify/Location/7001';

const ADJUST = `mutation Adjust($input: InventoryAdjustQuantitiesInput!, $key: String!) {
  inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {
    userErrors { field code message }
  }
}`;
const ITEM = '{ productVariants(first: 1) { nodes { inventoryItem { id } } } }';

let sim: ShopifySim;

beforeAll(async () => {
  const world = createWorld({ seed: 1, timeScale: 60, now: () => Date.parse('2026-03-04T10:15Z') });
  sim = new ShopifySim({
    ...{ world, apiVersion: '2026-04', shopDomain: 'trade.myshopify.com' },
    ...{ accessToken: TOKEN, webhookSecret: 'secret', restoreRate: 100, maximumAvailable: 2000 },
    locations: [{ id: HERE, name: 'Here' }],
  });
  sim.addVariant({ sku: 'MUG', title: 'Mug', priceMinor: 500, stock: { [HERE]: 10 } });
  await sim.start();
});

afterAll(() => sim.stop());

async function ask(query: string, variables: object = {}): Promise<any> {
  const answer = await fetch(`${sim.url}/admin/api/2026-04/graphql.json`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'X-Shopify-Access-Token': TOKEN },
    body: JSON.stringify({ query, variables }),
  });
  return answer.json();
}

async function adjust(key: string, delta: number, change: object = {}, name = 'available') {
  const { data: found } = await ask(ITEM);
  const inventoryItemId = found.productVariants.nodes[0].inventoryItem.id;
  const changes = [
    { inventoryItemId, locationId: HERE, delta, changeFromQuantity: null, ...change },
  ];
  const { data } = await ask(ADJUST, { key, input: { name, reason: 'other', changes } });
  return data.inventoryAdjustQuantities.userErrors;
}

it('changes a figure by so many, also below zero, once per key', async () => {
  expect(await adjust('once', -12)).toEqual([]);
  expect(await adjust('once', -12)).toEqual([]);
  expect(sim.available(HERE, 'MUG')).toBe(-2);
  expect(await adjust('once', -1)).toMatchObject([{ code: 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH' }]);
});

it.each([
  ['INVALID_LOCATION', { locationId: 'gid://shopify/Location/1' }, 'available'],
  ['INVALID_INVENTORY_ITEM', { inventoryItemId: 'gid://shopify/InventoryItem/1' }, 'available'],
  ['CHANGE_FROM_QUANTITY_STALE', { changeFromQuantity: 999 }, 'available'],
  ['INVALID_QUANTITY_NAME', {}, 'promised'],
])('refuses with %s, and changes nothing', async (code, change, name) => {
  const before = sim.available(HERE, 'MUG');
  expect(await adjust(code, -1, change, name)).toMatchObject([{ code }]);
  expect(sim.available(HERE, 'MUG')).toBe(before);
});
