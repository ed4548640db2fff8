import { randomUUID } from 'node:crypto';
import {
  CreateFulfilment,
  Failure,
  FulfilmentCreated,
  OrderAllocated,
  OrderChanged,
  OrderObserved,
  OrderPosted,
  PosFulfilmentObserved,
  PostOrder,
  PurchaseObserved,
  ReverseOrder,
  TenderDecided,
} from '@tillbridge/contracts';
import { ExceptionBook } from '@tillbridge/postgres';
import { Clock, StatusBook, Timers } from '@tillbridge/runtime';
import { freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { pino } from 'pino';
import { deriveId } from './order-policies.js';
import { OrderWatch } from './order-watch.js';
import { OrderQueries } from './order.queries.js';
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

/** One step of the world: a message, brought to its handler. */
type Step = () => Promise<void>;

const observed = (order: OrderObserved): Step => {
  const message = received(OrderObserved, order);
  return () => world.observed.observed([message]);
};
const allocated = (orderId: string): Step => {
  const message = received(OrderAllocated, anAllocation(orderId));
  return () => world.results.allocated([message]);
};
const tendered = (orderId: string, tender: Partial<TenderDecided> = {}): Step => {
  const message = received(TenderDecided, { ...aTender(orderId), ...tender });
  return () => world.results.tenderDecided([message]);
};

async function run(steps: readonly Step[]): Promise<void> {
  for (const step of steps) await step();
}

/** All the messages of an order's whole story. */
function story(orderId: string): Step[] {
  const postingId = deriveId(`${orderId}/posting/high-street`);
  const posted = received(OrderPosted, {
    postingId,
    connectionId: 'tills',
    orderId,
    locationId: 'high-street',
    posOrderId: `pos-${orderId}`,
    paidMinor: 3000,
  });
  const completed = received(PosFulfilmentObserved, {
    postingId,
    connectionId: 'tills',
    orderId,
    posOrderId: `pos-${orderId}`,
    state: 'completed',
    revision: 2,
  });
  const created = received(FulfilmentCreated, {
    dispatchId: deriveId(`${postingId}/dispatch`),
    connectionId: 'shop',
    orderId,
    fulfilmentId: 'f-1',
  });
  return [
    observed(anObservedOrder({ orderId })),
    allocated(orderId),
    tendered(orderId),
    () => world.results.posted([posted]),
    () => world.results.fulfilmentObserved([completed]),
    () => world.results.fulfilmentCreated([created]),
  ];
}

describe('the messages of many orders', () => {
  it('in any order, repeated, leave the same rows and the same commands', async () => {
    const orderIds = Array.from({ length: 25 }, () => randomUUID()).sort();
    const steps = orderIds.flatMap(story);
    const [order] = fc.sample(
      fc.shuffledSubarray([...steps, ...steps.slice(0, 40)], { minLength: steps.length + 40 }),
      { numRuns: 1, seed: 20260302 },
    );
    await run(order!);
    expect(await world.states()).toEqual(Object.fromEntries(orderIds.map((id) => [id, 'closed'])));
    const posts = await world.sent('post-order');
    expect(posts.map(({ orderId }) => orderId).sort()).toEqual(orderIds);
    expect((await world.sent('create-fulfilment')).map(({ orderId }) => orderId).sort()).toEqual(
      orderIds,
    );
    const acts = await world.database.query(
      `SELECT kind, state, count(*)::int AS acts FROM outside_act GROUP BY 1, 2 ORDER BY 1`,
    );
    expect(acts).toEqual([
      { kind: 'dispatch', state: 'done', acts: 25 },
      { kind: 'posting', state: 'done', acts: 25 },
    ]);
  });

  it('say nothing that their contracts would refuse', async () => {
    const [sent, cancelled] = [randomUUID(), randomUUID()];
    const gone = anObservedOrder({ orderId: cancelled, revision: 2, status: 'cancelled' });
    await run([...story(sent), ...story(cancelled).slice(0, 4), observed(gone)]);
    const contracts = {
      'post-order': PostOrder,
      'reverse-order': ReverseOrder,
      'create-fulfilment': CreateFulfilment,
      'order-changed': OrderChanged,
    };
    for (const [name, contract] of Object.entries(contracts)) {
      const contents = await world.sent(name);
      expect(contents.length).toBeGreaterThan(0);
      for (const content of contents) {
        const message = plainToInstance<object, object>(contract, content);
        expect(validateSync(message, { forbidUnknownValues: true })).toEqual([]);
        expect(Object.keys(content)).not.toContain('kind');
      }
    }
  });

  it('at the same time, in several processes, ask for each act once', async () => {
    const orderIds = Array.from({ length: 10 }, () => randomUUID());
    const steps = orderIds.flatMap(story);
    await Promise.all([...steps, ...steps].map((step) => step()));
    expect(Object.values(await world.states())).toEqual(orderIds.map(() => 'closed'));
    expect(await world.sent('post-order')).toHaveLength(10);
    expect(await world.sent('create-fulfilment')).toHaveLength(10);
  });

  it('tell others each change once, in growing revisions', async () => {
    const orderId = randomUUID();
    await run([...story(orderId), ...story(orderId)]);
    const told = await world.sent('order-changed');
    expect(told.map(({ revision, state }) => [revision, state])).toEqual([
      [1, 'received'],
      [2, 'posting'],
      [3, 'posted'],
      [4, 'dispatched'],
      [5, 'closed'],
    ]);
  });
});

describe('two live orders with one cart id', () => {
  const first = (orderId: string, more: Partial<OrderObserved> = {}) =>
    observed(anObservedOrder({ orderId, cartId: 'cart', ...more }));
  const copy = (orderId: string) =>
    first(orderId, { placedAt: '2026-03-02T11:00:00.000Z', name: '#1002' });

  it('only the one placed first is posted, whoever comes first', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    await run([copy(b), first(a), ...[a, b].flatMap((id) => [allocated(id), tendered(id)])]);
    expect(await world.states()).toEqual({ [a]: 'posting', [b]: 'held' });
    expect(await world.openExceptions()).toEqual(['cart-id-twice']);
  });

  it('only one is posted when both are seen at the same moment', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    await Promise.all([first(a)(), copy(b)()]);
    await run([a, b].flatMap((id) => [allocated(id), tendered(id)]));
    expect(await world.states()).toEqual({ [a]: 'posting', [b]: 'held' });
  });

  it('the other one goes on when the first is cancelled', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    await run([first(a), copy(b), allocated(b), tendered(b)]);
    expect((await world.states())[b]).toBe('held');
    await first(a, { revision: 2, status: 'cancelled' })();
    expect(await world.states()).toEqual({ [a]: 'cancelled', [b]: 'posting' });
    expect(await world.openExceptions()).toEqual([]);
  });
});

