import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Controller, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { OrderChanged, SERVICES, TenderDecided, type Received } from '@tillbridge/contracts';
import { Database, PostgresModule } from '@tillbridge/postgres';
import { RuntimeModule } from '@tillbridge/runtime';
import {
  eventually,
  freshDatabase,
  freshNats,
  type FreshDatabase,
  type FreshNats,
} from '@tillbridge/testing';
import {
  Asker,
  connectNats,
  Consumes,
  hubMessaging,
  listen,
  MessagingModule,
  PROVISIONER,
  RebuildDesk,
} from '../index.js';
import { anOrder } from '../../test/payments-hub.js';

const EXAMPLE = new URL('../../../../tillbridge.example.yaml', import.meta.url).pathname;
const PASSWORDS = Object.fromEntries([...SERVICES, PROVISIONER].map((name) => [name, name]));
const HUB = hubMessaging([{ id: 'shop', vendor: 'shopify' }]);

class CreateSeen1800000000000 {
  up(runner: { query(sql: string): Promise<unknown> }) {
    return runner.query('CREATE TABLE seen (order_id text)');
  }
  down() {
    return Promise.resolve();
  }
}

const received: Received<OrderChanged>[] = [];

@Controller()
class PaymentsController {
  constructor(private readonly database: Database) {}

  @Consumes(OrderChanged, { batch: { size: 50, waitMs: 20 } })
  async take(batch: Received<OrderChanged>[]): Promise<void> {
    received.push(...batch);
    await this.database.handleOnce(batch, async (tx, fresh) => {
      const orderIds = fresh.map(({ data }) => data.orderId);
      await tx.query('INSERT INTO seen SELECT unnest($1::text[])', [orderIds]);
      for (const each of fresh) {
        const decided = Object.assign(new TenderDecided(), { orderId: each.data.orderId });
        tx.send([decided]);
      }
    });
  }
}

@Module({
  imports: [
    RuntimeModule.forService('payments'),
    PostgresModule.forService('payments', { migrations: [CreateSeen1800000000000] }),
    MessagingModule.forService('payments'),
  ],
  controllers: [PaymentsController],
})
class PaymentsModule {}

@Module({
  imports: [
    RuntimeModule.forService('orders'),
    PostgresModule.forService('orders', { migrations: [] }),
    MessagingModule.forService('orders'),
  ],
})
class OrdersModule {}

let nats: FreshNats;
let places: Record<'orders' | 'payments', FreshDatabase>;
let admin: NatsConnection;
let ordersApp: NestFastifyApplication;
let paymentsApp: NestFastifyApplication;
let orders: Database;

beforeAll(async () => {
  nats = await freshNats({ users: HUB.users(PASSWORDS) });
  await HUB.provision(login(PROVISIONER));
  places = { orders: await freshDatabase(), payments: await freshDatabase() };
  admin = await connectNats(login(PROVISIONER));
  ordersApp = await start('orders');
  orders = ordersApp.get(Database);
  paymentsApp = await start('payments');
});

afterAll(async () => {
  await paymentsApp.close();
  await ordersApp.close();
  await admin.close();
  await nats.drop();
  await Promise.all(Object.values(places).map((place) => place.drop()));
});

const login = (user: string) => ({ url: nats.url, user, password: user });

async function start(service: 'orders' | 'payments'): Promise<NestFastifyApplication> {
  const secrets = ['SPARKLAYER_SITE_ID', 'SPARKLAYER_CLIENT_ID', 'SPARKLAYER_CLIENT_SECRET'].concat(
    ['SHOPIFY_ACCESS_TOKEN', 'SHOPIFY_CLIENT_SECRET', 'SQUARE_ACCESS_TOKEN'],
    ['SQUARE_SIGNATURE_KEY'],
  );
  Object.assign(process.env, {
    DATABASE_URL: places[service].url,
    NATS_URL: nats.url,
    NATS_USER: service,
    NATS_PASSWORD: service,
    TILLBRIDGE_CONFIG: EXAMPLE,
    TILLBRIDGE_LOG_LEVEL: 'fatal',
    ...Object.fromEntries(secrets.map((name) => [name, 'x'])),
  });
  return listen({ service, module: service === 'orders' ? OrdersModule : PaymentsModule });
}

