import { createHmac, randomUUID } from 'node:crypto';

import type { SimulatedWorld } from '../wire/simulated-world.js';
import { WebhookSender } from '../wire/webhook-sender.js';
import type { SquareClock } from './square-clock.js';
import { invalid, notFound } from './square-error.js';
import type { SquareIds } from './square-ids.js';

export const EVENT_TYPES = [
  'catalog.version.updated',
  'customer.created',
  'customer.deleted',
  'customer.updated',
  'inventory.count.updated',
  'oauth.authorization.revoked',
  'order.created',
  'order.fulfillment.updated',
  'order.updated',
  'payment.created',
  'payment.updated',
  'refund.created',
  'refund.updated',
] as const;

export type SquareEventType = (typeof EVENT_TYPES)[number];

export interface WebhookSubscription {
  id: string;
  name: string;
  enabled: boolean;
  event_types: string[];
  notification_url: string;
  api_version: string;
  signature_key: string;
  created_at: string;
  updated_at: string;
}

const MINUTE_MS = 60_000;
/** After the first try: 1, 2, 4, 8, 16 and 32 minutes, then hourly for a day. */
const RETRY_AFTER_MS = [
  ...[1, 2, 4, 8, 16, 32].map((minutes) => minutes * MINUTE_MS),
  ...Array.from({ length: 23 }, () => 60 * MINUTE_MS),
];

/** Signs a webhook: base64 of HMAC-SHA256 over the registered URL and, right behind it, the body. */
export function signWebhook(signatureKey: string, notificationUrl: string, body: string): string {
  return createHmac('sha256', signatureKey)
    .update(notificationUrl + body)
    .digest('base64');
}

/** The subscriptions of the account, and what is sent to them. */
export class SquareWebhooks {
  private readonly subscriptions = new Map<string, WebhookSubscription>();
  private readonly sender: WebhookSender;

  constructor(
    private readonly world: SimulatedWorld,
    private readonly clock: SquareClock,
    private readonly ids: SquareIds,
    private readonly signatureKey: string,
    private readonly merchantId: string,
  ) {
    this.sender = new WebhookSender({
      world,
      vendor: 'square',
      retryAfterMs: RETRY_AFTER_MS,
      answerWithinMs: 10_000,
      concurrency: 32,
    });
  }

  subscribe(wanted: {
    name: string;
    enabled?: boolean;
    event_types: string[];
    notification_url: string;
    api_version: string;
  }): WebhookSubscription {
    assertUrl(wanted.notification_url);
    const atText = this.clock.stampMs();
    const subscription = {
      id: `wbhk_${this.ids.next()}`,
      name: wanted.name,
      enabled: wanted.enabled ?? true,
      event_types: wanted.event_types,
      notification_url: wanted.notification_url,
      api_version: wanted.api_version,
      signature_key: this.signatureKey,
      created_at: atText,
      updated_at: atText,
    };
    this.subscriptions.set(subscription.id, subscription);
    return subscription;
  }

  all(): WebhookSubscription[] {
    return [...this.subscriptions.values()];
  }

  /** @throws SquareError NOT_FOUND */
  get(id: string): WebhookSubscription {
    const subscription = this.subscriptions.get(id);
    if (subscription === undefined) throw notFound('Webhook subscription', id);
    return subscription;
  }

  change(
    id: string,
    wanted: Partial<
      Pick<WebhookSubscription, 'name' | 'enabled' | 'event_types' | 'notification_url'>
    >,
  ): WebhookSubscription {
    const subscription = this.get(id);
    assertUrl(wanted.notification_url ?? subscription.notification_url);
    return Object.assign(subscription, wanted, { updated_at: this.clock.stampMs() });
  }

  remove(id: string): void {
    this.get(id);
    this.subscriptions.delete(id);
  }

  /** `delivered` is called once, at the first 2xx of any subscription. */
  emit(
    type: SquareEventType,
    data: { type: string; id: string; object: object },
    delivered?: (atMs: number) => void,
  ): void {
    let told = false;
    const tell = (atMs: number): void => {
      if (!told) delivered?.(atMs);
      told = true;
    };
    for (const subscription of this.subscriptions.values()) {
      if (subscription.enabled && subscription.event_types.includes(type)) {
        this.send(subscription, type, data, tell);
      }
    }
  }

  pending(): number {
    return this.sender.pending();
  }

  async stop(): Promise<void> {
    await this.sender.stop();
  }

  private send(
    subscription: WebhookSubscription,
    type: SquareEventType,
    data: object,
    delivered: (atMs: number) => void,
  ): void {
    const createdAt = this.clock.stamp();
    const { notification_url: url, signature_key: key } = subscription;
    // The same text on every try, so the same event_id: receivers tell repeats by it.
    const body = JSON.stringify({
      merchant_id: this.merchantId,
      type,
      event_id: randomUUID(),
      created_at: createdAt,
      data,
    });
    const signature = signWebhook(key, url, body);
    this.sender.send({
      url,
      body,
      headers: (retry, lastFailure) => ({
        'x-square-hmacsha256-signature': signature,
        'square-environment': 'Sandbox',
        'square-initial-delivery-timestamp': createdAt,
        ...(retry > 0
          ? {
              'square-retry-number': String(retry),
              'square-retry-reason': lastFailure ?? 'http_error',
            }
          : {}),
      }),
      delivered,
    });
  }
}

function assertUrl(url: string): void {
  if (!URL.canParse(url)) {
    throw invalid('INVALID_VALUE', 'Not a URL.', 'subscription.notification_url');
  }
}
