import { createHmac } from 'node:crypto';
import { WEBHOOK_SECRET } from '../bench-configuration.js';
import { signedWebhooks } from './signed-webhooks.js';

it('signs the bytes, names each webhook anew, and tells of each order three times', () => {
  const next = signedWebhooks();
  const sent = Array.from({ length: 6 }, next);
  for (const { body, headers } of sent) {
    const hmac = createHmac('sha256', WEBHOOK_SECRET).update(body).digest('base64');
    expect(headers['x-shopify-hmac-sha256']).toBe(hmac);
  }
  expect(new Set(sent.map(({ headers }) => headers['x-shopify-webhook-id'])).size).toBe(6);
  const orders = sent.map(({ body }) => (JSON.parse(body) as { id: number }).id);
  expect(orders.map((id) => id - (orders[0] ?? 0))).toEqual([0, 0, 0, 1, 1, 1]);
});
