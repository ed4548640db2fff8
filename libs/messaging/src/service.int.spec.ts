import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { Body, Controller, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Failure, OrderChanged, SERVICES, type Received } from '@tillbridge/contracts';
import { Database, openDatabase, OutboxRelay, PostgresModule } from '@tillbridge/postgres';
import { RuntimeModule } from '@tillbridge/runtime';
import {
  eventually,
  freshDatabase,
  freshNats,
  type FreshDatabase,
  type FreshNats,
} from '@tillbridge/testing';
import { pino } from 'pino';
import {
  connectNats,
  Consumes,
  hubMessaging,
  JetStreamPublisher,
  listen,
  MessagingModule,
} from './index.js';

const DURABLE = 'payments-orders-order-changed-v1';
const EXAMPLE = new URL('../../../tillbridge.example.yaml', import.meta.url).pathname;
const PASSWORDS = Object.fromEntries([...SERVICES, 'provisioner'].map((name) => [name, name]));

class CreateSeen1800000000000 {
  up(runner: { query(sql: string): Promise<unknown> }) {
    return runner.query('CREATE TABLE seen (order_id text, consumer text)');
  }
  down() {
    return Promise.resolve();
  }
}

/** What the service under test does with a batch, before it commits; set by each test. */
let before: (received: Received<OrderChanged>[]) => Promise<void> | void;
let after: () => Promise<void> | void;
const bodies: unknown[] = [];

@Controller()
class PaymentsController {
  constructor(private readonly database: Database) {}

  @Consumes(OrderChanged, { batch: { size: 50, waitMs: 100 } })
  async take(received: Received<OrderChanged>[]): Promise<void> {
    await before(received);
    await this.database.handleOnce(received, async (tx, fresh) => {
      await tx.query('INSERT INTO seen SELECT unnest($1::text[]), $2', [
        fresh.map(({ data }) => data.orderId),
        fresh[0]?.consumer,
      ]);
    });
    await after();
  }

