import { randomUUID } from 'node:crypto';
import {
  Failure,
  OrderAllocated,
  OrderObserved,
  OrderPosted,
  PurchaseObserved,
  TenderDecided,
  type TraceOrder,
} from '@tillbridge/contracts';
import { ExceptionBook } from '@tillbridge/postgres';
import { Timers } from '@tillbridge/runtime';
import { freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import { pino } from 'pino';
import { deriveId, OrderPolicies } from '../orders/order-policies.js';
import {
  anAllocation,
  anObservedOrder,
  anOrdersWorld,
  aTender,
  CONFIGURATION_OF_SPECS,
  received,
  type OrdersWorld,
} from '../orders/orders-world.js';
import { STORY_DAYS, TraceBook } from './trace-book.js';
import { TraceQueries } from './trace.queries.js';

let fresh: FreshDatabase;
let world: OrdersWorld;
let book: TraceBook;
let queries: TraceQueries;

beforeAll(async () => {
  fresh = await freshDatabase();
  world = await anOrdersWorld(fresh.url);
  book = new TraceBook(world.database, new Timers(pino({ level: 'silent' })));
  const policies = new OrderPolicies(CONFIGURATION_OF_SPECS);
  queries = new TraceQueries(book, new ExceptionBook(world.database), policies);
});

afterAll(async () => {
  await world.database.close();
  await fresh.drop();
});

const trace = (identifier: string, limit?: number) =>
  queries.trace({ identifier, limit } satisfies TraceOrder);

/** An order from the cart to the POS, each message told to its handler. Returns our id of it. */
async function anOrderInThePos(number: string, order: Partial<OrderObserved> = {}) {
  const orderId = randomUUID();
  const observed = anObservedOrder({
    orderId,
    name: `#${number}`,
    vendorId: `gid://shop/Order/${number}`,
    cartId: `Cart-${number}`,
    poNumber: `PO ${number}`,
    ...order,
  });
  await world.observed.observed([received(OrderObserved, observed)]);
  await world.results.allocated([received(OrderAllocated, anAllocation(orderId))]);
  await world.results.tenderDecided([received(TenderDecided, aTender(orderId))]);
  const postingId = deriveId(`${orderId}/posting/high-street`);
  const posted = received(OrderPosted, {
    postingId,
    connectionId: 'tills',
    orderId,
    locationId: 'high-street',
    posOrderId: `pos-${number}`,
    paidMinor: 3000,
  });
  await world.results.posted([posted]);
  return { orderId, postingId, posted };
}

it('an order is found by whatever names it, in every system side by side', async () => {
  const { orderId, postingId } = await anOrderInThePos('1042');
  const texts = ['#1042', '1042', 'gid://shop/Order/1042', 'CART-1042', 'po 1042', 'POS-1042'];
  for (const text of [...texts, postingId, orderId, orderId.toUpperCase()]) {
    const { matches, orders } = await trace(text);
    expect([text, matches, orders.map((order) => order.orderId)]).toEqual([text, 1, [orderId]]);
  }
  const [order] = (await trace('1042')).orders;
  expect(order).toMatchObject({
    foundBy: ['name', 'platform-order'],
    state: 'posted',
    draft: false,
  });
  expect(order?.why).toBe('The POS has all of it; nothing has left yet.');
  expect(order?.places).toMatchObject([
    { system: 'trade', kind: 'cart', vendorId: 'Cart-1042', state: 'not told' },
    { system: 'shop', kind: 'order', vendorId: 'gid://shop/Order/1042', amountMinor: 3000 },
    { system: 'tills', kind: 'posting', vendorId: 'pos-1042', actId: postingId, state: 'posted' },
  ]);
});

it('the story names each message, what was decided on it, what was asked and what was answered', async () => {
  const { orderId, postingId, posted } = await anOrderInThePos('1043');
  const { timeline } = (await trace(orderId)).orders[0]!;
  expect(timeline.map(({ kind, system, actId }) => [kind, system, actId])).toEqual([
    ['came-in', 'shop', undefined],
    ['decided', undefined, undefined],
    ['came-in', 'OrderAllocated', undefined],
    ['came-in', 'TenderDecided', undefined],
    ['decided', undefined, undefined],
    ['asked', 'tills', postingId],
    ['answered', 'tills', postingId],
    ['decided', undefined, undefined],
  ]);
  expect(timeline[6]).toMatchObject({ messageId: posted.id, saidAt: posted.time });
  expect(timeline.every(({ tookMs }) => tookMs === undefined || tookMs >= 0)).toBe(true);
});

it('what the trade shop said before the order came is told with its message', async () => {
  const purchase = received(PurchaseObserved, {
    connectionId: 'trade',
    cartId: 'Cart-1044',
    type: 'order',
    paymentMethod: 'on-account',
    poNumber: 'TRADE-9',
    revision: 3,
  });
  await world.purchases.observed([purchase]);
  const { orderId } = await anOrderInThePos('1044');
  const { orders } = await trace('trade-9');
  expect(orders.map((order) => order.orderId)).toEqual([orderId]);
  const told = orders[0]?.timeline.filter(({ what }) => what.startsWith('purchase'));
  expect(told).toMatchObject([
    { system: 'trade', messageId: purchase.id, revision: 3, what: 'purchase: PO number TRADE-9' },
  ]);
});

it('a message that is handled twice is told once, and one that fails leaves nothing', async () => {
  const orderId = randomUUID();
  const message = received(OrderObserved, anObservedOrder({ orderId, name: '#1045' }));
  await world.observed.observed([message]);
  await world.observed.observed([message]);
  await expect(
    world.database.inTransaction(async (tx) => {
      const allocated = received(OrderAllocated, anAllocation(orderId));
      await world.results.allocated([allocated]);
      await tx.query('SELECT 1 / 0');
    }),
  ).rejects.toThrow();
  const { timeline } = (await trace('1045')).orders[0]!;
  expect(timeline.map(({ kind }) => kind)).toEqual(['came-in', 'decided']);
});

it('of many that a text leads to the newest are shown and all are counted', async () => {
  const names = ['2001', '2002', '2003'];
  for (const [day, number] of names.entries()) {
    const placedAt = `2026-03-0${day + 1}T09:00:00.000Z`;
    await anOrderInThePos(number, { customerId: 'customer-many', placedAt });
  }
  const { matches, orders } = await trace('Customer-Many', 2);
  expect([matches, orders.map(({ name }) => name)]).toEqual([3, ['#2003', '#2002']]);
});

it('a text that names nothing is answered with not-found', async () => {
  const failure = await trace('no such order').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Failure);
  expect(failure).toMatchObject({ code: 'not-found', retry: 'never' });
});

it('open exceptions stand beside the order that they are about', async () => {
  const orderId = randomUUID();
  const bad = anObservedOrder({ orderId, name: '#1046', totalMinor: 1 });
  await world.observed.observed([received(OrderObserved, bad)]);
  const [order] = (await trace('1046')).orders;
  expect(order?.state).toBe('held');
  expect(order?.exceptions).toMatchObject([{ code: 'total-mismatch', subject: orderId }]);
  expect(order?.why).toBe(order?.exceptions[0]?.cause);
});

it('steps older than agreed go, the order and all younger steps stay', async () => {
  const { orderId } = await anOrderInThePos('1047');
  const { orderId: young } = await anOrderInThePos('1048');
  const aged = await world.database.query(
    `UPDATE order_event SET recorded_at = now() - ($2 + 1) * interval '1 day'
      WHERE order_id <> $1 RETURNING 1`,
    [young, STORY_DAYS],
  );
  expect(await book.forget()).toBe(aged.length);
  expect((await trace(orderId)).orders[0]).toMatchObject({ state: 'posted', timeline: [] });
  expect((await trace(young)).orders[0]?.timeline).toHaveLength(8);
});
