import type { PurchaseObserved } from '@tillbridge/contracts';

import { fromPurchase } from './purchase.js';
import { createPurchasesFeed } from './purchases.feed.js';
import { aPurchase, TradeShop } from './trade-shop.js';

const NOW = Date.parse('2026-03-04T12:00:00Z');

describe('the poll of purchases', () => {
  const shop = new TradeShop();

  beforeAll(() => shop.open());
  afterAll(() => shop.close());
  beforeEach(() => {
    shop.asked.length = 0;
    shop.purchases = [];
  });

  it('asks for orders, confirmed or not, from before the mark', async () => {
    await poll('2026-03-04T11:59:00.000Z');
    const asked = shop.askedFor('/api/v1/purchases').map(({ query }) => Object.fromEntries(query));
    const page = { 'dates[last_updated][gte]': '2026-03-04T11:44:00.000Z', limit: '500' };
    expect(asked).toEqual([
      { type: 'order', ...page, offset: '0' },
      { type: 'order_unconfirmed', ...page, offset: '0' },
    ]);
  });

  it('reads page after page until one is short, and the mark comes last', async () => {
    shop.purchases = Array.from({ length: 501 }, (_, at) => aPurchase({ cartId: `cart-${at}` }));
    const pages = await poll(null);
    expect(pages.flatMap(({ observations }) => observations)).toHaveLength(501);
    expect(pages.map(({ mark }) => mark)).toEqual([
      undefined,
      undefined,
      undefined,
      '2026-03-04T12:00:00.000Z',
    ]);
  });

  it('tells a purchase that a page shows twice once, as it was last', async () => {
    shop.purchases = [
      aPurchase({ type: 'order', dates: { updated_at: '2026-03-04T11:59:30Z' } }),
      aPurchase({ customer_reference: 'old', dates: { updated_at: '2026-03-04T11:59:10Z' } }),
    ];
    const [page] = await poll('2026-03-04T11:59:00.000Z');
    expect(page?.observations.map(({ content }) => content)).toEqual([
      expect.objectContaining({ poNumber: 'PO-7781' }),
    ]);
  });

  it('leaves carts, quotes and what awaits approval alone, whatever the filter lets through', async () => {
    const types = ['cart', 'quote', 'awaiting_approval', 'order', 'order_unconfirmed'];
    shop.purchases = types.map((type) => aPurchase({ cartId: type, type }));
    shop.ignoresType = true;
    const pages = await poll(null);
    shop.ignoresType = false;
    const told = pages.flatMap(({ observations }) => observations.map(({ key }) => key.id));
    expect([...new Set(told)]).toEqual(['order', 'order_unconfirmed']);
  });

  it('leaves out by itself what the filter should have left out', async () => {
    shop.purchases = [
      aPurchase({ cartId: 'old', dates: { updated_at: '2026-03-01T00:00:00Z' } }),
      aPurchase({ cartId: 'undated', dates: {} }),
    ];
    const [page] = await poll('2026-03-04T11:59:00.000Z');
    expect(page?.observations.map(({ key }) => key.id)).toEqual(['undated']);
  });

  async function poll(mark: string | null) {
    const client = shop.client();
    const feed = createPurchasesFeed(shop.connection(), client, {
      timeScale: 1,
      clock: { now: () => NOW },
    });
    const pages = [];
    for await (const page of feed.poll(mark, false)) pages.push(page);
    await client.close();
    return pages;
  }
});

describe('a purchase', () => {
  it('is told by its cart, with the platform order, the PO number and what the buyer sees', () => {
    const observation = fromPurchase('trade', aPurchase());
    expect(observation?.toMessage(3) as PurchaseObserved).toEqual({
      connectionId: 'trade',
      cartId: '0b6f3c1e-6d1e-4b0a-9c58-3f1e9a2d7f10',
      platformOrderId: '5551001',
      type: 'order',
      paymentMethod: 'on-account',
      poNumber: 'PO-7781',
      fulfilmentStatus: 'processing',
      revision: 3,
    });
  });

  it("that a sales agent made is the customer's, and says whose agent it was", () => {
    const customer_identifiers = { sparklayer: 'customer', sparklayer_impersonator: 'agent-7' };
    const observation = fromPurchase('trade', aPurchase({ customer_identifiers }));
    expect(observation?.content).toMatchObject({ agentId: 'agent-7', poNumber: 'PO-7781' });
    expect(fromPurchase('trade', aPurchase())?.content).not.toHaveProperty('agentId');
  });

  it('that was not born in the trade shop, or is of an unknown kind, is not told', () => {
    const imported = aPurchase({ purchase_identifiers: { platform: '1' } });
    expect(fromPurchase('trade', imported)).toBeUndefined();
    expect(fromPurchase('trade', aPurchase({ type: 'subscription' }))).toBeUndefined();
  });
});
