import { numberOf } from './gid.js';
import { toTimestamp } from './timestamp.js';
import type { Subscription } from './webhook-subscriptions.js';

export class SubscriptionView {
  readonly __typename = 'WebhookSubscription';
  readonly filter = null;
  readonly includeFields = [];
  readonly metafieldNamespaces = [];
  readonly name = null;

  constructor(private readonly subscription: Subscription) {}

  get id() {
    return this.subscription.id;
  }
  get legacyResourceId() {
    return String(numberOf(this.subscription.id));
  }
  get topic() {
    return this.subscription.topic;
  }
  get uri() {
    return this.subscription.uri;
  }
  get callbackUrl() {
    return this.subscription.uri;
  }
  get endpoint() {
    const callbackUrl = this.subscription.uri;
    return { __typename: 'WebhookHttpEndpoint', callbackUrl };
  }
  get format() {
    return this.subscription.format;
  }
  get createdAt() {
    return toTimestamp(this.subscription.createdAtMs);
  }
  get updatedAt() {
    return toTimestamp(this.subscription.createdAtMs);
  }
}
