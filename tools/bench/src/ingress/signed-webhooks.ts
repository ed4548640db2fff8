import { createHmac, randomUUID } from 'node:crypto';
import { SHOP, WEBHOOK_SECRET } from '../bench-configuration.js';

export interface SignedWebhook {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A vendor tells of one order several times: created, paid, changed. */
const TIMES_TOLD = 3;
const LINES = 6;

/** Webhooks about order after order, each order told of several times. */
export function signedWebhooks(): () => SignedWebhook {
  let count = 0;
  return () => {
    const order = 5_000_000_000 + Math.floor(count / TIMES_TOLD);
    count += 1;
    return signedWebhook('orders/updated', orderBody(order, count));
  };
}

/** One webhook as Shopify sends it, a new one, signed over its bytes. */
export function signedWebhook(topic: string, body: string): SignedWebhook {
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Shopify-Captain-Hook',
      'x-shopify-api-version': '2026-04',
      'x-shopify-hmac-sha256': createHmac('sha256', WEBHOOK_SECRET).update(body).digest('base64'),
      'x-shopify-shop-domain': SHOP.domain,
      'x-shopify-topic': topic,
      'x-shopify-triggered-at': new Date().toISOString(),
      'x-shopify-webhook-id': randomUUID(),
    },
  };
}

function orderBody(id: number, count: number): string {
  return JSON.stringify({
    id,
    admin_graphql_api_id: `gid://shopify/Order/${id}`,
    name: `#${id}`,
    currency: 'GBP',
    financial_status: 'pending',
    tags: 'b2b',
    updated_at: new Date().toISOString(),
    total_price: '412.80',
    line_items: Array.from({ length: LINES }, (_, line) => ({
      id: id * 10 + line,
      sku: `SKU-${(count + line) % 5_000}`,
      quantity: 1 + line,
      price: '17.20',
      title: 'A thing that is sold by the case',
      fulfillment_status: null,
    })),
  });
}
