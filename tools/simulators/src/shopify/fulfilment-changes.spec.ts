import { createWorld } from '../wire/simulated-world.js';
import { ShopifySim } from './shopify-sim.js';

const HERE = 'gid://shopify/Location/7001';
const TOKEN = 'shpat_test';

let sim: ShopifySim;

beforeEach(async () => {
  const world = createWorld({ seed: 1, timeScale: 60, now: () => Date.parse('2026-03-04T10:15Z') });
  sim = new ShopifySim({
    ...{ world, apiVersion: '2026-04', shopDomain: 'trade.myshopify.com' },
    ...{ accessToken: TOKEN, webhookSecret: 's', restoreRate: 100, maximumAvailable: 2000 },
    locations: [{ id: HERE, name: 'Here' }],
  });
  sim.addVariant({ sku: 'MUG', title: 'Mug', priceMinor: 500, stock: { [HERE]: 10 } });
  await sim.start();
});

afterEach(() => sim.stop());

async function ask(query: string, variables: object): Promise<any> {
  const answer = await fetch(`${sim.url}/admin/api/2026-04/graphql.json`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'X-Shopify-Access-Token': TOKEN },
    body: JSON.stringify({ query, variables }),
  });
  return ((await answer.json()) as { data: unknown }).data;
}

const READ = `query($id: ID!) { order(id: $id) {
  fulfillments(first: 9) { id status trackingInfo { company number } }
  fulfillmentOrders(first: 1) { nodes { status lineItems(first: 9) { nodes { remainingQuantity } } } }
} }`;
const CANCEL = `mutation($id: ID!) { fulfillmentCancel(id: $id) {
  fulfillment { id status } userErrors { message } } }`;
const TRACK = `mutation($id: ID!, $t: FulfillmentTrackingInput!) {
  fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: $t, notifyCustomer: false) {
    fulfillment { id } userErrors { message } } }`;

async function sentOrder() {
  const lines = [{ sku: 'MUG', quantity: 3 }];
  const { orderId } = sim.placeRetailOrder({ locationId: HERE, lines })!;
  sim.fulfilRemaining(orderId);
  const [fulfilment] = (await ask(READ, { id: orderId })).order.fulfillments;
  return { orderId, id: fulfilment.id as string };
}

it('a cancelled fulfilment stays to be seen, and its units can be sent again', async () => {
  const { orderId, id } = await sentOrder();
  expect((await ask(CANCEL, { id })).fulfillmentCancel).toEqual({
    fulfillment: { id, status: 'CANCELLED' },
    userErrors: [],
  });
  const { order } = await ask(READ, { id: orderId });
  expect(order.fulfillments).toMatchObject([{ status: 'CANCELLED' }]);
  expect(order.fulfillmentOrders.nodes).toEqual([
    { status: 'OPEN', lineItems: { nodes: [{ remainingQuantity: 3 }] } },
  ]);
  expect((await ask(CANCEL, { id })).fulfillmentCancel.userErrors).toHaveLength(1);
  sim.fulfilRemaining(orderId);
  expect((await ask(READ, { id: orderId })).order.fulfillments).toHaveLength(2);
});

it('tracking can be changed while it stands', async () => {
  const { orderId, id } = await sentOrder();
  const t = { company: 'Post', number: 'T2' };
  expect((await ask(TRACK, { id, t })).fulfillmentTrackingInfoUpdate.userErrors).toEqual([]);
  const { order } = await ask(READ, { id: orderId });
  expect(order.fulfillments[0].trackingInfo).toEqual([{ company: 'Post', number: 'T2' }]);
  await ask(CANCEL, { id });
  expect((await ask(TRACK, { id, t })).fulfillmentTrackingInfoUpdate.userErrors).toHaveLength(1);
});
