import { randomUUID } from 'node:crypto';
import {
  FulfilmentCreated,
  OrderAllocated,
  OrderClosed,
  OrderObserved,
  OrderPosted,
  PosFulfilmentObserved,
  ReverseOrder,
  StockAdjusted,
  TenderDecided,
} from '@tillbridge/contracts';
import { freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { deriveId } from './order-policies.js';
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

beforeEach(async () => {
  fresh = await freshDatabase();
  world = await anOrdersWorld(fresh.url);
});

afterEach(async () => {
  await world.database.close();
  await fresh.drop();
});

const connectionId = 'tills';

/** An order of three mugs that is closed: all of it was sent, and the platform knows. */
async function close(orderId: string): Promise<string> {
  const { observed, results } = world;
  const postingId = deriveId(`${orderId}/posting/high-street`);
  const about = { postingId, connectionId, orderId, posOrderId: 'POS-1' };
  await observed.observed([received(OrderObserved, anObservedOrder({ orderId }))]);
  await results.allocated([received(OrderAllocated, anAllocation(orderId))]);
  await results.tenderDecided([received(TenderDecided, aTender(orderId))]);
  const posted = { ...about, locationId: 'high-street', paidMinor: 3000 };
  await results.posted([received(OrderPosted, posted)]);
  const left = { ...about, state: 'completed' as const, revision: 1 };
  await results.fulfilmentObserved([received(PosFulfilmentObserved, left)]);
  const dispatchId = deriveId(`${postingId}/dispatch`);
  const report = { dispatchId, connectionId: 'shop', orderId, fulfilmentId: 'f-1' };
  await results.fulfilmentCreated([received(FulfilmentCreated, report)]);
  return postingId;
}

/** The same order with one mug back on the shelf and its ten pounds off. */
function withReturn(orderId: string, revision: number): OrderObserved {
  const order = anObservedOrder({ orderId, revision });
  const lines = order.lines.map((line) => ({
    ...line,
    ...{ fulfilledQuantity: 3, returnedQuantity: 1, restockedQuantity: 1 },
  }));
  const goods = [{ lineId: 'line-1', quantity: 1, restocked: true, amountMinor: 1000 }];
  const refund = {
    ...{ refundId: 'refund-1', refundedAt: '2026-03-09T08:00:00Z', goods },
    ...{ creditMinor: 1000, paidBackMinor: 0 },
  };
  return { ...order, lines, refunds: [refund] };
}

const isRefused = (contract: new () => object, content: object): boolean => {
  const message = plainToInstance<object, object>(contract, content);
  return validateSync(message, { whitelist: true, forbidNonWhitelisted: true }).length > 0;
};

it('are asked of the POS once, and said to those who follow the order and its money', async () => {
  const orderId = randomUUID();
  const postingId = await close(orderId);
  for (const revision of [2, 3, 3]) {
    const seen = received(OrderObserved, withReturn(orderId, revision));
    await world.observed.observed([seen]);
    await world.observed.observed([seen]);
  }
  const asked = await world.sent('reverse-order');
  expect(asked).toMatchObject([
    {
      postingId,
      ...{ returned: true, whole: false, amountMinor: 1000 },
      changes: [{ sku: 'MUG', units: 1 }],
    },
  ]);
  expect(asked.some((content) => isRefused(ReverseOrder, content))).toBe(false);
  const adjusted = {
    ...{ adjustmentId: asked[0]?.['reversalId'] as string, connectionId, orderId },
    outcome: 'done' as const,
  };
  await world.results.stockAdjusted([received(StockAdjusted, adjusted)]);
  expect(await world.states()).toEqual({ [orderId]: 'closed' });
  expect((await world.sent('order-changed')).at(-1)).toMatchObject({
    ...{ state: 'closed', totalMinor: 2000, returnedQuantity: 1 },
  });
  expect(await world.openExceptions()).toEqual([]);
});

it('have finance told of the order again, once, through whatever the database keeps', async () => {
  const orderId = randomUUID();
  await close(orderId);
  for (const revision of [2, 3]) {
    await world.observed.observed([received(OrderObserved, withReturn(orderId, revision))]);
  }
  const closed = await world.sent('order-closed');
  expect(closed.map((one) => [one['revision'], one['creditedMinor']])).toEqual([
    [1, 0],
    [2, 1000],
  ]);
  expect(closed.some((content) => isRefused(OrderClosed, content))).toBe(false);
});

it('are taken off what was sold', async () => {
  const orderId = randomUUID();
  await close(orderId);
  await world.observed.observed([received(OrderObserved, withReturn(orderId, 2))]);
  const rows = await world.database.query<{ kind: string; amount_minor: string }>(
    `SELECT kind, amount_minor FROM outside_act WHERE order_id = $1 AND amount_minor IS NOT NULL
      ORDER BY kind`,
    [orderId],
  );
  expect(rows).toEqual([
    { kind: 'posting', amount_minor: '3000' },
    { kind: 'reversal', amount_minor: '1000' },
  ]);
});
