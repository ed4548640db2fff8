import { retryAfterMs } from './sparklayer.client.js';
import { TradeShop } from './trade-shop.js';

const LIST = { type: 'order', changedSince: '2026-03-04T09:00:00.000Z', offset: 0 };

describe('talking to the trade shop', () => {
  const shop = new TradeShop();

  beforeEach(async () => {
    shop.asked.length = 0;
    shop.next = [];
    shop.nextTokens = [];
  });
  beforeAll(() => shop.open());
  afterAll(() => shop.close());

  it('asks for its token in JSON, names its site and itself', async () => {
    const client = shop.client();
    await client.listPurchases(LIST);
    const [asked] = shop.askedFor('/api/auth/token');
    expect(JSON.parse(asked!.body)).toEqual({
      grant_type: 'client_credentials',
      client_id: 'ci_1',
      client_secret: 'cs_1',
    });
    expect(asked?.headers).toMatchObject({
      'content-type': 'application/json',
      'site-id': 'acme-trade',
      'user-agent': expect.stringContaining('Tillbridge'),
    });
    expect(shop.askedFor('/api/v1/purchases')[0]?.headers).toMatchObject({
      'site-id': 'acme-trade',
      authorization: expect.stringMatching(/^Bearer tok_/),
    });
    await client.close();
  });

  it('asks for one token, however many need it at once', async () => {
    const client = shop.client();
    await Promise.all([1, 2, 3, 4].map(() => client.listPurchases(LIST)));
    expect(shop.askedFor('/api/auth/token')).toHaveLength(1);
    await client.close();
  });

  it('takes a new token shortly before the old one ends', async () => {
    let now = 1_000_000;
    const client = shop.client({ now: () => now });
    shop.nextTokens = [shop.newToken(3_600)];
    await client.authenticate();
    now += 3_500_000;
    await client.authenticate();
    expect(shop.askedFor('/api/auth/token')).toHaveLength(1);
    now += 50_000;
    await client.authenticate();
    expect(shop.askedFor('/api/auth/token')).toHaveLength(2);
    await client.close();
  });

  it('takes a new token once when the old one is refused before its time', async () => {
    const client = shop.client();
    await client.authenticate();
    shop.good.clear();
    await expect(client.listPurchases(LIST)).resolves.toEqual([]);
    expect(shop.askedFor('/api/auth/token')).toHaveLength(2);
    await client.close();
  });

  it('does not ask for tokens for ever when all are refused', async () => {
    const client = shop.client();
    shop.next = [{ status: 401 }, { status: 401 }, { status: 401 }];
    await expect(client.listPurchases(LIST)).rejects.toMatchObject({ code: 'vendor-unauthorised' });
    expect(shop.askedFor('/api/auth/token')).toHaveLength(2);
    await client.close();
  });

  it('says that credentials are wrong without saying them', async () => {
    const client = shop.client();
    shop.nextTokens = [{ status: 401, body: { title: 'Unauthorized', detail: 'cs_1 is bad' } }];
    const failure = await client.authenticate().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'vendor-unauthorised' });
    expect(String(failure)).toContain('Unauthorized');
    expect(String(failure)).not.toContain('cs_1');
    await client.close();
  });

  it('waits and asks again after 429 and 5xx, with and without a body', async () => {
    const client = shop.client();
    shop.next = [
      { status: 429, headers: { 'retry-after': '0' }, body: { title: 'Too many', status: 429 } },
      { status: 503 },
    ];
    await expect(client.listPurchases(LIST)).resolves.toEqual([]);
    expect(shop.askedFor('/api/v1/purchases')).toHaveLength(3);
    await client.close();
  });

  it('gives up on a shop that stays away, to be tried later', async () => {
    const client = shop.client();
    shop.next = Array.from({ length: 8 }, () => ({ status: 503 }));
    await expect(client.listPurchases(LIST)).rejects.toMatchObject({
      code: 'vendor-unavailable',
      retry: { afterMs: expect.any(Number) },
    });
    expect(shop.askedFor('/api/v1/purchases').length).toBeLessThan(8);
    await client.close();
  });

  it('does not repeat what is refused, and tells its codes wherever they sit', async () => {
    const client = shop.client();
    const errors = [{ code: 'range', message: 'limit is 1 to 500', property: 'limit' }];
    shop.next = [{ status: 400, body: { title: 'Validation failed', code: 'bad', errors } }];
    await expect(client.listPurchases(LIST)).rejects.toMatchObject({
      code: 'vendor-refused',
      retry: 'never',
      message: expect.stringMatching(/Validation failed, bad, range, limit/),
    });
    expect(shop.askedFor('/api/v1/purchases')).toHaveLength(1);
    await client.close();
  });

  it('knows a purchase that is not there from one that cannot be read', async () => {
    const client = shop.client();
    shop.next = [{ status: 404 }];
    await expect(client.readPurchase('0b6f3c1e')).resolves.toBeUndefined();
    await client.close();
  });
});

describe('the wait that a trade shop asks for', () => {
  const now = Date.parse('2026-03-04T09:00:00Z');

  it.each([
    ['7', 7_000],
    ['0', 0],
    ['Wed, 04 Mar 2026 09:00:05 GMT', 5_000],
    ['Wed, 04 Mar 2026 08:00:00 GMT', 0],
    ['86400', 60_000],
    ['soon', undefined],
    [undefined, undefined],
  ])('of %p is %p ms', (header, waitMs) => {
    expect(retryAfterMs(header, now)).toBe(waitMs);
  });
});
