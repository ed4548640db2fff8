import { fromPurchase } from './purchase.js';
import {
  ASSUMED_TOKEN_LIFE_S,
  LIST_KEYS,
  LIST_PARAMETERS,
  PAGE_LIMIT,
  LEVELS_AT_ONCE,
  PAYMENT_METHODS_SEEN,
  UNITS_WITHOUT_LEVEL,
} from './sparklayer.assumptions.js';
import { aPurchase, TradeShop } from './trade-shop.js';
import { TradeStock } from './trade-stock.js';

const LIST = { type: 'order', changedSince: '2026-03-04T09:00:00.000Z', offset: 0 };

/** What the trade shop's documentation leaves open, by name. A wrong one is one line to correct. */
describe('we assume of the trade shop', () => {
  const shop = new TradeShop();

  beforeAll(() => shop.open());
  afterAll(() => shop.close());
  beforeEach(() => {
    shop.asked.length = 0;
    shop.next = [];
  });

  it('that a token lives an hour when the answer does not say how long', async () => {
    expect(ASSUMED_TOKEN_LIFE_S).toBe(3_600);
    let now = 0;
    const client = shop.client({ now: () => now });
    await client.authenticate();
    now = 3_539_000;
    await client.authenticate();
    expect(shop.askedFor('/api/auth/token')).toHaveLength(1);
    now = 3_541_000;
    await client.authenticate();
    expect(shop.askedFor('/api/auth/token')).toHaveLength(2);
    await client.close();
  });

  it('that the list still has the filters and pages of the older reference', async () => {
    const client = shop.client();
    await client.listPurchases({ ...LIST, offset: 500 });
    const { query } = shop.askedFor('/api/v1/purchases')[0]!;
    expect(query.get(LIST_PARAMETERS.type)).toBe('order');
    expect(query.get(LIST_PARAMETERS.changedSince)).toBe(LIST.changedSince);
    expect(query.get(LIST_PARAMETERS.limit)).toBe(String(PAGE_LIMIT));
    expect(query.get(LIST_PARAMETERS.offset)).toBe('500');
    expect(LIST_PARAMETERS.changedSince).toBe('dates[last_updated][gte]');
    await client.close();
  });

  it.each(LIST_KEYS)('that the list is an array, or an object with it under %s', async (key) => {
    const client = shop.client();
    const purchase = aPurchase();
    shop.next = [
      { status: 200, body: [purchase] },
      { status: 200, body: { [key]: [purchase] } },
    ];
    expect(await client.listPurchases(LIST)).toEqual([purchase]);
    expect(await client.listPurchases(LIST)).toEqual([purchase]);
    await client.close();
  });

  it('that a list of any other shape is a change we must not guess at', async () => {
    const client = shop.client();
    shop.next = [{ status: 200, body: { results: [] } }];
    await expect(client.listPurchases(LIST)).rejects.toMatchObject({ retry: 'never' });
    await client.close();
  });

  it('that a call takes 500 levels, and that a SKU without one has no stock there', async () => {
    shop.locations = [{ id: 'id-ours', name: 'Ours', external_id: 'ours' }];
    const stock = new TradeStock('trade', shop.client(), { now: () => 0 });
    const levels = Array.from({ length: 501 }, (_, at) => ({
      ...{ channelLocationId: 'ours', sku: `SKU-${at}`, kept: {} },
      availableUnits: at,
    }));
    expect(await stock.read([levels[7]!])).toMatchObject([{ availableUnits: UNITS_WITHOUT_LEVEL }]);
    await stock.write(levels);
    const sizes = shop
      .askedFor('/api/v1/batch-update-stock')
      .map(({ body }) => (JSON.parse(body) as []).length);
    expect(sizes).toEqual([LEVELS_AT_ONCE, 1]);
    expect(await stock.read([levels[7]!])).toMatchObject([{ availableUnits: 7 }]);
  });

  it.each(Object.entries(PAYMENT_METHODS_SEEN))(
    'that %s is a way to pay, which we call %s',
    (payment_method, ours) => {
      const { content } = fromPurchase('trade', aPurchase({ payment_method }))!;
      expect(content).toMatchObject({ paymentMethod: ours });
    },
  );

  it('that a way to pay that nobody named is another one', () => {
    const { content } = fromPurchase('trade', aPurchase({ payment_method: 'barter' }))!;
    expect(content).toMatchObject({ paymentMethod: 'other' });
  });
});
