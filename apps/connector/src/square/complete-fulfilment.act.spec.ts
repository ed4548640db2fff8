import { CompleteFulfilment, Failure } from '@tillbridge/contracts';
import { KeptSteps } from '../../test/act-run.js';
import { aSquareAccount, aSquareClient, type SquareCall } from '../../test/square-account.js';
import { CompleteFulfilmentAct } from './complete-fulfilment.act.js';
import { postingRef } from './square-refs.js';

const command = Object.assign(new CompleteFulfilment(), {
  completionId: '3c9a2a52-8a0e-5f4e-8a77-1f0e5a0d7c01',
  connectionId: 'till',
  orderId: '0f3a7f2e-6b1f-5d3c-9c37-0d7f7d0c2b11',
  postingId: 'posting',
  carrier: 'Parcel Line',
  trackingNumber: 'PL-1',
});

async function aShipment(state: string, put: (call: SquareCall) => unknown = () => ({})) {
  let version = 4;
  const account = aSquareAccount();
  await account.memory.put([postingRef('posting', { posOrderId: 'ORD', paymentId: 'PAY' })]);
  const { client, calls } = aSquareClient((call) => {
    if (call.method === 'PUT') return put(call);
    version += 1;
    const fulfillments = [{ uid: 'f', type: 'SHIPMENT', state }];
    const order = state === 'COMPLETED' ? 'COMPLETED' : 'OPEN';
    return { id: 'ORD', location_id: 'L1', version, state: order, fulfillments };
  });
  const act = new CompleteFulfilmentAct({ client, refs: account.refs, timeScale: 1 });
  const puts = () => calls.filter(({ method }) => method === 'PUT');
  return { act, puts };
}

it('completes the shipment with its tracking, and the order with it', async () => {
  const { act, puts } = await aShipment('PROPOSED');
  const result = await act.perform(command, new KeptSteps().run());
  expect(puts()).toMatchObject([
    {
      path: '/v2/orders/ORD',
      body: {
        order: {
          version: 5,
          state: 'COMPLETED',
          fulfillments: [
            {
              uid: 'f',
              state: 'COMPLETED',
              shipment_details: { carrier: 'Parcel Line', tracking_number: 'PL-1' },
            },
          ],
        },
      },
    },
  ]);
  expect(puts()[0]!.body.idempotency_key.length).toBeLessThanOrEqual(192);
  expect(result.messages(new Map())).toMatchObject([{ outcome: 'done', postingId: 'posting' }]);
});

it('has nothing to do when staff were faster', async () => {
  const { act, puts } = await aShipment('COMPLETED');
  const result = await act.perform(command, new KeptSteps().run());
  expect(puts()).toEqual([]);
  expect(result.messages(new Map())).toMatchObject([{ outcome: 'done' }]);
});

it('writes it anew for the version that Square has moved to', async () => {
  let conflicts = 2;
  const { act, puts } = await aShipment('PREPARED', () => {
    if (conflicts-- > 0) throw new Failure('vendor-conflict', 'never', 'VERSION_MISMATCH');
    return {};
  });
  await act.perform(command, new KeptSteps().run());
  expect(puts().map(({ body }) => body.order.version)).toEqual([5, 6, 7]);
  expect(new Set(puts().map(({ body }) => body.idempotency_key)).size).toBe(3);
});

it('does not complete what the store has stopped', async () => {
  const { act, puts } = await aShipment('CANCELED');
  await expect(act.perform(command, new KeptSteps().run())).rejects.toMatchObject({
    retry: 'never',
  });
  expect(puts()).toEqual([]);
});

it('does it once when it crashes after Square has answered', async () => {
  const steps = new KeptSteps();
  const { act, puts } = await aShipment('PROPOSED');
  await act.perform(command, steps.run(1));
  await act.perform(command, steps.run(2));
  expect(puts()).toHaveLength(1);
});
