import { randomUUID } from 'node:crypto';
import {
  CancelDispatch,
  CancelFulfilment,
  CompleteFulfilment,
  DispatchRefused,
  FulfilmentCreated,
  OrderAllocated,
  OrderDispatched,
  OrderObserved,
  OrderPosted,
  RecordDispatch,
  TenderDecided,
  type MessageClass,
} from '@tillbridge/contracts';
import { freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { deriveId } from '../orders/order-policies.js';
import {
  anAllocation,
  anObservedOrder,
  anOrdersWorld,
  aTender,
  received,
  type OrdersWorld,
} from '../orders/orders-world.js';

let fresh: FreshDatabase;
let world: OrdersWorld;
let orderId: string;
let postingId: string;

beforeAll(async () => {
  fresh = await freshDatabase();
  world = await anOrdersWorld(fresh.url);
});

afterAll(async () => {
  await world.database.close();
  await fresh.drop();
});

beforeEach(async () => {
  orderId = randomUUID();
  postingId = deriveId(`${orderId}/posting/high-street`);
  await world.observed.observed([received(OrderObserved, anObservedOrder({ orderId }))]);
  await world.results.allocated([received(OrderAllocated, anAllocation(orderId))]);
  await world.results.tenderDecided([received(TenderDecided, aTender(orderId))]);
  const at = {
    connectionId: 'tills',
    locationId: 'high-street',
    posOrderId: 'pos',
    paidMinor: 3000,
  };
  await world.results.posted([received(OrderPosted, { postingId, orderId, ...at })]);
});

const told = (dispatchId: string, units: number, rest: Partial<RecordDispatch> = {}) =>
  received(RecordDispatch, {
    dispatchId,
    orderId,
    locationId: 'high-street',
    lines: [{ sku: 'MUG', units }],
    dispatchedAt: '2026-03-04T11:00:00+01:00',
    by: 'warehouse',
    ...rest,
  });

async function sentOf(name: string): Promise<Record<string, unknown>[]> {
  return (await world.sent(name)).filter((content) => content.orderId === orderId);
}

function mistakesIn<T extends object>(
  type: MessageClass<T>,
  contents: readonly object[],
): string[] {
  return contents.flatMap((content) =>
    validateSync(plainToInstance(type, content), {
      whitelist: true,
      forbidNonWhitelisted: true,
    }).map(({ property }) => property),
  );
}

it('parts of an order leave one by one, and the POS is told when the last has left', async () => {
  const [first, second] = [randomUUID(), randomUUID()];
  const repeat = told(first, 1);
  await world.dispatches.record([repeat, told(first, 1)]);
  await world.dispatches.record([repeat]);
  expect(await world.states()).toMatchObject({ [orderId]: 'part-dispatched' });
  expect(await sentOf('complete-fulfilment')).toEqual([]);
  await world.dispatches.record([
    told(second, 2, { trackingNumber: 'T2', dispatchedAt: '2026-03-04T12:00:00+01:00' }),
  ]);
  const events = await sentOf('order-dispatched');
  expect(events).toMatchObject([
    { dispatchId: first, units: [{ sku: 'MUG', units: 1 }], amountMinor: 1000, due: 'invoice' },
    { dispatchId: second, amountMinor: 2000, dispatchedAt: '2026-03-04T11:00:00.000000Z' },
  ]);
  const completions = await sentOf('complete-fulfilment');
  expect(completions).toMatchObject([{ postingId, trackingNumber: 'T2' }]);
  expect(await sentOf('create-fulfilment')).toMatchObject([
    { lines: [{ lineId: 'line-1', quantity: 1 }] },
    { lines: [{ lineId: 'line-1', quantity: 2 }], trackingNumber: 'T2' },
  ]);
  expect(mistakesIn(OrderDispatched, events)).toEqual([]);
  expect(mistakesIn(CompleteFulfilment, completions)).toEqual([]);
});

it('what is more than is left, or of nobody, is answered and kept open until it is put right', async () => {
  const [dispatchId, strange] = [randomUUID(), randomUUID()];
  await world.dispatches.record([told(dispatchId, 4), told(strange, 1, { orderId: strange })]);
  expect(await sentOf('dispatch-refused')).toMatchObject([{ dispatchId, code: 'more-than-left' }]);
  const refusals = await world.sent('dispatch-refused');
  expect(refusals.find((each) => each.orderId === strange)).toMatchObject({
    code: 'unknown-order',
  });
  expect(mistakesIn(DispatchRefused, refusals)).toEqual([]);
  expect(await sentOf('create-fulfilment')).toEqual([]);
  const open = async () => (await world.openExceptions()).filter((c) => c === 'dispatch-not-taken');
  expect(await open()).toHaveLength(2);
  await world.dispatches.record([told(dispatchId, 3)]);
  expect(await open()).toHaveLength(1);
});

it('two that together are too much are not both taken, however they arrive', async () => {
  await world.dispatches.record([told(randomUUID(), 2), told(randomUUID(), 2)]);
  expect(await sentOf('order-dispatched')).toHaveLength(1);
  expect(await sentOf('dispatch-refused')).toHaveLength(1);
});

it('a dispatch called off is cancelled on the platform', async () => {
  const dispatchId = randomUUID();
  await world.dispatches.record([told(dispatchId, 2)]);
  const [report] = await sentOf('create-fulfilment');
  const reported = { dispatchId: String(report?.dispatchId), connectionId: 'shop', orderId };
  await world.results.fulfilmentCreated([
    received(FulfilmentCreated, { ...reported, fulfilmentId: 'f-1' }),
  ]);
  const off = { dispatchId, orderId, by: 'warehouse', reason: 'never left' };
  await world.dispatches.cancel([received(CancelDispatch, off), received(CancelDispatch, off)]);
  const cancels = await sentOf('cancel-fulfilment');
  expect(cancels).toMatchObject([{ dispatchId: report?.dispatchId, connectionId: 'shop' }]);
  expect(mistakesIn(CancelFulfilment, cancels)).toEqual([]);
  expect((await sentOf('order-dispatched')).at(-1)).toMatchObject({ revision: 2, units: [] });
  expect(await world.states()).toMatchObject({ [orderId]: 'posted' });
});
