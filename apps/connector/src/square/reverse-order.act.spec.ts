import { Failure, ReverseOrder } from '@tillbridge/contracts';
import { KeptSteps } from '../../test/act-run.js';
import { aSquareAccount, aSquareClient, type SquareCall } from '../../test/square-account.js';
import { postingRef } from './square-refs.js';
import { ReverseOrderAct } from './reverse-order.act.js';
import { StockChanges } from './stock-changes.js';

const REVERSAL = '3c9a2a52-8a0e-5f4e-8a77-1f0e5a0d7c01';

function aCommand(about: Partial<ReverseOrder> = {}): ReverseOrder {
  return Object.assign(new ReverseOrder(), {
    reversalId: REVERSAL,
    connectionId: 'till',
    orderId: '0f3a7f2e-6b1f-5d3c-9c37-0d7f7d0c2b11',
    postingId: 'posting',
    locationId: 'high-street',
    whole: true,
    amountMinor: 3_000,
    currency: 'GBP',
    changes: [{ sku: 'MUG', units: 12 }],
    ...about,
  });
}

async function aReversal(options: {
  shipment?: string;
  put?: (call: SquareCall) => unknown;
  known?: boolean;
}) {
  let version = 4;
  const account = aSquareAccount();
  if (options.known !== false) {
    await account.memory.put([postingRef('posting', { posOrderId: 'ORD', paymentId: 'PAY' })]);
  }
  const { client, calls } = aSquareClient((call) => {
    if (call.method === 'GET') {
      version += 1;
      const fulfillments = [{ uid: 'f', type: 'SHIPMENT', state: options.shipment ?? 'PROPOSED' }];
      return { id: 'ORD', location_id: 'L1', version, state: 'OPEN', fulfillments };
    }
    if (call.method === 'PUT') return options.put?.(call) ?? {};
    return { refund: { id: 'REF' } };
  });
  const changes = new StockChanges(client, account.refs, account.locations, Date);
  const parts = { client, refs: account.refs, changes, timeScale: 1 };
  return { act: new ReverseOrderAct('till', parts), calls };
}

it('stops the shipment, gives the money back, then puts the units on the shelf', async () => {
  const { act, calls } = await aReversal({});
  const result = await act.perform(aCommand(), new KeptSteps().run());
  expect(calls.slice(1)).toMatchObject([
    { method: 'PUT', body: { order: { version: 5, fulfillments: [{ state: 'CANCELED' }] } } },
    { path: '/v2/refunds', body: { payment_id: 'PAY', amount_money: { amount: 3_000 } } },
    {
      path: '/v2/inventory/changes/batch-create',
      body: {
        changes: [
          {
            type: 'ADJUSTMENT',
            adjustment: {
              reference_id: 'tb:reversal:0f3a7f2e-6b1f-5d3c-9c37-0d7f7d0c2b11:posting',
              catalog_object_id: 'VAR-MUG',
              from_state: 'NONE',
              to_state: 'IN_STOCK',
              quantity: '12',
            },
          },
        ],
      },
    },
  ]);
  expect(calls[2]!.body.idempotency_key.length).toBeLessThanOrEqual(45);
  expect(result.messages(new Map())).toMatchObject([{ adjustmentId: REVERSAL, outcome: 'done' }]);
});

it('leaves the shipment alone when only a part is taken back', async () => {
  const { act, calls } = await aReversal({});
  await act.perform(aCommand({ whole: false }), new KeptSteps().run());
  expect(calls.map((call) => [call.method, call.path])).toEqual([
    ['GET', '/v2/orders/ORD'],
    ['POST', '/v2/refunds'],
    ['POST', '/v2/inventory/changes/batch-create'],
  ]);
});

it('takes no part back when staff have handed over all of it meanwhile', async () => {
  const { act, calls } = await aReversal({ shipment: 'COMPLETED' });
  const part = act.perform(aCommand({ whole: false }), new KeptSteps().run());
  await expect(part).rejects.toMatchObject({ code: 'vendor-conflict', retry: 'never' });
  expect(calls.map((call) => call.method)).toEqual(['GET']);
});