describe('an order that cannot be posted', () => {
  it('is held with its reason, and the others go on', async () => {
    const [bad, unmapped, good] = [randomUUID(), randomUUID(), randomUUID()];
    const line = { lineId: 'line-1', sku: 'MUG', title: 'Mug', orderedQuantity: 3 };
    const negative = { ...line, cancelledQuantity: 0, fulfilledQuantity: 0, totalMinor: -100 };
    await run([
      observed(anObservedOrder({ orderId: bad, lines: [negative] })),
      observed(anObservedOrder({ orderId: unmapped, paymentMethod: 'other' })),
      observed(anObservedOrder({ orderId: good })),
      ...[bad, unmapped, good].map(allocated),
      tendered(bad),
      tendered(unmapped, { outcome: 'unmapped', tender: undefined }),
      tendered(good),
    ]);
    expect(await world.states()).toEqual({ [bad]: 'held', [unmapped]: 'held', [good]: 'posting' });
    expect(await world.openExceptions()).toEqual(['price-negative']);
    expect((await world.sent('post-order')).map(({ orderId }) => orderId)).toEqual([good]);
    const [raised] = await world.sent('exception-raised');
    expect(raised).toMatchObject({
      code: 'price-negative',
      subject: bad,
      team: 'customer-service',
    });
  });
});

