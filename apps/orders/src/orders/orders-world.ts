import { randomUUID } from 'node:crypto';
import type { OrderAllocated, OrderObserved, TenderDecided } from '@tillbridge/contracts';
import {
  OrderTexts,
  type MessageClass,
  type OrderText,
  type Received,
} from '@tillbridge/contracts';
import type { Asker } from '@tillbridge/messaging';
import { openDatabase, type Database } from '@tillbridge/postgres';
import { Agreed, Clock, Products, type Configuration } from '@tillbridge/runtime';
import { CreateTradeOrder1767225610000 } from '../migrations/1767225610000-create-trade-order.js';
import { CreateOrderStory1767225611000 } from '../migrations/1767225611000-create-order-story.js';
import { CreateTillSale1767225612000 } from '../migrations/1767225612000-create-till-sale.js';
import { DispatchesHandler } from '../dispatches/dispatches.handler.js';
import { CreateOrphanSweep1767225613000 } from '../migrations/1767225613000-create-orphan-sweep.js';
import { DeliveryTexts } from '../texts/delivery-texts.js';
import { OrderBook } from './order-book.js';
import { OrderDecisions } from './order-decisions.js';
import { OrderObservedHandler } from './order-observed.handler.js';
import { OrderPolicies } from './order-policies.js';
import { OutsideResultsHandler } from './outside-results.handler.js';
import { PurchaseObservedHandler } from './purchase-observed.handler.js';
import { ShortDecisionsHandler } from './short-decisions.handler.js';

/** The handlers of this service on a real database, for its specs. The connector is played. */
export interface OrdersWorld {
  readonly database: Database;
  readonly observed: OrderObservedHandler;
  readonly purchases: PurchaseObservedHandler;
  readonly results: OutsideResultsHandler;
  readonly dispatches: DispatchesHandler;
  readonly shortDecisions: ShortDecisionsHandler;
  readonly decisions: OrderDecisions;
  readonly texts: DeliveryTexts;
  /** What the connector answers to AskOrderTexts; throws to be out of reach. */
  answer: (orderIds: readonly string[]) => OrderText[];
  readonly asked: string[][];
  /** The outbox: messages of one kind, by the end of their subject. */
  sent(type: string): Promise<Record<string, unknown>[]>;
  states(): Promise<Record<string, string | null>>;
  openExceptions(): Promise<string[]>;
}

export const CONFIGURATION_OF_SPECS = {
  currency: 'GBP',
  connections: [
    { id: 'trade', vendor: 'sparklayer', storefront: 'shop', mode: 'live' },
    {
      id: 'shop',
      vendor: 'shopify',
      mode: 'live',
      ordersFrom: '2026-01-01T00:00:00.000Z',
      completeDrafts: 'staff',
    },
    { id: 'tills', vendor: 'square', mode: 'live' },
  ],
  locations: ['high-street', 'mill-lane'].map((id) => ({
    id,
    name: id,
    master: { connection: 'tills', vendorLocationId: id },
    feeds: [{ connection: 'shop', vendorLocationId: `shop-${id}` }],
  })),
  products: new Products(),
  tenders: [],
  agreed: new Agreed(),
} as unknown as Configuration;

export async function anOrdersWorld(databaseUrl: string): Promise<OrdersWorld> {
  const database = await openDatabase({
    url: databaseUrl,
    service: 'orders',
    migrations: [
      CreateTradeOrder1767225610000,
      CreateOrderStory1767225611000,
      CreateTillSale1767225612000,
      CreateOrphanSweep1767225613000,
    ],
  });
  const policies = new OrderPolicies(CONFIGURATION_OF_SPECS);
  const book = new OrderBook(policies, new Clock());
  const decisions = new OrderDecisions(book, policies);
  const asked: string[][] = [];
  const asker = {
    ask: ({ orderIds }: { orderIds: string[] }) => {
      asked.push(orderIds);
      return Promise.resolve(Object.assign(new OrderTexts(), { texts: world.answer(orderIds) }));
    },
  } as unknown as Asker;
  const texts = new DeliveryTexts(asker, database, new Clock());
  const world: OrdersWorld = {
    database,
    decisions,
    texts,
    asked,
    observed: new OrderObservedHandler(database, book, decisions, texts),
    purchases: new PurchaseObservedHandler(database, book, decisions, policies),
    results: new OutsideResultsHandler(database, decisions),
    dispatches: new DispatchesHandler(database, book, decisions, policies),
    shortDecisions: new ShortDecisionsHandler(database, decisions),
    answer: () => [],
    sent: async (type) => {
      const rows = await database.query<{ payload: string }>(
        `SELECT payload FROM outbox WHERE subject LIKE $1 ORDER BY sequence`,
        [`%.${type}.v1`],
      );
      return rows.map(({ payload }) => JSON.parse(payload) as Record<string, unknown>);
    },
    states: async () => {
      const rows = await database.query<{ order_id: string; state: string | null }>(
        'SELECT order_id, state FROM trade_order ORDER BY order_id',
      );
      return Object.fromEntries(rows.map((row) => [row.order_id, row.state]));
    },
    openExceptions: async () => {
      const rows = await database.query<{ code: string }>(
        'SELECT code FROM exception WHERE cleared_at IS NULL ORDER BY code, subject',
      );
      return rows.map(({ code }) => code);
    },
  };
  return world;
}

/** A message as the transport hands it over. */
export function received<T extends object>(type: MessageClass<T>, data: T): Received<T> {
  return {
    id: randomUUID(),
    subject: type.name,
    consumer: `orders-${type.name}`,
    time: new Date().toISOString(),
    data: Object.assign(new type(), data),
  };
}

export function anObservedOrder(
  order: Partial<OrderObserved> & { orderId: string },
): OrderObserved {
  const lines = order.lines ?? [
    {
      lineId: 'line-1',
      sku: 'MUG',
      title: 'Mug',
      orderedQuantity: 3,
      cancelledQuantity: 0,
      fulfilledQuantity: 0,
      totalMinor: 3000,
    },
  ];
  return {
    connectionId: 'shop',
    stage: 'order',
    vendorId: `vendor-${order.orderId}`,
    revision: 1,
    status: 'open',
    name: '#1001',
    placedAt: '2026-03-02T09:00:00.000Z',
    trade: true,
    cartId: `cart-${order.orderId}`,
    customerId: 'customer-1',
    paymentMethod: 'on-account',
    poNumber: 'PO-7',
    currency: 'GBP',
    totalMinor: lines.reduce((sum, line) => sum + line.totalMinor, 0),
    lines,
    charges: [],
    ...order,
  };
}

export function anAllocation(orderId: string): OrderAllocated {
  return {
    orderId,
    revision: 1,
    allocations: [
      {
        lineId: 'line-1',
        locationId: 'high-street',
        quantity: 3,
        components: [{ sku: 'MUG', units: 3 }],
      },
    ],
    unallocated: [],
    shortUnits: 0,
  };
}

export function aTender(orderId: string): TenderDecided {
  const tender = { name: 'On Account', kind: 'STORED_BALANCE' };
  return { orderId, revision: 9, outcome: 'decided', tender };
}
