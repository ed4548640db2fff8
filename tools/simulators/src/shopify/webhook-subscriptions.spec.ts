import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { createWorld } from '../wire/simulated-world.js';
import { signWebhook, toTopicName, WebhookSubscriptions } from './webhook-subscriptions.js';

it('signs as the platform documents it', () => {
  const body =
    '{"inventory_item_id":9001,"location_id":7001,"available":36,' +
    '"updated_at":"2026-03-04T10:15:31Z",' +
    '"admin_graphql_api_id":"gid://shopify/InventoryLevel/5001?inventory_item_id=9001"}';
  expect(Buffer.byteLength(body)).toBe(178);
  expect(signWebhook('shpss_demo_client_secret_01', body)).toBe(
    '8Bl7qvKmUwKGu1P87Z20PUkLYKNiry8CtZgYk9AJv5k=',
  );
});

it.each([
  ['ORDERS_CREATE', 'orders/create'],
  ['INVENTORY_LEVELS_UPDATE', 'inventory_levels/update'],
  ['DRAFT_ORDERS_DELETE', 'draft_orders/delete'],
])('names the topic %s %s in the header', (topic, name) => {
  expect(toTopicName(topic)).toBe(name);
});

it('loses a subscription after eight webhooks in a row that nobody took, not after seven', async () => {
  const subscriptions = new WebhookSubscriptions({
    // Retries that take hours follow each other at once.
    world: createWorld({ seed: 1, timeScale: 10_000_000 }),
    ...{ secret: 's', shopDomain: 'trade.myshopify.com', apiVersion: '2026-04' },
  });
  const uri = `http://127.0.0.1:${await unusedPort()}/hook`;
  subscriptions.create({ topic: 'ORDERS_CREATE', uri, format: 'JSON' });
  const failToTell = async (webhooks: number) => {
    for (let i = 0; i < webhooks; i += 1) {
      subscriptions.publish('ORDERS_CREATE', `event-${i}`, {}, () => {});
    }
    while (subscriptions.pending() > 0) await sleep(5);
  };
  await failToTell(7);
  expect(subscriptions.hears('ORDERS_CREATE')).toBe(true);
  await failToTell(1);
  expect(subscriptions.hears('ORDERS_CREATE')).toBe(false);
  await subscriptions.stop();
});

async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
