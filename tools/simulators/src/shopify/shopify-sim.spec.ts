import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { createWorld } from '../wire/simulated-world.js';
import type { SimulatedWorld } from '../wire/simulated-world.js';
import { ShopifySim } from './shopify-sim.js';

const TOKEN = 'shpat_test';
const HERE = 'gid://shopify/Location/7001';
const THERE = 'gid://shopify/Location/7002';
const SECRET = 'shpss_demo_client_secret_01';

let world: SimulatedWorld;
let sim: ShopifySim;
let nowMs: number;

beforeEach(async () => {
  nowMs = Date.parse('2026-03-04T10:15:31.400Z');
  world = createWorld({ seed: 1, timeScale: 60, now: () => nowMs });
  sim = new ShopifySim({
    ...{ world, apiVersion: '2026-04', shopDomain: 'trade.myshopify.com' },
    ...{ accessToken: TOKEN, webhookSecret: SECRET, restoreRate: 100, maximumAvailable: 2000 },
    locations: [
      { id: HERE, name: 'Here' },
      { id: THERE, name: 'There' },
    ],
  });
  sim.addVariant({ sku: 'MUG', title: 'Mug', priceMinor: 500, stock: { [HERE]: 10, [THERE]: 3 } });
  sim.addVariant({ sku: 'TEA-12', title: 'Tea', priceMinor: 5400, stock: { [HERE]: 4 } });
  await sim.start();
});

afterEach(() => sim.stop());

type Body = any;

async function ask(query: string, variables: object = {}, token = TOKEN): Promise<Body> {
  const answer = await fetch(`${sim.url}/admin/api/2026-04/graphql.json`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'X-Shopify-Access-Token': token },
    body: JSON.stringify({ query, variables }),
  });
  return { status: answer.status, ...((await answer.json()) as object) };
}

const SET = `mutation Sync($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { id changes { name delta } }
    userErrors { field code message }
  }
}`;

async function itemOf(sku: string): Promise<string> {
  const { data } = await ask(
    `query($q: String) { productVariants(first: 1, query: $q) { nodes { inventoryItem { id } } } }`,
    { q: `sku:'${sku}'` },
  );
  return data.productVariants.nodes[0].inventoryItem.id;
}

async function setInput(rows: { sku: string; from: number | null; to: number }[]) {
  const quantities = [];
  for (const { sku, from, to } of rows) {
    const inventoryItemId = await itemOf(sku);
    const quantity = { inventoryItemId, locationId: HERE, quantity: to, changeFromQuantity: from };
    quantities.push(quantity);
  }
  return { name: 'available', reason: 'correction', quantities };
}

async function set(key: string, rows: { sku: string; from: number | null; to: number }[]) {
  const { data } = await ask(SET, { key, input: await setInput(rows) });
  return data.inventorySetQuantities;
}

describe('The Admin API', () => {
  it('refuses a call without the access token', async () => {
    expect((await ask('{ shop { id } }', {}, 'wrong')).status).toBe(401);
  });

  it("refuses a wrong field with the schema's own complaint", async () => {
    const { errors, data } = await ask('{ orders(first: 1) { nodes { ordrNumber } } }');
    expect(data).toBeUndefined();
    expect(errors[0].message).toMatch(/Cannot query field "ordrNumber" on type "Order"/);
  });

  it('says so when a field of the schema is not simulated, instead of answering null', async () => {
    const { errors } = await ask('{ shop { name plan { displayName } } }');
    expect(errors[0].message).toBe('The simulator does not keep Shop.plan.');
  });

  it('pages through orders by update time without losing one that moves', async () => {
    const ids = Array.from({ length: 5 }, () => {
      nowMs += 1000;
      return sim.placeRetailOrder({ locationId: HERE, lines: [{ sku: 'MUG', quantity: 1 }] });
    }).map((placed) => placed?.orderId ?? '');
    const page = `query($after: String, $q: String) {
      orders(first: 2, after: $after, sortKey: UPDATED_AT, query: $q) {
        nodes { id } pageInfo { hasNextPage endCursor }
      }
    }`;
    const q = `updated_at:>='2026-03-04T10:15:33Z' status:open`;
    const first = (await ask(page, { q })).data.orders;
    expect(first.nodes.map((node: Body) => node.id)).toEqual([ids[1], ids[2]]);
    nowMs += 1000;
    sim.fulfilRemaining(ids[2] ?? '');
    const second = (await ask(page, { q, after: first.pageInfo.endCursor })).data.orders;
    const third = (await ask(page, { q, after: second.pageInfo.endCursor })).data.orders;
    const rest = [...second.nodes, ...third.nodes].map((node: Body) => node.id);
    expect(rest).toEqual([ids[3], ids[4], ids[2]]);
    expect(third.pageInfo.hasNextPage).toBe(false);
  });
});

