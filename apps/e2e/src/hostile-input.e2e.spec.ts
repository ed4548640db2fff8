import { createHmac } from 'node:crypto';
import { eventually } from '@tillbridge/testing';
import { SmallMarket } from './small-market.js';

const HELD_WITHIN = { withinMs: 20_000 };

/** One hub for all: what was held before must not stand in the way of what comes after. */
let small: SmallMarket;

beforeAll(async () => {
  small = await SmallMarket.open();
});

afterAll(async () => {
  await small.close();
});

describe('bad input ends as a clear refusal or a held order, and the rest goes on', () => {
  /** Whatever happened before: a good order still reaches the POS. */
  afterEach(async () => {
    const { poNumber } = small.buy({ lines: [{ sku: 'TEA-1', quantity: 1 }] });
    await eventually(() => expect(small.posOrdersOf(poNumber)).toHaveLength(1), HELD_WITHIN);
  });

  const shopWebhook = (body: Buffer | string, secret: string): Promise<Response> =>
    small.webhook('shop', body, {
      'content-type': 'application/json',
      'x-shopify-topic': 'orders/create',
      'x-shopify-webhook-id': `test-${Math.random()}`,
      'x-shopify-shop-domain': small.market.accounts.shopDomain,
      'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
    });

  it('refuses a Shopify webhook with a wrong signature with 401', async () => {
    const answer = await shopWebhook('{"id":1}', 'not the secret');
    expect(answer.status).toBe(401);
  });

  it('refuses a Square webhook with a wrong signature with 403', async () => {
    const answer = await small.webhook('till', '{"event_id":"e1"}', {
      'content-type': 'application/json',
      'x-square-hmacsha256-signature': 'bm90IHRoZSBzaWduYXR1cmU=',
    });
    expect(answer.status).toBe(403);
  });

  it('refuses a signed webhook that is no JSON with 400', async () => {
    const answer = await shopWebhook('{"id":', small.market.accounts.shopWebhookSecret);
    expect(answer.status).toBe(400);
  });

  it('refuses a body over 1 MiB with 413', async () => {
    const body = Buffer.alloc(1024 * 1024 + 1, 0x20);
    const answer = await shopWebhook(body, small.market.accounts.shopWebhookSecret);
    expect(answer.status).toBe(413);
  });

  it('answers 404 for a connection that is not configured', async () => {
    const answer = await small.webhook('nobody', '{}', { 'content-type': 'application/json' });
    expect(answer.status).toBe(404);
  });

  it('holds an order with a SKU that no store stocks as sku-unknown', async () => {
    small.offerOnlineOnly('GHOST-1');
    const { poNumber } = small.buy({ lines: [{ sku: 'GHOST-1', quantity: 1 }] });
    await eventually(() => small.expectHeld(poNumber, 'sku-unknown'), HELD_WITHIN);
  });

  it('holds an order whose payment type has no tender as tender-unmapped', async () => {
    const lines = [{ sku: 'TEA-1', quantity: 1 }];
    const { poNumber } = small.buy({ lines, paymentType: 'hokodoPayment' });
    await eventually(() => small.expectHeld(poNumber, 'tender-unmapped'), HELD_WITHIN);
  });

  it('holds an order from a shop that no store feeds as location-unmapped', async () => {
    const { poNumber } = small.buyAtOutlet({ lines: [{ sku: 'TEA-1', quantity: 1 }] });
    await eventually(() => small.expectHeld(poNumber, 'location-unmapped'), HELD_WITHIN);
  });

  it('holds an order with a price below zero as price-negative', async () => {
    const lines = [
      { sku: 'TEA-1', quantity: 1 },
      { sku: null, quantity: 1, unitPriceMinor: -5_000 },
    ];
    const { poNumber } = small.buy({ lines });
    await eventually(() => small.expectHeld(poNumber, 'price-negative'), HELD_WITHIN);
  });

  it('holds a draft that staff duplicated with its cart id as cart-id-twice', async () => {
    const lines = [{ sku: 'TEA-1', quantity: 2 }];
    const { poNumber, draftId } = small.buy({ lines, paymentType: 'paymentOnAccount' });
    const copy = small.market.shop.duplicateDraft(draftId);
    small.market.shop.completeDraft(draftId);
    small.market.shop.completeDraft(copy);
    await eventually(() => small.expectException('cart-id-twice'), HELD_WITHIN);
    await eventually(() => expect(small.posOrdersOf(poNumber)).toHaveLength(1), HELD_WITHIN);
    expect(small.posOrdersOf(poNumber)[0]?.units.get('TEA-1')).toBe(2);
  });
});

describe('what one thing sold online is at the till', () => {
  /** Until then orders of before may still leave the shelves. */
  beforeAll(() => small.restingAvailable('TEA-1'));

  it('takes exactly 12 units for a case of 12, and the cents of its parts sum', async () => {
    const before = small.onHandTaken('TEA-1');
    const lines = [{ sku: 'TEA-1-CASE12', quantity: 1, unitPriceMinor: 10_000 }];
    const { poNumber } = small.buy({ lines });
    await eventually(() => {
      expect(small.posOrdersOf(poNumber)[0]?.units).toEqual(new Map([['TEA-1', 12]]));
    }, HELD_WITHIN);
    const [posted] = small.posOrdersOf(poNumber);
    expect(posted?.totalMinor).toBe(10_000);
    await eventually(() => expect(small.onHandTaken('TEA-1') - before).toBe(12), HELD_WITHIN);
  });

  it('takes the components of a kit once', async () => {
    const before = { jam: small.onHandTaken('JAM-1'), tea: small.onHandTaken('TEA-1') };
    const { poNumber } = small.buy({ lines: [{ sku: 'KIT-JAM-1', quantity: 3 }] });
    await eventually(() => {
      expect(small.posOrdersOf(poNumber)[0]?.units).toEqual(
        new Map([
          ['JAM-1', 3],
          ['TEA-1', 6],
        ]),
      );
    }, HELD_WITHIN);
    await eventually(() => {
      expect(small.onHandTaken('JAM-1') - before.jam).toBe(3);
      expect(small.onHandTaken('TEA-1') - before.tea).toBe(6);
    }, HELD_WITHIN);
  });

  it('does not put a retail order back on sale, and takes it from the shelf at dispatch', async () => {
    const available = await small.restingAvailable('JAM-1');
    const taken = small.onHandTaken('JAM-1');
    const orderId = small.buyRetail([{ sku: 'JAM-1', quantity: 2 }]);
    expect(await small.restingAvailable('JAM-1')).toBe(available - 2);
    small.market.shop.fulfilRemaining(orderId);
    await eventually(() => expect(small.onHandTaken('JAM-1') - taken).toBe(2), HELD_WITHIN);
    expect(await small.restingAvailable('JAM-1')).toBe(available - 2);
  });
});