it('takes a part back of what we completed ourselves, when the warehouse has called it off', async () => {
  const { act, calls } = await aReversal({ shipment: 'COMPLETED' });
  const part = aCommand({ whole: false, toldDispatched: true });
  await act.perform(part, new KeptSteps().run());
  expect(calls.map((call) => call.path)).toEqual([
    '/v2/refunds',
    '/v2/inventory/changes/batch-create',
  ]);
});

it('gives back money alone for goods that have left', async () => {
  const { act, calls } = await aReversal({ shipment: 'COMPLETED' });
  await act.perform(aCommand({ whole: false, changes: [] }), new KeptSteps().run());
  expect(calls.map((call) => call.path)).toEqual(['/v2/refunds']);
});

it('moves neither money nor units for goods that have left the store', async () => {
  const { act, calls } = await aReversal({ shipment: 'COMPLETED' });
  await expect(act.perform(aCommand(), new KeptSteps().run())).rejects.toMatchObject({
    retry: 'never',
  });
  expect(calls.map((call) => call.method)).toEqual(['GET']);
});

it('reads again and cancels that version when Square has moved the order on', async () => {
  let conflicts = 2;
  const put = () => {
    if (conflicts-- > 0) throw new Failure('vendor-conflict', 'never', 'VERSION_MISMATCH');
    return {};
  };
  const { act, calls } = await aReversal({ put });
  await act.perform(aCommand(), new KeptSteps().run());
  const puts = calls.filter((call) => call.method === 'PUT');
  expect(puts.map((call) => call.body.order.version)).toEqual([5, 6, 7]);
  expect(new Set(puts.map((call) => call.body.idempotency_key)).size).toBe(3);
});

it('does no step twice when it crashes between them', async () => {
  const memory = new KeptSteps();
  const { act, calls } = await aReversal({});
  await act.perform(aCommand(), memory.run(1));
  const before = calls.length;
  await act.perform(aCommand(), memory.run(2));
  expect(calls).toHaveLength(before);
});

it('waits for a posting that is not known yet, but not for ever', async () => {
  const { act } = await aReversal({ known: false });
  await expect(act.perform(aCommand(), new KeptSteps().run(1))).rejects.toMatchObject({
    retry: { afterMs: 10_000 },
  });
  await expect(act.perform(aCommand(), new KeptSteps().run(10))).rejects.toMatchObject({
    retry: 'never',
  });
});

it('takes back what was returned although the goods had left: that is what was returned', async () => {
  const { act, calls } = await aReversal({ shipment: 'COMPLETED' });
  const returned = aCommand({ whole: false, returned: true, amountMinor: 1_000 });
  const result = await act.perform(returned, new KeptSteps().run());
  expect(calls.filter(({ method }) => method !== 'GET')).toMatchObject([
    { path: '/v2/refunds', body: { reason: 'Returned on the shop' } },
    {
      path: '/v2/inventory/changes/batch-create',
      body: {
        changes: [
          {
            adjustment: { reference_id: 'tb:return:0f3a7f2e-6b1f-5d3c-9c37-0d7f7d0c2b11:posting' },
          },
        ],
      },
    },
  ]);
  expect(result.messages(new Map())).toMatchObject([{ outcome: 'done' }]);
});

it('gives money back alone when nothing goes onto the shelf, and goods alone when nothing is owed', async () => {
  const paths = async (about: Partial<ReverseOrder>) => {
    const { act, calls } = await aReversal({ shipment: 'COMPLETED' });
    const command = aCommand({ whole: false, returned: true, ...about });
    await act.perform(command, new KeptSteps().run());
    return calls.map(({ path }) => path).filter((path) => !path.startsWith('/v2/orders'));
  };
  expect(await paths({ changes: [] })).toEqual(['/v2/refunds']);
  expect(await paths({ amountMinor: 0 })).toEqual(['/v2/inventory/changes/batch-create']);
});