describe('inventorySetQuantities', () => {
  it('moves what is available and what is on hand by the same units', async () => {
    expect((await set('k1', [{ sku: 'MUG', from: 10, to: 4 }])).userErrors).toEqual([]);
    expect(await levels('MUG')).toEqual({ available: 4, committed: 0, on_hand: 4 });
  });

  it('refuses the whole batch when one figure has moved', async () => {
    const rows = [
      { sku: 'MUG', from: 10, to: 4 },
      { sku: 'TEA-12', from: 99, to: 1 },
    ];
    const { userErrors, inventoryAdjustmentGroup } = await set('k2', rows);
    expect(inventoryAdjustmentGroup).toBeNull();
    expect(userErrors).toMatchObject([
      {
        code: 'CHANGE_FROM_QUANTITY_STALE',
        field: ['input', 'quantities', '1', 'changeFromQuantity'],
      },
    ]);
    expect(sim.available(HERE, 'MUG')).toBe(10);
  });

  it('answers a repeated key with the stored result, and other variables with a mismatch', async () => {
    const first = await set('k3', [{ sku: 'MUG', from: 10, to: 4 }]);
    sim.placeRetailOrder({ locationId: HERE, lines: [{ sku: 'MUG', quantity: 1 }] });
    expect(await set('k3', [{ sku: 'MUG', from: 10, to: 4 }])).toEqual(first);
    expect(sim.available(HERE, 'MUG')).toBe(3);
    const other = await set('k3', [{ sku: 'MUG', from: 3, to: 2 }]);
    expect(other.userErrors[0].code).toBe('IDEMPOTENCY_KEY_PARAMETER_MISMATCH');
    expect(sim.available(HERE, 'MUG')).toBe(3);
  });

  it('fails without an idempotency key', async () => {
    const { errors } = await ask(
      SET.replace('@idempotent(key: $key)', '').replace(', $key: String!', ''),
      {
        input: await setInput([{ sku: 'MUG', from: 10, to: 4 }]),
      },
    );
    expect(errors[0].message).toMatch(/@idempotent directive is required/);
    expect(sim.available(HERE, 'MUG')).toBe(10);
  });

  it('refuses a pair that is named twice, a negative figure and a comparison left out', async () => {
    const twice = [
      { sku: 'MUG', from: 10, to: 4 },
      { sku: 'MUG', from: 10, to: 5 },
    ];
    const codes = async (key: string, rows: Body) => (await set(key, rows)).userErrors[0].code;
    expect(await codes('k4', twice)).toBe('NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR');
    expect(await codes('k5', [{ sku: 'MUG', from: 10, to: -1 }])).toBe('INVALID_QUANTITY_NEGATIVE');
    expect(await codes('k6', [{ sku: 'MUG', to: 1 }])).toBe('COMPARE_QUANTITY_REQUIRED');
  });
});

