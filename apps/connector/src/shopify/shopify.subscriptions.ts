import { Failure } from '@tillbridge/contracts';

import type { SubscriptionsAnswer } from './shopify.answers.js';
import type { ShopifyClient } from './shopify.client.js';
import { SUBSCRIBE, SUBSCRIPTIONS } from './shopify.documents.js';
import { TOPICS } from './shopify.webhooks.js';

/**
 * Creates the webhook subscriptions that are missing. The platform deletes one after eight failed
 * deliveries, so that this runs daily. Reading them also shows that the token is good.
 */
export async function subscribeMissing(
  client: ShopifyClient,
  webhookUrl: string | undefined,
): Promise<void> {
  const subscribed = new Set<string>();
  let after: string | null = null;
  do {
    const answer: SubscriptionsAnswer = await client.send(SUBSCRIPTIONS, { after });
    const { nodes, pageInfo } = answer.webhookSubscriptions;
    for (const { topic, uri } of nodes) if (uri === webhookUrl) subscribed.add(topic);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  if (webhookUrl === undefined) return;
  for (const topic of Object.keys(TOPICS)) {
    if (!subscribed.has(topic)) await subscribe(client, topic, webhookUrl);
  }
}

async function subscribe(client: ShopifyClient, topic: string, uri: string): Promise<void> {
  const { webhookSubscriptionCreate } = await client.send(SUBSCRIBE, { topic, uri });
  const reasons = (webhookSubscriptionCreate?.userErrors ?? []).map(({ message }) => message);
  // Two of us starting at once both see it missing; one comes second.
  if (reasons.length === 0 || reasons.some((reason) => /already been taken/i.test(reason))) return;
  const text = `the platform did not subscribe ${topic}: ${reasons.join('; ')}`;
  throw new Failure('vendor-refused', 'never', text);
}
