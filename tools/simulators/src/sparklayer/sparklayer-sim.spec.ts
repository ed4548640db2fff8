import { ShopifySim } from '../shopify/shopify-sim.js';
import { createWorld } from '../wire/simulated-world.js';
import type { SimulatedWorld } from '../wire/simulated-world.js';
import type { CheckoutInput } from './checkout.js';
import { SparkLayerSim } from './sparklayer-sim.js';

const HERE = 'gid://shopify/Location/7001';
const SITE = 'acme-trade';

let world: SimulatedWorld;
let shop: ShopifySim;
let spark: SparkLayerSim;
let customerId: string;
let nowMs: number;
let token: string;

async function open(options: { autoCompleteDrafts?: boolean; emptyErrorBodies?: boolean } = {}) {
  nowMs = Date.parse('2026-03-04T10:00:00Z');
  world = createWorld({ seed: 3, timeScale: 60, now: () => nowMs });
  shop = new ShopifySim({
    ...{ world, apiVersion: '2026-04', shopDomain: 'trade.myshopify.com', accessToken: 't' },
    ...{ webhookSecret: 's', restoreRate: 100, maximumAvailable: 2000 },
    locations: [{ id: HERE, name: 'Here' }],
  });
  shop.addVariant({ sku: 'MUG', title: 'Mug', priceMinor: 500, stock: { [HERE]: 10 } });
  customerId = shop.addCustomer({ email: 'a@b.example', companyName: 'Cafe', tags: ['b2b'] });
  spark = new SparkLayerSim({
    ...{ world, shop, siteId: SITE, clientId: 'ci_1', clientSecret: 'cs_1', lagMs: 3_600_000 },
    autoCompleteDrafts: false,
    ...options,
  });
  await spark.start();
  token = ((await authenticate()).body as { access_token: string }).access_token;
}

afterEach(() => spark.stop());

