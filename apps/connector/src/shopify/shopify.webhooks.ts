import type { ShopifyConnection } from '@tillbridge/runtime';
import { createHmac, timingSafeEqual } from 'node:crypto';

import type { EntityKey, RawWebhook, WebhookVerdict } from '../vendor.js';
import { levelKey, toGid } from './shopify.identity.js';

/** What is subscribed to: the spelling of the API, then that of the webhook's own header. */
export const TOPICS = {
  ORDERS_CREATE: 'orders/create',
  ORDERS_UPDATED: 'orders/updated',
  ORDERS_EDITED: 'orders/edited',
  ORDERS_CANCELLED: 'orders/cancelled',
  ORDERS_DELETE: 'orders/delete',
  ORDERS_FULFILLED: 'orders/fulfilled',
  ORDERS_PARTIALLY_FULFILLED: 'orders/partially_fulfilled',
  DRAFT_ORDERS_CREATE: 'draft_orders/create',
  DRAFT_ORDERS_UPDATE: 'draft_orders/update',
  DRAFT_ORDERS_DELETE: 'draft_orders/delete',
  FULFILLMENTS_CREATE: 'fulfillments/create',
  FULFILLMENTS_UPDATE: 'fulfillments/update',
  REFUNDS_CREATE: 'refunds/create',
  INVENTORY_LEVELS_UPDATE: 'inventory_levels/update',
} as const;

interface Payload {
  readonly id?: number | string;
  readonly order_id?: number | string;
  readonly order_edit?: { readonly order_id?: number | string };
  readonly inventory_item_id?: number | string;
  readonly location_id?: number | string;
  readonly available?: number;
}

/** Knows the figures that we set ourselves: to be told of them is no news. */
export interface OwnFigures {
  isEcho(key: string, availableUnits: number): boolean;
}

/** Believes a webhook by its signature over the raw bytes, and takes from it only what to read. */
export function verifyWebhook(
  connection: ShopifyConnection,
  locationIds: readonly string[],
  webhook: RawWebhook,
  own: OwnFigures,
): WebhookVerdict {
  const signature = webhook.headers['x-shopify-hmac-sha256'] ?? '';
  const trusted = connection.webhookSecrets
    .map((secret) => isSignedWith(secret, webhook.body, signature))
    .includes(true);
  if (!trusted) return refusal(401, 'bad-signature', 'the signature is of none of our secrets');
  const shop = webhook.headers['x-shopify-shop-domain'];
  if (shop !== undefined && shop !== connection.shopDomain) {
    return refusal(403, 'wrong-shop', 'the webhook is of another shop of this app');
  }
  const eventId = webhook.headers['x-shopify-webhook-id'];
  const topic = webhook.headers['x-shopify-topic'];
  if (!eventId || !topic) {
    return refusal(400, 'bad-webhook', 'the id or the topic is missing from the headers');
  }
  const payload = parsePayload(webhook.body);
  if (payload === undefined) return refusal(400, 'bad-webhook', 'the body is no JSON object');
  const keys = keysOf(topic, payload).filter(
    (key) => isOurs(key, locationIds) && !own.isEcho(key.id, payload.available ?? Number.NaN),
  );
  return { ok: true, eventId, topic, keys };
}

/** Every secret is tried, and each compared in constant time: how long it takes tells nothing. */
function isSignedWith(secret: string, body: Buffer, signature: string): boolean {
  const expected = createHmac('sha256', secret).update(body).digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function keysOf(topic: string, payload: Payload): EntityKey[] {
  switch (topic) {
    case 'orders/delete':
      // Told apart: an order that we are merely not shown looks just as gone.
      return orderKeys(payload.id).map(({ id }) => ({ kind: 'deleted-order', id }));
    case 'orders/edited':
      return orderKeys(payload.order_edit?.order_id);
    case 'fulfillments/create':
    case 'fulfillments/update':
    case 'refunds/create':
      return orderKeys(payload.order_id);
    case 'draft_orders/create':
    case 'draft_orders/update':
    case 'draft_orders/delete':
      return payload.id === undefined
        ? []
        : [{ kind: 'draft', id: toGid('DraftOrder', payload.id) }];
    case 'inventory_levels/update':
      return levelKeys(payload);
    default:
      return topic.startsWith('orders/') ? orderKeys(payload.id) : [];
  }
}

function orderKeys(id: number | string | undefined): EntityKey[] {
  return id === undefined ? [] : [{ kind: 'order', id: toGid('Order', id) }];
}

function levelKeys({ inventory_item_id: item, location_id: location }: Payload): EntityKey[] {
  if (item === undefined || location === undefined) return [];
  const id = levelKey(toGid('InventoryItem', item), toGid('Location', location));
  return [{ kind: 'level', id }];
}

/** Stock at places that no configured location feeds is not ours to know. */
function isOurs(key: EntityKey, locationIds: readonly string[]): boolean {
  return key.kind !== 'level' || locationIds.some((location) => key.id.endsWith(`|${location}`));
}

function parsePayload(body: Buffer): Payload | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Payload) : undefined;
  } catch {
    return undefined;
  }
}

function refusal(status: number, code: string, detail: string): WebhookVerdict {
  return { ok: false, status, code, detail };
}
