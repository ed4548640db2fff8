import { AskPosCustomers, Failure, PostOrder, type AskDeliveryTexts } from '@tillbridge/contracts';
import { KeptSteps } from '../../test/act-run.js';
import { aSquareAccount, aSquareClient, type SquareCall } from '../../test/square-account.js';
import { PostOrderAct } from './post-order.act.js';

const POSTING = '7d5d1b0e-2c1f-5b6a-9d1e-0a1b2c3d4e5f';

function aCommand(about: Partial<PostOrder> = {}): PostOrder {
  return Object.assign(new PostOrder(), {
    postingId: POSTING,
    connectionId: 'till',
    orderId: '0f3a7f2e-6b1f-5d3c-9c37-0d7f7d0c2b11',
    locationId: 'high-street',
    orderName: '#1042',
    placedAt: '2026-03-04T10:15:30Z',
    poNumber: '88213',
    storefrontConnectionId: 'shop',
    customerId: '7',
    currency: 'GBP',
    tender: { name: 'On Account', kind: 'STORED_BALANCE' },
    lines: [{ lineRef: 'l1', sku: 'MUG', title: 'Mug', units: 12, unitPriceMinor: 250 }],
    discountMinor: 0,
    totalMinor: 3_000,
    ...about,
  });
}

/** Square with one order of 30.00, and words that change whenever they are asked for. */
function aPosting(overrides: Partial<Record<string, (call: SquareCall) => unknown>> = {}) {
  let asked = 0;
  const asker = {
    ask: async <A>(question: object) => {
      asked += 1;
      if (question instanceof AskPosCustomers) return { posCustomerIds: ['CUST'] } as A;
      const { orderIds } = question as AskDeliveryTexts;
      const note = `asked ${asked} times`;
      return { texts: orderIds.map((orderId) => ({ orderId, note })) } as A;
    },
  };
  const order = { id: 'ORD', location_id: 'L1', version: 3, state: 'OPEN', fulfillments: [] };
  const { client, calls } = aSquareClient((call) => {
    const override = overrides[call.path];
    if (override) return override(call);
    if (call.path === '/v2/payments') return { payment: { id: 'PAY' } };
    if (call.method === 'GET') return order;
    return { order: { ...order, total_money: { amount: 3_000, currency: 'GBP' } } };
  });
  const { connection, refs, locations } = aSquareAccount();
  const act = new PostOrderAct(connection, { client, refs, locations, asker });
  return { act, calls, asked: () => asked };
}

const lost = () => {
  throw new Failure('vendor-unavailable', { afterMs: 1 }, 'no answer');
};
const refuse = () => {
  throw new Failure('vendor-refused', 'never', 'INVALID_VALUE');
};

it('creates the order, then pays all of it, and says what became of it', async () => {
  const { act, calls } = aPosting();
  const result = await act.perform(aCommand(), new KeptSteps().run());
  expect(calls.map((call) => call.path)).toEqual(['/v2/orders', '/v2/payments']);
  expect(calls[0]!.body.order.customer_id).toBe('CUST');
  expect(result.messages(new Map())).toMatchObject([
    { postingId: POSTING, posOrderId: 'ORD', paidMinor: 3_000, locationId: 'high-street' },
  ]);
  expect(result.refs).toContainEqual({
    kind: 'posting',
    key: POSTING,
    value: { posOrderId: 'ORD', paymentId: 'PAY' },
  });
});

it('sends the same bytes again when the answer to the order was lost', async () => {
  const answers = [lost, lost];
  const { act, calls, asked } = aPosting({
    '/v2/orders': () =>
      answers.pop()?.() ?? { order: { id: 'ORD', total_money: { amount: 3_000 } } },
  });
  const memory = new KeptSteps();
  await expect(act.perform(aCommand(), memory.run(1))).rejects.toThrow('no answer');
  await expect(act.perform(aCommand(), memory.run(2))).rejects.toThrow('no answer');
  await act.perform(aCommand(), memory.run(3));
  const created = calls.filter((call) => call.path === '/v2/orders');
  expect(new Set(created.map((call) => JSON.stringify(call.body))).size).toBe(1);
  expect(created).toHaveLength(3);
  expect(asked()).toBe(2);
});

it('goes on with the payment when it crashed after the order', async () => {
  let down = true;
  const { act, calls } = aPosting({
    '/v2/payments': () => (down ? lost() : { payment: { id: 'PAY' } }),
  });
  const memory = new KeptSteps();
  await expect(act.perform(aCommand(), memory.run(1))).rejects.toThrow('no answer');
  down = false;
  await act.perform(aCommand(), memory.run(2));
  expect(calls.map((call) => call.path)).toEqual(['/v2/orders', '/v2/payments', '/v2/payments']);
  expect(calls[1]!.body).toEqual(calls[2]!.body);
});

it('pays an order of nothing without a payment', async () => {
  const { act, calls } = aPosting({
    '/v2/orders': () => ({ order: { id: 'ORD', total_money: { amount: 0 } } }),
  });
  const result = await act.perform(aCommand({ totalMinor: 0 }), new KeptSteps().run());
  expect(calls[1]).toMatchObject({ path: '/v2/orders/ORD/pay', body: { payment_ids: [] } });
  expect(result.messages(new Map())).toMatchObject([{ paidMinor: 0 }]);
});

it.each([
  ['differs from ours', aCommand({ totalMinor: 2_999 }), {}, /total of the order differs/],
  ['cannot be paid', aCommand(), { '/v2/payments': refuse }, /INVALID_VALUE/],
])('takes an order away again whose total %s', async (_, command, overrides, message) => {
  const { act, calls } = aPosting(overrides);
  await expect(act.perform(command, new KeptSteps().run())).rejects.toMatchObject({
    retry: 'never',
    message: expect.stringMatching(message),
  });
  expect(calls.at(-1)).toMatchObject({
    method: 'PUT',
    path: '/v2/orders/ORD',
    body: { order: { state: 'CANCELED', version: 3 } },
  });
});

it('refuses an order with a SKU that the catalogue lacks, before anything is sent', async () => {
  const { act, calls } = aPosting();
  const line = { lineRef: 'l1', sku: 'CUP', title: 'Cup', units: 1, unitPriceMinor: 3_000 };
  const command = aCommand({ lines: [line] });
  const error = await act.perform(command, new KeptSteps().run()).catch((e: Failure) => e);
  expect(calls).toEqual([]);
  expect(act.refused(command, error as Failure)).toMatchObject([
    { postingId: POSTING, code: 'unmapped-sku', reason: expect.stringContaining('CUP') },
  ]);
});

it('says that nothing was sent when the connection only observes', () => {
  const { act, calls } = aPosting();
  expect(act.notSent(aCommand())).toMatchObject([{ code: 'observe', postingId: POSTING }]);
  expect(calls).toEqual([]);
});