async function levels(sku: string): Promise<Record<string, number>> {
  const { data } = await ask(
    `query($id: ID!, $at: ID!) { inventoryItem(id: $id) { inventoryLevel(locationId: $at) {
      quantities(names: ["available", "committed", "on_hand"]) { name quantity } } } }`,
    { id: await itemOf(sku), at: HERE },
  );
  const { quantities } = data.inventoryItem.inventoryLevel;
  return Object.fromEntries(quantities.map((each: Body) => [each.name, each.quantity]));
}

describe('Orders and drafts', () => {
  const terms = {
    ...{ locationId: HERE, customer: null, shippingMinor: 750, discountMinor: 100 },
    ...{ attributes: [{ key: 'sparkCartId', value: 'c-1' }], note: 'Back door', poNumber: 'P-1' },
    ...{ tags: ['b2b'], paymentTerms: null },
  };

  function draftOf(quantity: number, unitPriceMinor = 333) {
    const variant = sim.shop.catalogue.variantOfSku('MUG');
    const lines = [{ variant, title: 'Mug', quantity, unitPriceMinor, attributes: [] }];
    return sim.shop.placeDraft({ ...terms, lines });
  }

  it('promises nothing for a draft, and lowers stock below zero when it is completed', async () => {
    const draft = draftOf(8);
    expect(sim.available(HERE, 'MUG')).toBe(10);
    await set('k7', [{ sku: 'MUG', from: 10, to: 2 }]);
    const orderId = sim.completeDraft(draft.id);
    expect(await levels('MUG')).toEqual({ available: -6, committed: 8, on_hand: 2 });
    const [book] = sim.orders();
    expect(book).toMatchObject({ id: orderId, cartId: 'c-1', poNumber: 'P-1', note: 'Back door' });
    expect(sim.drafts()[0]).toMatchObject({ status: 'completed', orderId });
    const { data } = await ask('query($id: ID!) { draftOrder(id: $id) { status order { id } } }', {
      id: draft.id,
    });
    expect(data.draftOrder).toEqual({ status: 'COMPLETED', order: { id: orderId } });
  });

  it('is completed once by the API, payment pending', async () => {
    const draft = draftOf(1);
    const complete = `mutation($id: ID!) { draftOrderComplete(id: $id, paymentPending: true) {
      draftOrder { order { displayFinancialStatus sourceName } } userErrors { message } } }`;
    const { data } = await ask(complete, { id: draft.id });
    expect(data.draftOrderComplete.draftOrder.order).toEqual({
      displayFinancialStatus: 'PENDING',
      sourceName: 'shopify_draft_order',
    });
    const again = await ask(complete, { id: draft.id });
    expect(again.data.draftOrderComplete.userErrors).toHaveLength(1);
    expect(sim.orders()).toHaveLength(1);
  });

  it('keeps totals, lines and charges adding up after an edit', async () => {
    const order = sim.shop.order(sim.completeDraft(draftOf(7, 143).id));
    sim.editLine(order.id, order.lines[0]?.id ?? '', 3);
    const { data } = await ask(
      `query($id: ID!) { order(id: $id) { edited
        totalPriceSet { shopMoney { amount } } currentTotalPriceSet { shopMoney { amount } }
        currentTotalDiscountsSet { shopMoney { amount } }
        lineItems(first: 5) { nodes { quantity currentQuantity unfulfilledQuantity
          originalUnitPriceSet { shopMoney { amount } }
          discountedTotalSet { shopMoney { amount currencyCode } } } } } }`,
      { id: order.id },
    );
    expect(data.order).toMatchObject({
      edited: true,
      totalPriceSet: { shopMoney: { amount: '16.51' } },
      // 3 of 7 mugs: 4.29, less floor(1.00 × 3 / 7) of the discount, and delivery.
      currentTotalPriceSet: { shopMoney: { amount: '11.37' } },
      currentTotalDiscountsSet: { shopMoney: { amount: '11.13' } },
    });
    expect(data.order.lineItems.nodes).toEqual([
      {
        ...{ quantity: 7, currentQuantity: 3, unfulfilledQuantity: 3 },
        originalUnitPriceSet: { shopMoney: { amount: '5.00' } },
        discountedTotalSet: { shopMoney: { amount: '10.01', currencyCode: 'GBP' } },
      },
    ]);
    const [book] = sim.orders();
    const sum = [...(book?.lines ?? []).map((line) => line.totalMinor)].concat(
      (book?.charges ?? []).map((charge) => charge.amountMinor),
    );
    expect(sum.reduce((a, b) => a + b, 0)).toBe(book?.totalMinor);
    expect(book?.totalMinor).toBe(1137);
    expect(await levels('MUG')).toEqual({ available: 7, committed: 3, on_hand: 10 });
  });

  it('puts a cancelled order back on sale only when told to', async () => {
    const one = sim.completeDraft(draftOf(2).id);
    const two = sim.completeDraft(draftOf(3).id);
    sim.cancelOrder(one, { restock: true });
    expect(await levels('MUG')).toEqual({ available: 7, committed: 3, on_hand: 10 });
    sim.cancelOrder(two, { restock: false });
    expect(await levels('MUG')).toEqual({ available: 7, committed: 0, on_hand: 7 });
  });

  it('can be sent twice by a repeated partial fulfilment, but never beyond the order', async () => {
    const orderId = sim.completeDraft(draftOf(5).id);
    const { data } = await ask(
      `query($id: ID!) { order(id: $id) { fulfillmentOrders(first: 1) { nodes { id status
        lineItems(first: 9) { nodes { id remainingQuantity } } } } } }`,
      { id: orderId },
    );
    const [open] = data.order.fulfillmentOrders.nodes;
    const send = () =>
      ask(
        `mutation($f: FulfillmentInput!) { fulfillmentCreate(fulfillment: $f) {
          fulfillment { id totalQuantity trackingInfo { number } } userErrors { message } } }`,
        {
          f: {
            trackingInfo: { company: 'Post', number: 'T1' },
            lineItemsByFulfillmentOrder: [
              {
                fulfillmentOrderId: open.id,
                fulfillmentOrderLineItems: [{ id: open.lineItems.nodes[0].id, quantity: 2 }],
              },
            ],
          },
        },
      );
    expect((await send()).data.fulfillmentCreate.fulfillment).toMatchObject({
      totalQuantity: 2,
      trackingInfo: [{ number: 'T1' }],
    });
    expect((await send()).data.fulfillmentCreate.userErrors).toEqual([]);
    expect((await send()).data.fulfillmentCreate.userErrors).toHaveLength(1);
    expect(sim.orders()[0]).toMatchObject({ fulfilmentStatus: 'PARTIALLY_FULFILLED' });
    expect(await levels('MUG')).toEqual({ available: 5, committed: 1, on_hand: 6 });
  });

  it('tells the oracle what is on order', () => {
    const draft = draftOf(4);
    sim.editLine(draft.id, draft.lines[0]?.id ?? '', 3);
    const orderId = sim.completeDraft(draft.id);
    sim.fulfilRemaining(orderId);
    expect(world.effects.map(({ kind, ref, lines }) => [kind, ref, lines[0]?.units])).toEqual([
      ['draft-placed', draft.id, 4],
      ['order-edited', draft.id, 1],
      ['draft-completed', draft.id, 3],
      ['fulfilled', orderId, 3],
    ]);
  });
});

