import { createHmac } from 'node:crypto';

import type { RawWebhook } from '../vendor.js';
import { aConnection } from './shop-builders.js';
import { TOPICS, verifyWebhook } from './shopify.webhooks.js';

const LEEDS = 'gid://shopify/Location/7001';

const NOTHING_SET = { isEcho: () => false };

describe('a webhook', () => {
  it('is believed by the published example of a signature', () => {
    const body =
      '{"inventory_item_id":9001,"location_id":7001,"available":36,' +
      '"updated_at":"2026-03-04T10:15:31Z",' +
      '"admin_graphql_api_id":"gid://shopify/InventoryLevel/5001?inventory_item_id=9001"}';
    const connection = aConnection({ webhookSecrets: ['shpss_demo_client_secret_01'] });
    const verdict = verifyWebhook(
      connection,
      [LEEDS],
      {
        body: Buffer.from(body),
        headers: {
          'x-shopify-hmac-sha256': '8Bl7qvKmUwKGu1P87Z20PUkLYKNiry8CtZgYk9AJv5k=',
          'x-shopify-topic': 'inventory_levels/update',
          'x-shopify-webhook-id': 'w1',
        },
      },
      NOTHING_SET,
    );
    expect(verdict).toEqual({
      ok: true,
      eventId: 'w1',
      topic: 'inventory_levels/update',
      keys: [{ kind: 'level', id: `gid://shopify/InventoryItem/9001|${LEEDS}` }],
    });
  });

  it('is refused when one byte of the body differs', () => {
    const webhook = signed('orders/updated', { id: 4001 });
    const body = Buffer.concat([webhook.body, Buffer.from(' ')]);
    expect(verify({ ...webhook, body })).toMatchObject({ ok: false, status: 401 });
  });

  it('is refused without a signature, or with one of another length', () => {
    const { body, headers } = signed('orders/updated', { id: 4001 });
    for (const signature of [undefined, '', 'c2hvcnQ=']) {
      const changed = { ...headers, 'x-shopify-hmac-sha256': signature };
      expect(verify({ body, headers: changed })).toMatchObject({ ok: false, status: 401 });
    }
  });

  it('is believed under the old secret while a rotation is under way', () => {
    const connection = aConnection({ webhookSecrets: ['new', 'shpss_test'] });
    const verdict = verifyWebhook(connection, [], signed('orders/updated', { id: 1 }), NOTHING_SET);
    expect(verdict.ok).toBe(true);
  });

  it('about a figure that we set ourselves names nothing to read; another figure does', () => {
    const own = { isEcho: (_key: string, availableUnits: number) => availableUnits === 36 };
    const tell = (available: number) => {
      const payload = { inventory_item_id: 9001, location_id: 7001, available };
      const webhook = signed('inventory_levels/update', payload);
      return verifyWebhook(aConnection(), [LEEDS], webhook, own);
    };
    expect(tell(36)).toMatchObject({ ok: true, keys: [] });
    expect(tell(35)).toMatchObject({ ok: true, keys: [{ kind: 'level' }] });
  });

  it('of another shop of the same app is refused', () => {
    const { body, headers } = signed('orders/updated', { id: 1 });
    const foreign = { ...headers, 'x-shopify-shop-domain': 'other.myshopify.com' };
    expect(verify({ body, headers: foreign })).toMatchObject({ ok: false, status: 403 });
  });

  it('without its id cannot be told from a repeat and is refused', () => {
    const { body, headers } = signed('orders/updated', { id: 1 });
    const nameless = { ...headers, 'x-shopify-webhook-id': undefined };
    expect(verify({ body, headers: nameless })).toMatchObject({ ok: false, status: 400 });
  });

  it('whose signed body is no object is refused', () => {
    expect(verify(signed('orders/updated', 'text'))).toMatchObject({ ok: false, status: 400 });
  });

  it.each([
    ['orders/create', { id: 4001 }, ['order gid://shopify/Order/4001']],
    [
      'orders/edited',
      { order_edit: { id: 1, order_id: 4001 } },
      ['order gid://shopify/Order/4001'],
    ],
    ['orders/delete', { id: 4001 }, ['deleted-order gid://shopify/Order/4001']],
    ['fulfillments/create', { id: 8, order_id: 4001 }, ['order gid://shopify/Order/4001']],
    ['draft_orders/delete', { id: 900 }, ['draft gid://shopify/DraftOrder/900']],
    ['inventory_levels/update', { inventory_item_id: 9, location_id: 8888 }, []],
    ['app/uninstalled', { id: 1 }, []],
  ])('%s names what to read', (topic, payload, expected) => {
    const verdict = verify(signed(topic, payload));
    const keys = verdict.ok ? verdict.keys.map(({ kind, id }) => `${kind} ${id}`) : undefined;
    expect(keys).toEqual(expected);
  });

  it('of each topic we subscribe to leads somewhere', () => {
    const payload = {
      id: 1,
      order_id: 2,
      order_edit: { order_id: 2 },
      inventory_item_id: 3,
      location_id: 7001,
    };
    for (const topic of Object.values(TOPICS)) {
      expect(verify(signed(topic, payload))).toMatchObject({ keys: [{ id: expect.any(String) }] });
    }
  });
});

function verify(webhook: RawWebhook) {
  return verifyWebhook(aConnection(), [LEEDS], webhook, NOTHING_SET);
}

function signed(topic: string, payload: unknown): RawWebhook {
  const body = Buffer.from(JSON.stringify(payload));
  return {
    body,
    headers: {
      'x-shopify-topic': topic,
      'x-shopify-webhook-id': 'b54557e4',
      'x-shopify-shop-domain': 'northgate.myshopify.com',
      'x-shopify-hmac-sha256': createHmac('sha256', 'shpss_test').update(body).digest('base64'),
    },
  };
}
