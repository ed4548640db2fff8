import { createHmac, randomUUID } from 'node:crypto';

import type { SimulatedWorld } from '../wire/simulated-world.js';
import { WebhookSender } from '../wire/webhook-sender.js';
import { IdSequence, toGid, numberOf } from './gid.js';

export interface Subscription {
  readonly id: string;
  /** ORDERS_CREATE */
  readonly topic: string;
  readonly uri: string;
  readonly format: string;
  readonly createdAtMs: number;
  /** Webhooks in a row whose every try failed. */
  failedInARow: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** Eight retries within four hours, ever further apart. */
const RETRY_AFTER_MS = [
  ...[10 * SECOND_MS, MINUTE_MS, 3 * MINUTE_MS, 10 * MINUTE_MS],
  ...[20 * MINUTE_MS, 40 * MINUTE_MS, 60 * MINUTE_MS, 90 * MINUTE_MS],
];
const ANSWER_WITHIN_MS = 5 * SECOND_MS;
const DELIVERIES_AT_ONCE = 64;
/** So many webhooks in a row that nobody took, and the platform deletes the subscription. */
const FAILED_AT_MOST = 8;

/** Who is told what, and the telling. Only subscriptions made through the API exist. */
export class WebhookSubscriptions {
  private readonly subscriptions = new Map<string, Subscription>();
  private readonly ids = new IdSequence('WebhookSubscription', 41_000_000);
  private readonly sender: WebhookSender;

  constructor(
    private readonly options: {
      readonly world: SimulatedWorld;
      readonly secret: string;
      readonly shopDomain: string;
      readonly apiVersion: string;
    },
  ) {
    this.sender = new WebhookSender({
      world: options.world,
      vendor: 'shopify',
      retryAfterMs: RETRY_AFTER_MS,
      answerWithinMs: ANSWER_WITHIN_MS,
      concurrency: DELIVERIES_AT_ONCE,
    });
  }

  all(): Subscription[] {
    return [...this.subscriptions.values()];
  }

  /** Null when this address is told of this topic already. */
  create(given: { topic: string; uri: string; format: string }): Subscription | null {
    if (this.all().some((each) => each.topic === given.topic && each.uri === given.uri))
      return null;
    const createdAtMs = this.options.world.now();
    const subscription = { ...given, id: this.ids.next(), createdAtMs, failedInARow: 0 };
    this.subscriptions.set(subscription.id, subscription);
    return subscription;
  }

  delete(id: string): boolean {
    return this.subscriptions.delete(toGid('WebhookSubscription', numberOf(id)));
  }

  /** Whether anybody listens; payloads are not made for nobody. */
  hears(topic: string): boolean {
    return this.all().some((each) => each.topic === topic);
  }

  /** Tells all who subscribed. `delivered` hears of each first 2xx answer. */
  publish(topic: string, eventId: string, payload: unknown, delivered: (atMs: number) => void) {
    const listeners = this.all().filter((each) => each.topic === topic);
    if (listeners.length === 0) return;
    const body = JSON.stringify(payload);
    const headers = {
      'X-Shopify-Topic': toTopicName(topic),
      'X-Shopify-Shop-Domain': this.options.shopDomain,
      'X-Shopify-Hmac-Sha256': signWebhook(this.options.secret, body),
      'X-Shopify-Event-Id': eventId,
      'X-Shopify-API-Version': this.options.apiVersion,
      'X-Shopify-Triggered-At': new Date(this.options.world.now()).toISOString(),
    };
    for (const subscription of listeners) {
      const ownHeaders = { ...headers, 'X-Shopify-Webhook-Id': randomUUID() };
      this.sender.send({
        url: subscription.uri,
        body,
        headers: () => ownHeaders,
        delivered: (atMs) => {
          subscription.failedInARow = 0;
          delivered(atMs);
        },
        abandoned: () => this.countFailure(subscription),
      });
    }
  }

  pending(): number {
    return this.sender.pending();
  }

  stop(): Promise<void> {
    return this.sender.stop();
  }

  private countFailure(subscription: Subscription): void {
    subscription.failedInARow += 1;
    if (subscription.failedInARow >= FAILED_AT_MOST) this.subscriptions.delete(subscription.id);
  }
}

/** HMAC-SHA256 of the raw body under the app's secret, in base64. */
export function signWebhook(secret: string, body: string): string {
  return createHmac('sha256', secret).update(body).digest('base64');
}

/** ORDERS_CREATE is orders/create, INVENTORY_LEVELS_UPDATE inventory_levels/update. */
export function toTopicName(topic: string): string {
  const cut = topic.lastIndexOf('_');
  return `${topic.slice(0, cut)}/${topic.slice(cut + 1)}`.toLowerCase();
}
