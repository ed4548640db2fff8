import { createHmac, timingSafeEqual } from 'node:crypto';
import type { EntityKey, RawWebhook, WebhookVerdict } from '../vendor.js';

/** What we ask Square to tell us of. */
export const EVENT_TYPES = [
  'inventory.count.updated',
  'order.created',
  'order.updated',
  'order.fulfillment.updated',
  'payment.updated',
  'customer.created',
  'customer.updated',
  'catalog.version.updated',
] as const;

interface Event {
  readonly event_id: string;
  readonly type: string;
  readonly data?: {
    readonly id?: string;
    readonly object?: Readonly<
      Record<string, { readonly order_id?: string; readonly id?: string }>
    >;
  };
}

/**
 * Square signs the address it was told to call and the raw bytes. The address comes from the
 * configuration: behind a proxy the one we are called at is another.
 */
export function verifyWebhook(
  webhook: RawWebhook,
  registered: { readonly url: string | undefined; readonly signatureKey: string },
): WebhookVerdict {
  if (registered.url === undefined) {
    return refuse(404, 'webhooks-not-configured', 'the connection has no webhookUrl');
  }
  const expected = createHmac('sha256', registered.signatureKey)
    .update(registered.url)
    .update(webhook.body)
    .digest();
  const given = Buffer.from(webhook.headers['x-square-hmacsha256-signature'] ?? '', 'base64');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return refuse(403, 'signature-mismatch', 'x-square-hmacsha256-signature does not match');
  }
  const event = parseEvent(webhook.body);
  if (event === null) {
    return refuse(400, 'malformed-event', 'the body is no JSON event with event_id and type');
  }
  return { ok: true, eventId: event.event_id, topic: event.type, ...askedBy(event) };
}

/** What has to be read again because of the event. Its content is not believed: it may be old. */
function askedBy(event: Event): { keys: EntityKey[]; wakes: string[] } {
  const [object] = Object.values(event.data?.object ?? {});
  switch (event.type) {
    case 'inventory.count.updated':
    case 'payment.updated':
      return { keys: [], wakes: ['stock'] };
    // Tills ring up many orders that are none of ours: one look finds ours among them.
    case 'order.created':
    case 'order.updated':
    case 'order.fulfillment.updated':
      return { keys: [], wakes: ['orders'] };
    case 'customer.created':
    case 'customer.updated': {
      const id = object?.id ?? event.data?.id;
      if (id === undefined) return { keys: [], wakes: ['customers'] };
      return { keys: [{ kind: 'customer', id }], wakes: [] };
    }
    case 'catalog.version.updated':
      return { keys: [], wakes: ['catalogue'] };
    default:
      return { keys: [], wakes: [] };
  }
}

function parseEvent(body: Buffer): Event | null {
  try {
    const event = JSON.parse(body.toString('utf8')) as Partial<Event> | null;
    const whole = typeof event?.event_id === 'string' && typeof event.type === 'string';
    return whole ? (event as Event) : null;
  } catch {
    return null;
  }
}

function refuse(status: number, code: string, detail: string): WebhookVerdict {
  return { ok: false, status, code, detail };
}
