import { CancelFulfilment, UpdateTracking } from '@tillbridge/contracts';

import { CancelFulfilmentAct, UpdateTrackingAct } from './change-fulfilment.act.js';
import { claimOf, FulfilmentClaims } from './fulfilment-claims.js';
import { aRun, someRefs } from './shop-builders.js';
import type { ShopifyClient } from './shopify.client.js';

const ids = {
  connectionId: 'shop',
  orderId: '0b6f3c1e-6d1e-4b0a-9c58-3f1e9a2d7f10',
  vendorOrderId: 'gid://shopify/Order/4001',
  dispatchId: 'd1',
};
const cancel = Object.assign(new CancelFulfilment(), { ...ids, cancellationId: 'c1' });
const track = Object.assign(new UpdateTracking(), {
  ...ids,
  trackingId: 't1',
  trackingNumber: 'N',
});

/** Two of our fulfilments for one dispatch, one for another, and one that staff made. */
async function aShop(refusal?: string) {
  const claims = new FulfilmentClaims(someRefs());
  await claims.put('F1', claimOf('d1', 0));
  await claims.put('F2', claimOf('d1', 1));
  await claims.put('F3', claimOf('d2', 0));
  const cancelled = new Set<string>();
  const tracked: unknown[] = [];
  const userErrors = refusal === undefined ? [] : [{ field: null, message: refusal }];
  const send = async ({ name }: { name: string }, variables: { id: string; tracking?: object }) => {
    if (name === 'Fulfilments') {
      const fulfillments = ['F1', 'F2', 'F3', 'F4'].map((id) => ({
        id,
        status: cancelled.has(id) ? 'CANCELLED' : 'SUCCESS',
      }));
      return { order: { fulfillments } };
    }
    if (name === 'CancelFulfilment') {
      if (refusal === undefined) cancelled.add(variables.id);
      return { fulfillmentCancel: { fulfillment: null, userErrors } };
    }
    tracked.push([variables.id, variables.tracking]);
    return { fulfillmentTrackingInfoUpdate: { fulfillment: null, userErrors } };
  };
  return { client: { send } as unknown as ShopifyClient, claims, cancelled, tracked };
}

it('cancels the fulfilments of that dispatch alone, and finds none the second time', async () => {
  const { client, claims, cancelled } = await aShop();
  const act = new CancelFulfilmentAct(client, claims);
  const { messages } = await act.perform(cancel);
  expect([...cancelled]).toEqual(['F1', 'F2']);
  expect(messages(new Map())).toMatchObject([
    { actId: 'c1', change: 'cancelled', outcome: 'done' },
  ]);
  await act.perform(cancel);
  expect([...cancelled]).toEqual(['F1', 'F2']);
});

it('is refused for good, with the reason, when the platform will not cancel', async () => {
  const { client, claims } = await aShop('it was delivered');
  const act = new CancelFulfilmentAct(client, claims);
  await expect(act.perform(cancel)).rejects.toMatchObject({
    retry: 'never',
    message: expect.stringContaining('it was delivered'),
  });
});

it('changes the tracking of that dispatch alone', async () => {
  const { client, claims, tracked } = await aShop();
  const { messages } = await new UpdateTrackingAct(client, claims).perform(track, aRun());
  expect(tracked).toEqual([
    ['F1', { number: 'N' }],
    ['F2', { number: 'N' }],
  ]);
  expect(messages(new Map())).toMatchObject([{ actId: 't1', change: 'tracking', outcome: 'done' }]);
});