async function call(
  method: string,
  path: string,
  given: { body?: unknown; headers?: object } = {},
) {
  const answer = await fetch(`${spark.url}${path}`, {
    method,
    headers: {
      ...{ 'Site-Id': SITE, Authorization: `Bearer ${token}` },
      ...(given.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...given.headers,
    },
    body: typeof given.body === 'string' ? given.body : JSON.stringify(given.body),
  });
  const text = await answer.text();

  return { status: answer.status, text, body: (text === '' ? null : JSON.parse(text)) as any };
}

function authenticate(body: unknown = CREDENTIALS, headers = {}) {
  return call('POST', '/api/auth/token', { body, headers });
}

const CREDENTIALS = {
  ...{ grant_type: 'client_credentials', client_id: 'ci_1', client_secret: 'cs_1' },
};

function buy(overrides: Partial<CheckoutInput> = {}) {
  return spark.checkout({
    ...{ customerId, locationId: HERE, paymentType: 'paymentOnAccount', poNumber: 'PO-7781' },
    lines: [{ sku: 'MUG', title: 'Mug', quantity: 2, unitPriceMinor: 390 }],
    ...overrides,
  });
}

describe('Tokens', () => {
  it('end after an hour', async () => {
    await open();
    expect((await call('GET', '/api/v1/purchases')).status).toBe(200);
    nowMs += 3_600_000;
    expect((await call('GET', '/api/v1/purchases')).status).toBe(401);
  });

  it('are given for JSON only, and to the right client and site only', async () => {
    await open();
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expect((await authenticate('grant_type=client_credentials', form)).status).toBe(415);
    expect((await authenticate({ ...CREDENTIALS, client_secret: 'x' })).status).toBe(401);
    expect((await authenticate(CREDENTIALS, { 'Site-Id': 'other' })).status).toBe(401);
    expect((await call('GET', '/api/v1/purchases', { headers: { 'Site-Id': '' } })).status).toBe(
      401,
    );
  });
});

describe('Checkout', () => {
  it('makes a draft of a pay-later cart, with the attributes that join it', async () => {
    await open();
    const bought = buy({ shippingMinor: 595 });
    expect(shop.orders()).toEqual([]);
    expect(shop.drafts()).toMatchObject([
      {
        ...{ id: bought?.draftId, cartId: bought?.cartId, paymentType: 'paymentOnAccount' },
        ...{ customerId, status: 'open', totalMinor: 2 * 390 + 595 },
      },
    ]);
    expect(spark.purchases()).toMatchObject([
      { cartId: bought?.cartId, type: 'order_unconfirmed', customerReference: 'PO-7781' },
    ]);
  });

  it('makes a paid order of a card cart at once, and leaves a manual line alone', async () => {
    await open();
    const bought = buy({
      paymentType: 'upfrontPayment',
      lines: [
        { sku: null, title: 'Engraving', quantity: 1, unitPriceMinor: 450 },
        { sku: 'MUG', title: 'Mug', quantity: 12, unitPriceMinor: 390 },
      ],
    });
    expect(bought?.accepted).toEqual([
      { index: 0, quantity: 1 },
      { index: 1, quantity: 10 },
    ]);
    expect(shop.orders()).toMatchObject([
      { id: bought?.orderId, financialStatus: 'PAID', totalMinor: 450 + 3900 },
    ]);
    expect(shop.available(HERE, 'MUG')).toBe(0);
    expect(buy()).toBeNull();
  });

  it('hands the PO number over in its field, or in the note alone', async () => {
    await open();
    for (let i = 0; i < 30; i += 1) buy({ note: 'Back door', lines: [manualLine] });
    const drafts = shop.drafts();
    const [inField, inNote] = [true, false].map((isSet) =>
      drafts.filter((draft) => (draft.poNumber !== null) === isSet),
    );
    expect(inField?.length).toBeGreaterThan(5);
    expect(inNote?.length).toBeGreaterThan(5);
    expect(new Set(inField?.map((draft) => draft.note))).toEqual(new Set(['Back door']));
    expect(new Set(inNote?.map((draft) => draft.note))).toEqual(
      new Set(['PO: PO-7781\nBack door']),
    );
  });

  const manualLine = { sku: null, title: 'Sample', quantity: 1, unitPriceMinor: 100 };

  it('completes pay-later drafts itself when it is set so', async () => {
    await open({ autoCompleteDrafts: true });
    const bought = buy();
    expect(shop.drafts()).toMatchObject([{ status: 'completed', orderId: bought?.orderId }]);
    expect(shop.orders()).toMatchObject([{ financialStatus: 'PENDING', cartId: bought?.cartId }]);
  });
});

describe('Purchases', () => {
  it('learn of the order and of its dispatch only from the connector job', async () => {
    await open();
    const cartId = buy()?.cartId ?? '';
    const orderId = shop.completeDraft(shop.drafts()[0]?.id ?? '');
    expect(spark.purchases()[0]).toMatchObject({ type: 'order_unconfirmed' });
    spark.copyOrders();
    const number = orderId.split('/').at(-1);
    expect(spark.purchases()[0]).toMatchObject({
      ...{ type: 'order', platformOrderId: number, fulfilmentStatus: 'processing' },
      total: '7.80',
    });
    shop.fulfilRemaining(orderId);
    nowMs += 1000;
    spark.copyOrders();
    const { body } = await call('GET', `/api/v1/purchases/platform/${number}`);
    expect(body).toMatchObject({
      type: 'order',
      purchase_identifiers: { sparklayer: cartId, visible: '#1001' },
      calculated_fulfilment_status: 'shipped',
      packages: [{ type: 'shipped', line_items: [{ quantity: 2, identifiers: { sku: 'MUG' } }] }],
    });
    const { updated_at } = body.dates;
    nowMs += 1000;
    spark.copyOrders();
    const again = await call('GET', `/api/v1/purchases/sparklayer/${cartId}`);
    expect(again.body.dates.updated_at).toBe(updated_at);
  });

  it('are listed newest first, by type and change, without packages, a page at a time', async () => {
    await open();
    const carts: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      nowMs += 60_000;
      carts.unshift(buy()?.cartId ?? '');
    }
    const list = async (query: string) =>
      (await call('GET', `/api/v1/purchases?${query}`)).body.map(
        (each: { purchase_identifiers: { sparklayer: string } }) =>
          each.purchase_identifiers.sparklayer,
      );
    expect(await list('limit=2')).toEqual(carts.slice(0, 2));
    expect(await list('limit=2&offset=4')).toEqual(carts.slice(4));
    const since = encodeURIComponent('2026-03-04T10:04:00Z');
    expect(await list(`dates[last_updated][gte]=${since}`)).toEqual(carts.slice(0, 2));
    expect(await list('type=order')).toEqual([]);
    expect((await call('GET', '/api/v1/purchases')).body[0]).not.toHaveProperty('packages');
    expect((await call('GET', '/api/v1/purchases?limit=501')).status).toBe(400);
  });

  it('are replaced whole by a PUT, under the same id only, and the next job wins', async () => {
    await open();
    const cartId = buy({ paymentType: 'upfrontPayment' })?.cartId ?? '';
    const path = `/api/v1/purchases/sparklayer/${cartId}`;
    const full = {
      ...{ type: 'order', customer_identifiers: { sparklayer: 'cu_1' }, currency_code: 'GBP' },
      ...{ purchase_identifiers: { sparklayer: cartId }, dates: {}, packages: [] },
      ...{ accounting_files: [], custom_fields: [] },
    };
    const { status, body } = await call('PUT', path, { body: full });
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('customer_reference');
    const other = '0b6f3c1e-6d1e-4b0a-9c58-3f1e9a2d7f10';
    const moved = { ...full, purchase_identifiers: { sparklayer: other } };
    expect((await call('PUT', path, { body: moved })).status).toBe(403);
    const { errors } = (await call('PUT', path, { body: { ...full, type: undefined } })).body;
    expect(errors).toEqual([{ code: 'required', message: 'type is missing', property: 'type' }]);
    spark.copyOrders();
    expect(spark.purchases()).toMatchObject([{ cartId, total: '7.80' }]);
  });

  it('that are not there are a problem, with or without a body', async () => {
    await open({ emptyErrorBodies: true });
    const missing = await call('GET', '/api/v1/purchases/internal/SO-1');
    expect(missing).toMatchObject({ status: 404, text: '' });
  });
});

describe('The stock API', () => {
  it('writes levels whole or not at all, and shows only the default location unasked', async () => {
    await open();
    const put = (body: unknown) => call('POST', '/api/v1/batch-update-stock', { body });
    const created = await call('POST', '/api/v1/stock-locations', {
      body: { name: 'Hub', external_id: 'hub' },
    });
    expect(created.status).toBe(201);
    const here = { stock_location_external_id: 'hub', sku: 'MUG', stock_level: 7 };
    expect((await put([here, { ...here, stock_level: 8 }])).status).toBe(400);
    expect((await put([here, { ...here, stock_location_external_id: 'x' }])).status).toBe(400);
    expect(spark.stockLevel('hub', 'MUG')).toBeNull();
    expect((await put([here])).status).toBe(204);
    expect(spark.stockLevel('hub', 'MUG')).toBe(7);
    const fetch = (filter?: object) =>
      call('POST', '/api/v1/batch-fetch-stock', { body: { skus: ['MUG'], filter } });
    expect((await fetch()).body).toEqual([]);
    expect((await fetch({ all_stock_locations: true })).body).toMatchObject([
      { sku: 'MUG', stock_levels: [{ stock_location_external_id: 'hub', stock_level: 7 }] },
    ]);
  });
});