describe('what the trade shop says of a cart', () => {
  const purchase = (cartId: string): Step => {
    const message = received(PurchaseObserved, {
      connectionId: 'trade',
      cartId,
      type: 'order',
      paymentMethod: 'on-account',
      poNumber: 'PO-FROM-SHOP',
      revision: 1,
    });
    return () => world.purchases.observed([message]);
  };

  it.each(['before', 'after'])('%s the order gives it its PO number', async (when) => {
    const orderId = randomUUID();
    const steps = [
      purchase(`cart-${orderId}`),
      observed(anObservedOrder({ orderId, poNumber: undefined })),
    ];
    await run(when === 'before' ? steps : steps.reverse());
    await run([allocated(orderId), tendered(orderId)]);
    expect((await world.sent('post-order'))[0]).toMatchObject({ poNumber: 'PO-FROM-SHOP' });
  });
});

describe('a draft', () => {
  const draft = (orderId: string, more: Partial<OrderObserved> = {}): Step =>
    observed(anObservedOrder({ orderId, stage: 'draft', vendorId: 'draft-1', ...more }));

  it('that staff edit is posted as the order it became, not as it was', async () => {
    const orderId = randomUUID();
    const [line] = anObservedOrder({ orderId }).lines;
    const edited = [{ ...line!, orderedQuantity: 3, totalMinor: 2400 }];
    await run([draft(orderId), allocated(orderId), tendered(orderId)]);
    await run([draft(orderId, { revision: 2, lines: edited })]);
    expect(await world.sent('post-order')).toEqual([]);
    await run([observed(anObservedOrder({ orderId, lines: edited }))]);
    expect(await world.sent('post-order')).toMatchObject([{ orderId, totalMinor: 2400 }]);
  });

  it('that is deleted is cancelled and never posted', async () => {
    const orderId = randomUUID();
    const gone = { revision: 2, status: 'deleted', lines: [], totalMinor: 0 } as const;
    await run([draft(orderId), draft(orderId, { ...gone, lines: [] })]);
    await run([allocated(orderId), tendered(orderId)]);
    expect(await world.states()).toEqual({ [orderId]: 'cancelled' });
    expect(await world.sent('post-order')).toEqual([]);
  });

  it('that is a quote is left alone, and told to nobody', async () => {
    const orderId = randomUUID();
    await run([draft(orderId, { paymentMethod: 'quote' }), allocated(orderId), tendered(orderId)]);
    expect(await world.states()).toEqual({ [orderId]: null });
    expect(await world.sent('order-changed')).toEqual([]);
    expect(await world.openExceptions()).toEqual([]);
  });
});

describe('the words on an order', () => {
  it('are kept whole and handed out', async () => {
    const orderId = randomUUID();
    const note = 'Deliver to the back door. '.repeat(400);
    const words = { recipientName: 'Ada', note, address: { line1: '1 Mill Lane', city: 'Leeds' } };
    world.answer = (ids) => ids.map((id) => ({ orderId: id, ...words }));
    await observed(anObservedOrder({ orderId }))();
    expect(await world.texts.read([orderId])).toEqual([{ orderId, ...words }]);
  });

  it('that cannot be asked for leave the order for a later try', async () => {
    const orderId = randomUUID();
    world.answer = () => {
      throw new Failure('query-timeout', { afterMs: 1000 }, 'no answer');
    };
    const step = observed(anObservedOrder({ orderId }));
    await expect(step()).rejects.toThrow('no answer');
    expect(await world.states()).toEqual({});
    world.answer = () => [];
    await step();
    expect(await world.states()).toEqual({ [orderId]: 'received' });
  });

  it('on retail orders are not asked for, and retail orders get no record', async () => {
    await observed(anObservedOrder({ orderId: randomUUID(), trade: false }))();
    expect(world.asked).toEqual([]);
    expect(await world.states()).toEqual({});
  });
});

