import { randomUUID } from 'node:crypto';
import { DecideShort, OrderAllocated, OrderObserved, TenderDecided } from '@tillbridge/contracts';
import { freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import {
  anAllocation,
  anObservedOrder,
  anOrdersWorld,
  aTender,
  received,
  type OrdersWorld,
} from './orders-world.js';

let fresh: FreshDatabase;
let world: OrdersWorld;

beforeAll(async () => {
  fresh = await freshDatabase();
  world = await anOrdersWorld(fresh.url);
});

afterAll(async () => {
  await world.database.close();
  await fresh.drop();
});

const decide = (orderId: string, choice: DecideShort['choice'], reason: string, time: string) =>
  world.shortDecisions.decided([
    { ...received(DecideShort, { orderId, choice, by: 'operations', reason }), time },
  ]);

it('a short order does what operations say, and its story keeps who said so and why', async () => {
  const orderId = randomUUID();
  await decide(orderId, 'hold', 'the buyer wants all of it', '2026-03-02T10:00:00.000Z');
  await world.observed.observed([received(OrderObserved, anObservedOrder({ orderId }))]);
  const allocation = { ...anAllocation(orderId), shortUnits: 2 };
  await world.results.allocated([received(OrderAllocated, allocation)]);
  await world.results.tenderDecided([received(TenderDecided, aTender(orderId))]);
  expect([await world.states(), await world.sent('post-order')]).toEqual([
    { [orderId]: 'short' },
    [],
  ]);

  await decide(orderId, 'post-backorder', 'the store has found them', '2026-03-02T11:00:00.000Z');
  expect(await world.states()).toEqual({ [orderId]: 'posting' });
  expect(await world.sent('post-order')).toHaveLength(1);
  const story = await world.database.query<{ content: unknown }>(
    'SELECT content FROM order_event WHERE order_id = $1 ORDER BY 1',
    [orderId],
  );
  const told = JSON.stringify(story);
  expect(told).toContain('operations decided to wait until all of it is there');
  expect(told).toContain('the store has found them');
});
