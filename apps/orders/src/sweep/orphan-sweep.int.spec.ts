import { randomUUID } from 'node:crypto';
import {
  AskPosOrders,
  Failure,
  HeldPosOrder,
  ListedTradeOrder,
  OrderAllocated,
  OrderObserved,
  OrderPosted,
  PosOrderPage,
  TenderDecided,
  TradeOrderPage,
  type AskTradeOrders,
} from '@tillbridge/contracts';
import type { Asker } from '@tillbridge/messaging';
import { Clock, Reconciliation, Timers, type Configuration } from '@tillbridge/runtime';
import { freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import { pino } from 'pino';
import { deriveId } from '../orders/order-policies.js';
import {
  anAllocation,
  anObservedOrder,
  anOrdersWorld,
  aTender,
  CONFIGURATION_OF_SPECS,
  received,
  type OrdersWorld,
} from '../orders/orders-world.js';
import { OrphanBook } from './orphan-book.js';
import { OrphanSweep } from './orphan-sweep.js';

const LOGGER = pino({ level: 'silent' });
const CREATED = '2026-03-02T09:00:00.000Z';
const CONFIGURATION = {
  ...CONFIGURATION_OF_SPECS,
  connections: CONFIGURATION_OF_SPECS.connections.map((each) => ({
    ...each,
    ordersFrom: '2026-01-01T00:00:00.000Z',
  })),
  reconciliation: new Reconciliation(),
} as unknown as Configuration;

let fresh: FreshDatabase;
let world: OrdersWorld;
/** What the vendors have; a page of them is one order. */
let pos: HeldPosOrder[];
let shop: ListedTradeOrder[];
let asked: (AskPosOrders | AskTradeOrders)[];
let broken: string | undefined;
let now: Date;

beforeEach(async () => {
  fresh = await freshDatabase();
  world = await anOrdersWorld(fresh.url);
  [pos, shop, asked, broken, now] = [[], [], [], undefined, new Date('2026-03-03T12:00:00Z')];
});

afterEach(async () => {
  await world.database.close();
  await fresh.drop();
});

const connector = {
  ask: (question: AskPosOrders | AskTradeOrders) => {
    asked.push(question);
    const at = Number(question.after ?? 0);
    if (broken === question.connectionId && at > 0) {
      return Promise.reject(new Failure('query-timeout', { afterMs: 1_000 }, 'away'));
    }
    if (question instanceof AskPosOrders && question.posOrderIds !== undefined) {
      const ids = new Set(question.posOrderIds);
      const orders = pos.filter(({ posOrderId }) => ids.has(posOrderId));
      return Promise.resolve(Object.assign(new PosOrderPage(), { orders }));
    }
    const isPos = question instanceof AskPosOrders;
    const all = (isPos ? pos : shop).filter(({ createdAt }) => createdAt >= question.since!);
    const next = at + 1 < all.length ? { next: String(at + 1) } : {};
    const page = { orders: all.slice(at, at + 1), ...next };
    return Promise.resolve(Object.assign(isPos ? new PosOrderPage() : new TradeOrderPage(), page));
  },
} as unknown as Asker;

function aSweep(): OrphanSweep {
  const clock = Object.assign(new Clock(), { now: () => now });
  const book = new OrphanBook(world.database);
  return new OrphanSweep(book, connector, clock, new Timers(LOGGER), CONFIGURATION, LOGGER);
}

/** The first look makes a connection known; half an hour later it is due. */
async function sweep(minutes = 31): Promise<void> {
  await aSweep().look();
  now = new Date(now.getTime() + minutes * 60_000);
  await aSweep().look();
}

async function anOrderInThePos(number: string): Promise<string> {
  const orderId = randomUUID();
  const observed = anObservedOrder({ orderId, name: `#${number}`, vendorId: `o-${number}` });
  await world.observed.observed([received(OrderObserved, observed)]);
  await world.results.allocated([received(OrderAllocated, anAllocation(orderId))]);
  await world.results.tenderDecided([received(TenderDecided, aTender(orderId))]);
  const postingId = deriveId(`${orderId}/posting/high-street`);
  const at = { connectionId: 'tills', locationId: 'high-street', paidMinor: 3000 };
  const posted = { ...at, postingId, orderId, posOrderId: `pos-${number}` };
  await world.results.posted([received(OrderPosted, posted)]);
  pos.push(held(`pos-${number}`, postingId));
  shop.push(listed(number));
  return orderId;
}

function held(posOrderId: string, postingId: string): HeldPosOrder {
  const order = { posOrderId, postingId, live: true, createdAt: CREATED };
  return Object.assign(new HeldPosOrder(), order);
}

function listed(number: string): ListedTradeOrder {
  const order = { vendorId: `o-${number}`, name: `#${number}`, createdAt: CREATED };
  return Object.assign(new ListedTradeOrder(), order);
}

async function orphans(): Promise<string[]> {
  const rows = await world.database.query<{ code: string; subject: string }>(
    'SELECT code, subject FROM exception WHERE cleared_at IS NULL ORDER BY code, subject',
  );
  return rows.map(({ code, subject }) => `${code} ${subject}`);
}

it('finds nothing where both sides know the same, page by page', async () => {
  await anOrderInThePos('1');
  await anOrderInThePos('2');
  await sweep();
  expect(await orphans()).toEqual([]);
  expect(asked.filter(({ after }) => after === '1')).toHaveLength(2);
});

it('names what only one side knows, both ways, until it is put right', async () => {
  await anOrderInThePos('1');
  const orderId = await anOrderInThePos('2');
  const lost = pos.pop()!;
  pos.push(held('pos-strange', randomUUID()));
  shop.push(listed('3'));
  await sweep();
  expect(await orphans()).toEqual([
    'orphan-platform-order shop/o-3',
    'orphan-pos-order tills/pos-strange',
    `orphan-posting ${orderId}`,
  ]);
  pos[1] = { ...pos[1]!, live: false };
  pos.push(lost);
  const late = anObservedOrder({ orderId: randomUUID(), vendorId: 'o-3' });
  await world.observed.observed([received(OrderObserved, late)]);
  await sweep();
  expect(await orphans()).toEqual([]);
});

it('tells nothing of a listing that did not come to its end, and closes nothing', async () => {
  pos.push(held('pos-strange', randomUUID()));
  await sweep();
  expect(await orphans()).toEqual(['orphan-pos-order tills/pos-strange']);
  broken = 'tills';
  pos = [held('pos-other', randomUUID()), held('pos-third', randomUUID())];
  shop.push(listed('9'));
  await sweep();
  expect(await orphans()).toEqual([
    'orphan-platform-order shop/o-9',
    'orphan-pos-order tills/pos-strange',
  ]);
});

it('looks at everything once a day, and else at what is late: what is older stays as it is', async () => {
  now = new Date('2026-03-10T02:00:00Z');
  pos.push(held('pos-strange', randomUUID()));
  await sweep();
  await sweep();
  await sweep(24 * 60);
  const since = asked.flatMap((each) => (each.connectionId === 'tills' ? [each.since] : []));
  expect(since).toEqual([
    '2026-01-01T00:00:00.000Z',
    '2026-03-08T03:02:00.000Z',
    '2026-01-01T00:00:00.000Z',
  ]);
  expect(await orphans()).toEqual(['orphan-pos-order tills/pos-strange']);
});

it('is done by one of several processes at a time', async () => {
  await aSweep().look();
  now = new Date(now.getTime() + 31 * 60_000);
  await Promise.all([aSweep().look(), aSweep().look(), aSweep().look()]);
  expect(asked.map(({ connectionId }) => connectionId).sort()).toEqual(['shop', 'tills']);
});
