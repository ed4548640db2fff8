import { signWebhook, toTopicName } from './webhook-subscriptions.js';

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
