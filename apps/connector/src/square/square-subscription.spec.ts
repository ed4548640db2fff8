import { aConnection } from '../../test/connector-rig.js';
import type { Subscription } from './square-model.js';
import { ensureSubscription } from './square-subscription.js';
import type { SquareClient } from './square.client.js';
import { EVENT_TYPES } from './square.webhooks.js';

const HOOK = 'https://hub.example.com/webhooks/till';
const GOOD: Subscription = {
  id: 'S1',
  enabled: true,
  event_types: [...EVENT_TYPES],
  notification_url: HOOK,
  api_version: '2025-08-20',
};

async function connected(found: Subscription[], webhookUrl: string | undefined = HOOK) {
  const writes: { path: string; body: unknown }[] = [];
  const write = async (path: string, body: unknown) => writes.push({ path, body });
  const client = { subscriptions: async () => found, post: write, put: write };
  await ensureSubscription(client as unknown as SquareClient, aConnection({ webhookUrl }));
  return writes;
}

it('subscribes once to everything that it listens to', async () => {
  const [write, ...more] = await connected([
    { ...GOOD, notification_url: 'https://other.example' },
  ]);
  expect(more).toEqual([]);
  expect(write).toMatchObject({
    path: '/v2/webhooks/subscriptions',
    body: {
      idempotency_key: expect.stringMatching(/^.{1,45}$/),
      subscription: {
        notification_url: HOOK,
        api_version: '2025-08-20',
        event_types: [...EVENT_TYPES],
      },
    },
  });
});

it('leaves a whole subscription as it is', async () => {
  expect(await connected([GOOD])).toEqual([]);
});

it.each([
  ['was switched off', { enabled: false }],
  ['lacks an event', { event_types: ['order.updated'] }],
])('puts a subscription right that %s', async (_, about) => {
  expect(await connected([{ ...GOOD, ...about }])).toMatchObject([
    { path: '/v2/webhooks/subscriptions/S1', body: { subscription: { enabled: true } } },
  ]);
});

it('subscribes to nothing without an address', async () => {
  const writes: unknown[] = [];
  const client = { subscriptions: async () => [], post: async () => writes.push('post') };
  await ensureSubscription(client as unknown as SquareClient, aConnection());
  expect(writes).toEqual([]);
});