describe('The cost bucket', () => {
  const TEN_POINTS = `mutation {
    webhookSubscriptionDelete(id: "gid://shopify/WebhookSubscription/1") { deletedWebhookSubscriptionId } }`;
  const DEAR = `{ orders(first: 250) { nodes { id lineItems(first: 250) { nodes { id } } } } }`;

  it('charges every answer, gives back what was not used, and refills with real time', async () => {
    const { extensions } = await ask(DEAR);
    // 2 + 11 × (1 + 2 + 11 × 1), and an empty shop has no orders to charge for.
    expect(extensions.cost).toMatchObject({ requestedQueryCost: 156, actualQueryCost: 2 });
    expect(extensions.cost.throttleStatus).toEqual({
      ...{ maximumAvailable: 2000, currentlyAvailable: 1998, restoreRate: 100 },
    });
    nowMs += 10;
    const later = await ask('{ shop { id } }');
    expect(later.extensions.cost.throttleStatus.currentlyAvailable).toBe(1998);
  });

  it('throttles with 200 and without data', async () => {
    for (let i = 0; i < 200; i += 1) await ask(TEN_POINTS);
    const { status, data, errors, extensions } = await ask(TEN_POINTS);
    expect(status).toBe(200);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ message: 'Throttled', extensions: { code: 'THROTTLED' } }]);
    expect(extensions.cost.actualQueryCost).toBeNull();
    nowMs += 1000;
    expect((await ask(TEN_POINTS)).errors).toBeUndefined();
  });

  it('can be made smaller, and says so with the next answer', async () => {
    sim.allow({ restoreRate: 20, maximumAvailable: 20 });
    const answers = [await ask(TEN_POINTS), await ask(TEN_POINTS), await ask(TEN_POINTS)];
    expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(2);
    expect(answers[0].extensions.cost.throttleStatus).toEqual({
      ...{ maximumAvailable: 20, currentlyAvailable: 10, restoreRate: 20 },
    });
    nowMs += 500;
    expect((await ask(TEN_POINTS)).errors).toBeUndefined();
  });

  it('refuses a single query that is too dear', async () => {
    const ids = Array.from({ length: 80 }, (_, i) => `gid://shopify/Order/${i}`);
    const query = `query($ids: [ID!]!) { nodes(ids: $ids) { ... on Order {
      lineItems(first: 250) { nodes { id } } } } }`;
    const { errors } = await ask(query, { ids });
    expect(errors[0].extensions).toMatchObject({ code: 'MAX_COST_EXCEEDED', cost: 1120 });
  });
});