async function send(count: number): Promise<string[]> {
  const sent = Array.from({ length: count }, anOrder);
  await orders.inTransaction(async (tx) => tx.send(sent));
  await eventually(async () => {
    const [row] = await orders.query(
      'SELECT count(*)::int AS n FROM outbox WHERE published_at IS NULL',
    );
    expect(row.n).toBe(0);
  });
  return sent.map(({ orderId }) => orderId);
}

const timesSeen = async (orderIds: string[]) => {
  const rows = await paymentsApp.get(Database).query('SELECT order_id FROM seen');
  return orderIds.map((id) => rows.filter(({ order_id }) => order_id === id).length);
};

const once = (orderIds: string[]) => orderIds.map(() => 1);

const openExceptions = async () =>
  (
    await orders.query(
      `SELECT subject FROM exception
        WHERE code = 'stream-recreated' AND cleared_at IS NULL ORDER BY subject`,
    )
  ).map(({ subject }) => subject);

/** The road is cut and comes back, which is when a service looks at its streams. */
async function reconnect(): Promise<void> {
  await nats.kill();
  await nats.restart();
  // What we ask on a road that is not back yet is lost with the old one.
  await eventually(() => admin.flush());
}

async function rebuild(since: Date): Promise<void> {
  await new RebuildDesk(new Asker(admin)).rebuild('orders', since.toISOString());
}

it('carries the trace from handler to outbox to header to the next handler', async () => {
  const parent = `00-${'a1'.repeat(16)}-${'b2'.repeat(8)}-01`;
  const [first, second] = [anOrder(), anOrder()];
  await orders.inTransaction(async (tx) => tx.send([first]), parent);
  await orders.inTransaction(async (tx) => tx.send([second]));
  await eventually(async () =>
    expect(await timesSeen([first.orderId, second.orderId])).toEqual([1, 1]),
  );
  const traceOf = (orderId: string) =>
    received.find(({ data }) => data.orderId === orderId)?.traceparent?.split('-')[1];
  expect(traceOf(first.orderId)).toBe('a1'.repeat(16));
  expect(traceOf(second.orderId)).toMatch(/^[0-9a-f]{32}$/);
  expect(traceOf(second.orderId)).not.toBe('a1'.repeat(16));
  const rows = await paymentsApp.get(Database).query(
    `SELECT payload::jsonb ->> 'orderId' AS id, split_part(headers ->> 'traceparent', '-', 2) AS trace
       FROM outbox WHERE subject = 'evt.payments.tender-decided.v1'`,
  );
  for (const { orderId } of [first, second]) {
    expect(rows.find(({ id }) => id === orderId)?.trace).toBe(traceOf(orderId));
  }
});

it('a stream made anew is noticed, said, and rebuilt with nothing lost and nothing doubled', async () => {
  const since = new Date();
  const handled = await send(20);
  await eventually(async () => expect(await timesSeen(handled)).toEqual(once(handled)));
  await paymentsApp.close();
  const notTaken = await send(10);
  const manager = await jetstreamManager(admin);
  await manager.streams.delete('EVENTS');
  await manager.streams.delete('COMMANDS');
  await HUB.provision(login(PROVISIONER));
  await reconnect();
  await eventually(async () => expect(await openExceptions()).toEqual(['COMMANDS', 'EVENTS']), {
    withinMs: 15_000,
  });
  paymentsApp = await start('payments');
  await rebuild(new Date(since.getTime() - 3_600_000));
  await eventually(async () => expect(await timesSeen(notTaken)).toEqual(once(notTaken)), {
    withinMs: 15_000,
  });
  expect(await timesSeen(handled)).toEqual(once(handled));
  expect(await openExceptions()).toEqual([]);
});

it('a stream that was only emptied is noticed as well', async () => {
  const since = new Date();
  await send(10);
  await (await jetstreamManager(admin)).streams.purge('EVENTS');
  await reconnect();
  await eventually(async () => expect(await openExceptions()).toEqual(['EVENTS']), {
    withinMs: 15_000,
  });
  await rebuild(new Date(since.getTime() - 3_600_000));
  expect(await openExceptions()).toEqual([]);
});

it('a stream that was emptied still remembers ids, and takes them all the same', async () => {
  await paymentsApp.close();
  const since = new Date();
  const notTaken = await send(10);
  await (await jetstreamManager(admin)).streams.purge('EVENTS');
  paymentsApp = await start('payments');
  await rebuild(since);
  await eventually(async () => expect(await timesSeen(notTaken)).toEqual(once(notTaken)), {
    withinMs: 15_000,
  });
});