  @Post('hooks/:id')
  hook(@Body() body: unknown): object {
    bodies.push(body);
    return {};
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

let nats: FreshNats;
let databases: FreshDatabase[];
let orders: Database;
let ordersNats: NatsConnection;
let admin: NatsConnection;
let relay: OutboxRelay;
let app: NestFastifyApplication;
let payments: Database;

beforeAll(async () => {
  const messaging = hubMessaging([{ id: 'shop', vendor: 'shopify' }]);
  nats = await freshNats({ users: messaging.users(PASSWORDS) });
  const login = (user: string) => ({ url: nats.url, user, password: user });
  await messaging.provision(login('provisioner'));
  databases = [await freshDatabase(), await freshDatabase()];
  orders = await openDatabase({ url: databases[0]!.url, service: 'orders', migrations: [] });
  ordersNats = await connectNats(login('orders'));
  admin = await connectNats(login('provisioner'));
  relay = new OutboxRelay(orders, new JetStreamPublisher(ordersNats), pino({ level: 'silent' }));
  Object.assign(process.env, {
    DATABASE_URL: databases[1]!.url,
    NATS_URL: nats.url,
    NATS_USER: 'payments',
    NATS_PASSWORD: 'payments',
    TILLBRIDGE_CONFIG: EXAMPLE,
    TILLBRIDGE_LOG_LEVEL: 'fatal',
    SPARKLAYER_SITE_ID: 'x',
    SPARKLAYER_CLIENT_ID: 'x',
    SPARKLAYER_CLIENT_SECRET: 'x',
    SHOPIFY_ACCESS_TOKEN: 'x',
    SHOPIFY_CLIENT_SECRET: 'x',
    SQUARE_ACCESS_TOKEN: 'x',
    SQUARE_SIGNATURE_KEY: 'x',
  });
  await start();
});

afterAll(async () => {
  await app.close();
  await orders.close();
  await ordersNats.close();
  await admin.close();
  await nats.drop();
  await Promise.all(databases.map((database) => database.drop()));
});

beforeEach(() => {
  before = () => undefined;
  after = () => undefined;
});

async function start(): Promise<void> {
  app = await listen({ service: 'payments', module: PaymentsModule, rawBodyPrefix: '/hooks/' });
  payments = app.get(Database);
}

function anOrder(): OrderChanged {
  return Object.assign(new OrderChanged(), {
    orderId: randomUUID(),
    revision: 1,
    connectionId: 'shop',
    name: '#1001',
    state: 'accepted',
    draft: false,
    paymentMethod: 'on-account',
    currency: 'GBP',
    totalMinor: 1250,
  });
}

async function send(messages: OrderChanged[], ids?: string[]): Promise<string[]> {
  const sent = await orders.inTransaction(async (tx) => tx.send(messages, { ids }));
  await relay.pass();
  return sent;
}

async function timesSeen(orderIds: string[]): Promise<number[]> {
  const rows = await payments.query('SELECT order_id FROM seen WHERE order_id = ANY($1)', [
    orderIds,
  ]);
  return orderIds.map((id) => rows.filter(({ order_id }) => order_id === id).length);
}

async function settled(): Promise<void> {
  await eventually(async () => expect(await unsettled()).toBe(0), { withinMs: 15_000 });
}

async function unsettled(): Promise<number> {
  const manager = await jetstreamManager(admin);
  const info = await manager.consumers.info('EVENTS', DURABLE);
  return info.num_pending + info.num_ack_pending;
}

const rowsOf = (table: string, id: string) =>
  payments.query(`SELECT * FROM ${table} WHERE message_id = $1`, [id]);

describe('a running service', () => {
  it('says that it is ready, and has nothing to do', async () => {
    const url = await app.getUrl();
    await eventually(async () => {
      const ready = await fetch(`${url}/health/ready`);
      expect(await ready.json()).toEqual({ ready: true });
      expect(ready.status).toBe(200);
    });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    const status = await (await fetch(`${url}/status`)).json();
    expect(status).toMatchObject({ busy: 0, outboxPending: 0, waiting: 0, deadLetters: 0 });
  });

  it('handles what another one sent, with its envelope', async () => {
    const received: Received<OrderChanged>[] = [];
    before = (batch) => void received.push(...batch);
    const order = anOrder();
    const [id] = await send([order]);
    await settled();
    expect(received).toEqual([
      {
        id,
        subject: 'evt.orders.order-changed.v1',
        consumer: DURABLE,
        time: expect.stringMatching(/^20.*Z$/),
        traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
        data: order,
      },
    ]);
    expect(received[0]?.data).toBeInstanceOf(OrderChanged);
    expect(await timesSeen([order.orderId])).toEqual([1]);
  });

  it('absorbs repeats, also those that the stream takes for new', async () => {
    const order = anOrder();
    const [id = ''] = await send([order]);
    const repeat = headers();
    repeat.set('ce-id', id);
    repeat.set('ce-time', new Date().toISOString());
    for (let times = 0; times < 3; times += 1) {
      const body = JSON.stringify(order);
      await jetstream(ordersNats).publish('evt.orders.order-changed.v1', body, { headers: repeat });
    }
    await settled();
    expect(await timesSeen([order.orderId])).toEqual([1]);
    const status: any = await (await fetch(`${await app.getUrl()}/status`)).json();
    expect(status.duplicatesAbsorbed).toBe(3);
  });

  it('commits 49 of a batch of 50 in which one is poison', async () => {
    const batch = Array.from({ length: 50 }, anOrder);
    const poison = batch[17]!;
    before = (received) => {
      if (received.some(({ data }) => data.orderId === poison.orderId)) {
        throw new Failure('vendor-refused', 'never', 'this one cannot be');
      }
    };
    const ids = await send(batch);
    await settled();
    const seen = await timesSeen(batch.map(({ orderId }) => orderId));
    expect(seen).toEqual(batch.map((order) => (order === poison ? 0 : 1)));
    expect(await rowsOf('dead_letter', ids[17]!)).toMatchObject([
      { consumer: DURABLE, code: 'vendor-refused', error: 'this one cannot be', attempts: 1 },
    ]);
    expect(
      await payments.query('SELECT code FROM exception WHERE subject = $1', [ids[17]]),
    ).toEqual([{ code: 'message-dead-lettered' }]);
  });

  it('tries a failure again, and parks what looks like a bug after its tries', async () => {
    const passing = anOrder();
    const failing = anOrder();
    let tries = 0;
    before = (received) => {
      const [first] = received;
      if (received.length > 1) throw new Error('only alone');
      if (first?.data.orderId === failing.orderId) throw new Error('always');
      tries += 1;
      if (tries < 3) throw new Failure('not-ready', { afterMs: 20 }, 'not yet');
    };
    process.env['TILLBRIDGE_TIME_SCALE'] = '100';
    await app.close();
    await start();
    const [, id = ''] = await send([passing, failing]);
    await settled();
    expect(tries).toBe(3);
    expect(await timesSeen([passing.orderId, failing.orderId])).toEqual([1, 0]);
    const [row] = await rowsOf('dead_letter', id);
    expect(row).toMatchObject({ code: 'bug', error: 'always', attempts: 6 });
    expect(JSON.parse(row.payload.toString())).toEqual({ ...failing });
  });

  it('keeps the bytes of what it cannot read', async () => {
    const bytes = new Uint8Array([0x7b, 0xff, 0xfe]);
    const ack = await jetstream(ordersNats).publish('evt.orders.order-changed.v1', bytes);
    await settled();
    const [row] = await rowsOf('dead_letter', `EVENTS:${ack.seq}`);
    expect(row).toMatchObject({ code: 'bad-message', attempts: 1 });
    expect(new Uint8Array(row.payload)).toEqual(bytes);
  });

  it('refuses a message whose fields are wrong, and names them', async () => {
    const wrong = Object.assign(anOrder(), { totalMinor: 'much', state: 'lost' });
    const [id = ''] = await send([wrong]);
    await settled();
    const [row] = await rowsOf('dead_letter', id);
    expect(row.error).toBe('state fails isIn; totalMinor fails isInt');
  });

  it('lets a long wait rest in Postgres and runs it from there', async () => {
    const order = anOrder();
    let runs = 0;
    before = () => {
      runs += 1;
      if (runs === 1) throw new Failure('vendor-unavailable', { afterMs: 3_600_000_0 }, 'later');
    };
    const [id = ''] = await send([order]);
    await settled();
    expect(await rowsOf('inbox', id)).toMatchObject([{ state: 'waiting', attempts: 1 }]);
    await payments.query('UPDATE inbox SET next_attempt_at = now() WHERE message_id = $1', [id]);
    await eventually(async () => expect(await timesSeen([order.orderId])).toEqual([1]));
    expect(await rowsOf('inbox', id)).toMatchObject([{ state: 'handled', payload: null }]);
    expect(runs).toBe(2);
  });

  it('handles once what a process had committed before it was killed', async () => {
    await app.close();
    const order = anOrder();
    const [id = ''] = await send([order]);
    // The process that dies: it takes the message, commits, and never acks.
    const dying = await connectNats({ url: nats.url, user: 'payments', password: 'payments' });
    const consumer = await jetstream(dying).consumers.get('EVENTS', DURABLE);
    const taken = await consumer.next({ expires: 5_000 });
    expect(taken?.headers?.get('ce-id')).toBe(id);
    const database = await openDatabase({
      url: databases[1]!.url,
      service: 'payments',
      migrations: [CreateSeen1800000000000],
    });
    const received = { id, subject: '', consumer: DURABLE, time: '', data: order };
    await database.handleOnce([received], async (tx) => {
      await tx.query('INSERT INTO seen VALUES ($1)', [order.orderId]);
    });
    await database.close();
    await dying.close();
    await start();
    await settled();
    expect(await timesSeen([order.orderId])).toEqual([1]);
  });

  it('finishes what it has begun before it stops, and its ack arrives', async () => {
    let begun = (): void => undefined;
    const running = new Promise<void>((resolve) => (begun = resolve));
    const order = anOrder();
    after = async () => {
      begun();
      await sleep(500);
    };
    await send([order]);
    await running;
    await app.close();
    expect(await unsettled()).toBe(0);
    await start();
    expect(await timesSeen([order.orderId])).toEqual([1]);
  });

  it('goes on after NATS was killed and came back', async () => {
    const order = anOrder();
    await nats.kill();
    await orders.inTransaction(async (tx) => tx.send([order]));
    await nats.restart();
    await eventually(
      async () => {
        await relay.pass();
        expect(await timesSeen([order.orderId])).toEqual([1]);
      },
      { withinMs: 30_000, everyMs: 200 },
    );
  });
});

describe('bodies', () => {
  it('below the raw prefix come as sent, and too large ones are refused', async () => {
    const url = `${await app.getUrl()}/hooks/shop`;
    const post = (body: string | Buffer, type?: string) =>
      fetch(url, {
        method: 'POST',
        body,
        headers: type === undefined ? {} : { 'content-type': type },
      });
    expect((await post('{"a": 1 }', 'application/json')).status).toBe(201);
    expect((await post(Buffer.from([1, 2, 255]), 'application/octet-stream')).status).toBe(201);
    expect((await post('{"a": [', 'text/plain')).status).toBe(201);
    expect(bodies).toEqual([
      Buffer.from('{"a": 1 }'),
      Buffer.from([1, 2, 255]),
      Buffer.from('{"a": ['),
    ]);
    expect((await post(Buffer.alloc(1_048_577), 'application/json')).status).toBe(413);
  });
});