describe('Webhooks', () => {
  it('reach who subscribed by the API, signed, and mark the effect as delivered', async () => {
    const heard: { headers: Body; body: string }[] = [];
    const hub = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        heard.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        response.end();
      });
    });
    await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
    const uri = `http://127.0.0.1:${(hub.address() as AddressInfo).port}/hook`;
    const create = `mutation($topic: WebhookSubscriptionTopic!, $uri: String!) {
      webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri, format: JSON }) {
        webhookSubscription { id uri topic } userErrors { message } } }`;
    for (const topic of ['ORDERS_CREATE', 'INVENTORY_LEVELS_UPDATE']) {
      const { data } = await ask(create, { topic, uri });
      expect(data.webhookSubscriptionCreate.userErrors).toEqual([]);
    }
    const again = await ask(create, { topic: 'ORDERS_CREATE', uri });
    expect(again.data.webhookSubscriptionCreate.userErrors).toHaveLength(1);
    const lines = [{ sku: 'MUG', quantity: 99 }];
    expect(sim.placeRetailOrder({ locationId: HERE, lines })?.accepted[0]?.quantity).toBe(10);
    expect(sim.placeRetailOrder({ locationId: HERE, lines })).toBeNull();
    while (sim.pendingWebhooks() > 0) await sleep(10);
    hub.closeAllConnections();
    hub.close();
    const topics = heard.map(({ headers }) => headers['x-shopify-topic']);
    expect(topics).toEqual(['orders/create', 'inventory_levels/update']);
    const level = JSON.parse(heard[1]?.body ?? '{}') as object;
    expect(level).toMatchObject({ location_id: 7001, available: 0 });
    expect(world.effects[0]?.deliveredAtMs).toBe(nowMs);
  });
});
