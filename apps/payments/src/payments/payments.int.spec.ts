import { randomUUID } from 'node:crypto';
import { OrderChanged, type Received } from '@tillbridge/contracts';
import {
  ExceptionBook,
  openDatabase,
  type ConfigurationKeeper,
  type Database,
} from '@tillbridge/postgres';
import type { Configuration, TenderRule } from '@tillbridge/runtime';
import { freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import fc from 'fast-check';
import { CreateOrderPayment1767225620000 } from '../migrations/1767225620000-create-order-payment.js';
import { OrderChangedHandler } from './order-changed.handler.js';
import { PaymentBook } from './payment-book.js';
import { PaymentQueries } from './payment.queries.js';
import { TenderReview } from './tender-review.js';

let fresh: FreshDatabase;
let database: Database;
let book: PaymentBook;

beforeEach(async () => {
  fresh = await freshDatabase();
  database = await openDatabase({
    url: fresh.url,
    service: 'payments',
    migrations: [CreateOrderPayment1767225620000],
  });
  book = new PaymentBook(database);
});

afterEach(async () => {
  await database.close();
  await fresh.drop();
});

const ON_ACCOUNT = { paymentMethod: 'on-account', name: 'On Account', kind: 'STORED_BALANCE' };

function configurationWith(...tenders: object[]): Configuration {
  return { tenders: tenders as TenderRule[] } as Configuration;
}

async function take(views: readonly OrderChanged[], tenders: object[] = [ON_ACCOUNT]) {
  const handler = new OrderChangedHandler(database, book, configurationWith(...tenders));
  const received = views.map((data): Received<OrderChanged> => ({
    id: randomUUID(),
    subject: 'evt.orders.order-changed.v1',
    consumer: 'payments-orders-order-changed-v1',
    time: new Date().toISOString(),
    data,
  }));
  await handler.changed(received);
}

function aView(view: Partial<OrderChanged> & { orderId: string }): OrderChanged {
  return Object.assign(new OrderChanged(), {
    revision: 1,
    connectionId: 'shop',
    name: '#1001',
    state: 'received',
    draft: false,
    paymentMethod: 'on-account',
    currency: 'GBP',
    totalMinor: 5000,
    ...view,
  });
}

async function sent(type: string): Promise<Record<string, unknown>[]> {
  const rows = await database.query<{ payload: string }>(
    'SELECT payload FROM outbox WHERE subject LIKE $1 ORDER BY sequence',
    [`%.${type}.v1`],
  );
  return rows.map(({ payload }) => JSON.parse(payload) as Record<string, unknown>);
}

async function openExceptions(): Promise<string[]> {
  return (await new ExceptionBook(database).open()).map(
    ({ code, subject }) => `${code} ${subject}`,
  );
}

describe('a tender', () => {
  it('is decided once for an order, drafts too, however often it changes', async () => {
    const orderId = randomUUID();
    await take([aView({ orderId, draft: true })]);
    await take([aView({ orderId, revision: 2, state: 'promised', draft: true })]);
    await take([aView({ orderId, revision: 3, state: 'posting' })]);
    expect(await sent('tender-decided')).toEqual([
      {
        orderId,
        revision: 1,
        outcome: 'decided',
        tender: { name: 'On Account', kind: 'STORED_BALANCE' },
      },
    ]);
  });

  it('is decided anew when the payment method changes', async () => {
    const orderId = randomUUID();
    const card = { paymentMethod: 'card', name: 'Card', kind: 'CARD' };
    await take([aView({ orderId })], [ON_ACCOUNT, card]);
    await take([aView({ orderId, revision: 2, paymentMethod: 'card' })], [ON_ACCOUNT, card]);
    expect(
      (await sent('tender-decided')).map(({ revision, tender }) => [revision, tender]),
    ).toEqual([
      [1, { name: 'On Account', kind: 'STORED_BALANCE' }],
      [2, { name: 'Card', kind: 'CARD' }],
    ]);
  });

  it('that is not mapped is told and named, until the order is cancelled', async () => {
    const orderId = randomUUID();
    await take([aView({ orderId, paymentMethod: 'other' })]);
    expect(await sent('tender-decided')).toEqual([{ orderId, revision: 1, outcome: 'unmapped' }]);
    expect(await openExceptions()).toEqual([`tender-unmapped ${orderId}`]);
    await take([aView({ orderId, revision: 2, paymentMethod: 'other', state: 'cancelled' })]);
    expect(await openExceptions()).toEqual([]);
  });

  it('that is mapped after a restart releases the order', async () => {
    const orderId = randomUUID();
    await take([aView({ orderId, paymentMethod: 'other' })]);
    await take([aView({ orderId, revision: 2, paymentMethod: 'other', state: 'held' })]);
    const mapped = { paymentMethod: 'other', name: 'Cheque', kind: 'CHECK' };
    const review = new TenderReview(
      database,
      book,
      configurationWith(ON_ACCOUNT, mapped),
      {} as ConfigurationKeeper,
    );
    await review.onApplicationBootstrap();
    await review.onApplicationBootstrap();
    expect((await sent('tender-decided')).slice(1)).toEqual([
      { orderId, revision: 2, outcome: 'decided', tender: { name: 'Cheque', kind: 'CHECK' } },
    ]);
    expect(await openExceptions()).toEqual([]);
  });
});

describe('a receivable', () => {
  const life = (orderId: string): OrderChanged[] => [
    aView({ orderId, draft: true }),
    aView({ orderId, revision: 2, state: 'promised', draft: true }),
    aView({ orderId, revision: 3, state: 'posting' }),
    aView({ orderId, revision: 4, state: 'posted', totalMinor: 4000 }),
    aView({ orderId, revision: 5, state: 'held', totalMinor: 4000 }),
  ];

  it('is opened when the draft became an order that was accepted, and follows its total', async () => {
    const orderId = randomUUID();
    const [draft, promised, posting, posted] = life(orderId) as [
      OrderChanged,
      OrderChanged,
      OrderChanged,
      OrderChanged,
    ];
    await take([draft, promised]);
    expect(await sent('receivable-changed')).toEqual([]);
    await take([posting]);
    await take([posted]);
    expect(await sent('receivable-changed')).toEqual([
      {
        orderId,
        orderName: '#1001',
        currency: 'GBP',
        state: 'open',
        amountMinor: 5000,
        revision: 1,
      },
      {
        orderId,
        orderName: '#1001',
        currency: 'GBP',
        state: 'open',
        amountMinor: 4000,
        revision: 2,
      },
    ]);
  });

  it('ends the same whatever order the views of the order come in', async () => {
    const orderIds = Array.from({ length: 20 }, () => randomUUID()).sort();
    const shuffles = fc.sample(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), {
      numRuns: orderIds.length,
      seed: 7,
    });
    for (const [index, orderId] of orderIds.entries()) {
      const views = life(orderId);
      for (const at of [...shuffles[index]!, 0]) await take([views[at]!]);
    }
    const queries = new PaymentQueries(book, new ExceptionBook(database));
    const { receivables } = await queries.receivables({ limit: 100 });
    expect(receivables).toEqual(
      orderIds.map((orderId) => ({
        orderId,
        orderName: '#1001',
        amountMinor: 4000,
        currency: 'GBP',
        state: 'open',
      })),
    );
  });

  it('is void when the order is cancelled', async () => {
    const orderId = randomUUID();
    await take([aView({ orderId, state: 'posted' })]);
    await take([aView({ orderId, revision: 2, state: 'cancelled', totalMinor: 0 })]);
    expect(await book.receivables(undefined, 10)).toEqual([
      { orderId, orderName: '#1001', amountMinor: 0, currency: 'GBP', state: 'void' },
    ]);
  });

  it('is not there for an order paid by card', async () => {
    await take([aView({ orderId: randomUUID(), paymentMethod: 'card', state: 'posted' })]);
    expect(await book.receivables(undefined, 10)).toEqual([]);
  });

  it('is listed page by page', async () => {
    const orderIds = Array.from({ length: 5 }, () => randomUUID()).sort();
    await take(orderIds.map((orderId) => aView({ orderId, state: 'posted' })));
    const queries = new PaymentQueries(book, new ExceptionBook(database));
    const first = await queries.receivables({ limit: 3 });
    const rest = await queries.receivables({ limit: 3, afterOrderId: orderIds[2] });
    expect([...first.receivables, ...rest.receivables].map(({ orderId }) => orderId)).toEqual(
      orderIds,
    );
  });
});
