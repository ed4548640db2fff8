import { randomUUID } from 'node:crypto';
import { OrderChanged, PosCustomerObserved, type Received } from '@tillbridge/contracts';
import { ExceptionBook, openDatabase, type Database } from '@tillbridge/postgres';
import type { Configuration } from '@tillbridge/runtime';
import { freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import { CreateCustomerLink1767225630000 } from '../migrations/1767225630000-create-customer-link.js';
import { CustomerLinks } from './customer-links.js';
import { CustomerReferences } from './customer-references.js';
import { CustomerQueries } from './customer.queries.js';
import { OrderChangedHandler } from './order-changed.handler.js';
import { PosCustomerObservedHandler } from './pos-customer-observed.handler.js';

const CONFIGURATION_OF_SPECS = {
  connections: [
    { id: 'trade', vendor: 'sparklayer' },
    { id: 'shop', vendor: 'shopify' },
    { id: 'outlet', vendor: 'shopify' },
    { id: 'tills', vendor: 'square' },
  ],
  locations: [
    {
      id: 'high-street',
      master: { connection: 'tills' },
      feeds: [{ connection: 'shop' }, { connection: 'outlet' }],
    },
  ],
} as unknown as Configuration;

let fresh: FreshDatabase;
let database: Database;
let queries: CustomerQueries;
let customers: PosCustomerObservedHandler;
let orders: OrderChangedHandler;

beforeEach(async () => {
  fresh = await freshDatabase();
  database = await openDatabase({
    url: fresh.url,
    service: 'customers',
    migrations: [CreateCustomerLink1767225630000],
  });
  const links = new CustomerLinks(database, new CustomerReferences(CONFIGURATION_OF_SPECS));
  queries = new CustomerQueries(links, new ExceptionBook(database));
  customers = new PosCustomerObservedHandler(database, links);
  orders = new OrderChangedHandler(database, links);
});

afterEach(async () => {
  await database.close();
  await fresh.drop();
});

function received<T>(consumer: string, data: T): Received<T> {
  return { id: randomUUID(), subject: consumer, consumer, time: new Date().toISOString(), data };
}

async function seen(posCustomerId: string, reference: string): Promise<void> {
  const data = Object.assign(new PosCustomerObserved(), {
    connectionId: 'tills',
    posCustomerId,
    reference,
  });
  await customers.observed([received('customers-pos', data)]);
}

async function ordered(customerId: string | undefined, connectionId = 'shop'): Promise<void> {
  const data = Object.assign(new OrderChanged(), {
    orderId: randomUUID(),
    revision: 1,
    connectionId,
    name: '#1001',
    state: 'received',
    draft: false,
    customerId,
    paymentMethod: 'on-account',
    currency: 'GBP',
    totalMinor: 1,
  });
  await orders.changed([received('customers-orders', data)]);
}

async function linkOf(customerId: string, storefrontConnectionId = 'shop') {
  const customers = [{ storefrontConnectionId, customerId }];
  const answer = await queries.posCustomers({ customers, posConnectionId: 'tills' });
  return answer.posCustomerIds[0];
}

async function openExceptions(): Promise<string[]> {
  const { exceptions } = await queries.openExceptions({});
  return exceptions.map(({ code, subject }) => `${code} ${subject}`);
}

async function linksSent(): Promise<string[]> {
  const rows = await database.query<{ payload: string }>(
    `SELECT payload FROM outbox WHERE subject LIKE '%.customer-linked.v1' ORDER BY sequence`,
  );
  return rows.map(
    ({ payload }) => (JSON.parse(payload) as { posCustomerId: string }).posCustomerId,
  );
}

describe('a customer that has ordered', () => {
  it('is named while no POS customer refers to it, once, and no longer when one does', async () => {
    await ordered('77');
    await ordered('77');
    expect(await linkOf('77')).toBeNull();
    expect(await openExceptions()).toEqual(['customer-unlinked shop/77']);
    await seen('pos-1', '77');
    expect(await linkOf('77')).toBe('pos-1');
    expect(await openExceptions()).toEqual([]);
    expect(await linksSent()).toEqual(['pos-1']);
  });

  it('is linked at once when the POS customer was seen before', async () => {
    await seen('pos-1', '77');
    await ordered('77');
    expect(await openExceptions()).toEqual([]);
  });

  it('is named again when its POS customer comes to refer to another', async () => {
    await ordered('77');
    await seen('pos-1', '77');
    await seen('pos-1', '78');
    expect([await linkOf('77'), await linkOf('78')]).toEqual([null, 'pos-1']);
    expect(await openExceptions()).toEqual(['customer-unlinked shop/77']);
  });

  it('and is nobody we know is no trouble', async () => {
    await ordered(undefined);
    expect(await openExceptions()).toEqual([]);
  });
});

describe('two POS customers with one reference', () => {
  it.each([
    ['in order', ['pos-1', 'pos-2']],
    ['the other way round', ['pos-2', 'pos-1']],
  ])('link to the first of them and are named, seen %s', async (_, ids) => {
    for (const id of [...ids, ...ids]) await seen(id, '77');
    expect(await linkOf('77')).toBe('pos-1');
    expect(await openExceptions()).toEqual(['customer-linked-twice shop/77']);
    await seen('pos-2', '78');
    expect(await openExceptions()).toEqual([]);
  });

  it('seen at the same moment end the same', async () => {
    await Promise.all(['pos-3', 'pos-1', 'pos-2'].map((id) => seen(id, '77')));
    expect(await linkOf('77')).toBe('pos-1');
    expect(await openExceptions()).toEqual(['customer-linked-twice shop/77']);
  });
});

describe('a reference', () => {
  it('may name the platform, and means the first one when it does not', async () => {
    await seen('pos-1', 'outlet/77');
    await seen('pos-2', '77');
    expect([await linkOf('77', 'outlet'), await linkOf('77', 'shop')]).toEqual(['pos-1', 'pos-2']);
  });

  it('that is empty links nobody', async () => {
    await seen('pos-1', ' ');
    expect(await linksSent()).toEqual([]);
  });
});