describe('questions about orders', () => {
  it('are answered with figures, pages and exceptions', async () => {
    const orderIds = [randomUUID(), randomUUID(), randomUUID()].sort();
    const [closed, posting, stub] = orderIds as [string, string, string];
    await run([
      ...story(closed),
      ...story(posting).slice(0, 3),
      allocated(stub),
      observed(anObservedOrder({ orderId: posting, revision: 2, totalMinor: 1 })),
    ]);
    const queries = new OrderQueries(world.database, new ExceptionBook(world.database));
    expect(await queries.figures({})).toEqual({
      byState: { closed: 1, posting: 1 },
      dispatchesToReport: 0,
      ever: { placed: 2, accepted: 2, held: 0, short: 0, posted: 1, dispatched: 1, cancelled: 0 },
    });
    const page = await queries.orders({ limit: 1 });
    expect(page.orders.map(({ orderId }) => orderId)).toEqual([closed]);
    expect(page.orders[0]?.postings).toEqual([
      {
        postingId: deriveId(`${closed}/posting/high-street`),
        locationId: 'high-street',
        posOrderId: `pos-${closed}`,
        state: 'done',
      },
    ]);
    const rest = await queries.orders({ limit: 9, afterOrderId: closed, states: ['posting'] });
    expect(rest.orders.map(({ orderId, poNumber }) => [orderId, poNumber])).toEqual([
      [posting, 'PO-7'],
    ]);
    expect((await queries.openExceptions({})).exceptions).toMatchObject([
      { code: 'total-mismatch', subject: posting, team: 'finance' },
    ]);
  });
});

describe('the watch over the clock', () => {
  const watchAt = (now: Date): OrderWatch => {
    const clock = Object.assign(new Clock(), { now: () => now });
    const timers = new Timers(pino({ level: 'silent' }));
    return new OrderWatch(world.database, world.decisions, clock, timers, new StatusBook());
  };
  const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);

  it('names an order that is not dispatched in the agreed time, once, until it is', async () => {
    const orderId = randomUUID();
    const steps = story(orderId);
    await run(steps.slice(0, 4));
    const watch = watchAt(new Date('2026-03-05T09:00:00Z'));
    await watch.look();
    await watch.look();
    expect(await world.openExceptions()).toEqual(['undispatched-too-long']);
    expect(await world.sent('exception-raised')).toHaveLength(1);
    await run(steps.slice(4));
    expect(await world.openExceptions()).toEqual([]);
  });

  it('names what nobody has answered for, from when it came to stand there', async () => {
    const [silent, asked] = [randomUUID(), randomUUID()];
    const placedAt = inMinutes(-1).toISOString();
    await run([
      observed(anObservedOrder({ orderId: silent, placedAt })),
      observed(anObservedOrder({ orderId: asked, placedAt })),
      ...story(asked).slice(1, 3),
    ]);
    await watchAt(inMinutes(14)).look();
    expect(await world.openExceptions()).toEqual([]);
    await watchAt(inMinutes(31)).look();
    expect(await world.openExceptions()).toEqual(['unaccepted-too-long', 'unposted-too-long']);
    await run([...story(silent).slice(1, 4), ...story(asked).slice(3, 4)]);
    expect(await world.openExceptions()).toEqual([]);
  });

  it('looks only at orders for which something is due', async () => {
    const [closed, posting] = [randomUUID(), randomUUID()];
    await run([...story(closed), ...story(posting).slice(0, 3)]);
    const due = await world.database.query<{ order_id: string }>(
      'SELECT order_id FROM trade_order WHERE due_at IS NOT NULL',
    );
    expect(due).toEqual([{ order_id: posting }]);
  });
});
