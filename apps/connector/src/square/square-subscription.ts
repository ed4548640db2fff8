import type { SquareConnection } from '@tillbridge/runtime';
import { randomUUID } from 'node:crypto';
import type { Subscription } from './square-model.js';
import type { SquareClient } from './square.client.js';
import { EVENT_TYPES } from './square.webhooks.js';

/** Has Square call us: makes the subscription, or puts right the one that is there. */
export async function ensureSubscription(
  client: SquareClient,
  connection: SquareConnection,
): Promise<void> {
  // Also without an address of ours: the call shows whether the credentials are good.
  const all = await client.subscriptions();
  if (connection.webhookUrl === undefined) return;
  const wanted = {
    name: `Tillbridge ${connection.id}`,
    enabled: true,
    event_types: [...EVENT_TYPES],
    notification_url: connection.webhookUrl,
  };
  const ours = all.filter((each) => each.notification_url === connection.webhookUrl);
  if (ours.some((each) => isComplete(each, connection))) return;
  const [broken] = ours.filter((each) => each.api_version === connection.apiVersion);
  if (broken !== undefined) {
    await client.put(`/v2/webhooks/subscriptions/${broken.id}`, { subscription: wanted });
    return;
  }
  await client.post('/v2/webhooks/subscriptions', {
    // Listed first, so the key only has to hold for the repeats of this one call.
    idempotency_key: `tb-hook-${randomUUID()}`,
    subscription: { ...wanted, api_version: connection.apiVersion },
  });
}

function isComplete(subscription: Subscription, connection: SquareConnection): boolean {
  const types = new Set(subscription.event_types);
  return (
    subscription.enabled !== false &&
    subscription.api_version === connection.apiVersion &&
    EVENT_TYPES.every((type) => types.has(type))
  );
}
