import { randomUUID } from 'node:crypto';
import { jetstreamManager, type ConsumerInfo } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Body, Controller, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  AskDeadLetters,
  OrderChanged,
  SERVICES,
  type DeadLetterPage,
  type Received,
} from '@tillbridge/contracts';
import { Database, openDatabase, OutboxRelay, PostgresModule } from '@tillbridge/postgres';
import { RuntimeModule } from '@tillbridge/runtime';
import {
  eventually,
  freshDatabase,
  freshNats,
  freshNatsCluster,
  type FreshDatabase,
  type FreshNats,
  type FreshNatsCluster,
} from '@tillbridge/testing';
import { pino } from 'pino';
import {
  Asker,
  connectNats,
  Consumes,
  hubMessaging,
  JetStreamPublisher,
  listen,
  MessagingModule,
} from '../src/index.js';

/** The consumer through which payments takes orders. */
export const DURABLE = 'payments-orders-order-changed-v1';

const EXAMPLE = new URL('../../../tillbridge.example.yaml', import.meta.url).pathname;
const USERS = [...SERVICES, 'provisioner', 'operator'];
const PASSWORDS = Object.fromEntries(USERS.map((name) => [name, name]));
const SHOP = { id: 'shop', vendor: 'shopify' } as const;
const MESSAGING = hubMessaging([SHOP]);
const MESSAGING_IN_CLUSTER = hubMessaging([SHOP], { replicas: 3 });
/** From when a server is back until everything that a process does with it is. */
export const BACK_WITHIN_MS = 30_000;
/** Until the servers of a cluster have agreed who leads them. */
const AGREED_WITHIN_MS = 30_000;
const SECRETS = [
  'SPARKLAYER_SITE_ID',
  'SPARKLAYER_CLIENT_ID',
  'SPARKLAYER_CLIENT_SECRET',
  'SHOPIFY_ACCESS_TOKEN',
  'SHOPIFY_CLIENT_SECRET',
  'SQUARE_ACCESS_TOKEN',
  'SQUARE_SIGNATURE_KEY',
];

class CreateSeen1800000000000 {
  up(runner: { query(sql: string): Promise<unknown> }) {
    return runner.query('CREATE TABLE seen (order_id text, consumer text)');
  }
  down() {
    return Promise.resolve();
  }
}

export const MIGRATIONS = [CreateSeen1800000000000];

/** What the service does with a batch before and after its commit; set by each test. */
export const hooks: {
  before: (received: Received<OrderChanged>[]) => Promise<void> | void;
  after: () => Promise<void> | void;
  /** Before it answers a request. */
  request: () => Promise<void> | void;
  readonly bodies: unknown[];
} = {
  before: () => undefined,
  after: () => undefined,
  request: () => undefined,
  bodies: [],
};

export function resetHooks(): void {
  hooks.before = () => undefined;
  hooks.after = () => undefined;
  hooks.request = () => undefined;
}

@Controller()
class PaymentsController {
  constructor(private readonly database: Database) {}

  @Consumes(OrderChanged, { batch: { size: 500, waitMs: 100 } })
  async take(received: Received<OrderChanged>[]): Promise<void> {
    await hooks.before(received);
    await this.database.handleOnce(received, async (tx, fresh) => {
      await tx.query('INSERT INTO seen SELECT unnest($1::text[]), $2', [
        fresh.map(({ data }) => data.orderId),
        fresh[0]?.consumer,
      ]);
    });
    await hooks.after();
  }

  @Post('hooks/:id')
  async hook(@Body() body: unknown): Promise<object> {
    hooks.bodies.push(body);
    await hooks.request();
    return {};
  }
}

@Module({
  imports: [
    RuntimeModule.forService('payments'),
    PostgresModule.forService('payments', { migrations: MIGRATIONS }),
    MessagingModule.forService('payments'),
  ],
  controllers: [PaymentsController],
})
class PaymentsModule {}

/** A real payments service that takes what a real outbox of orders sends, on a NATS of its own. */
export class PaymentsHub<N extends FreshNats | FreshNatsCluster = FreshNats> {
  app!: NestFastifyApplication;
  payments!: Database;

  private constructor(
    readonly nats: N,
    private readonly databases: readonly [FreshDatabase, FreshDatabase],
    readonly orders: Database,
    readonly ordersNats: NatsConnection,
    readonly admin: NatsConnection,
    readonly relay: OutboxRelay,
  ) {}

  /** `durable` is for specs that kill the server; others need not wait for the disk. */
  static async start({ durable = false } = {}): Promise<PaymentsHub> {
    const nats = await freshNats({ users: MESSAGING.users(PASSWORDS), durable });
    await MESSAGING.provision(loginOf(nats, 'provisioner'));
    return PaymentsHub.startOn(nats);
  }

  /** On three servers, with three copies of every message. */
  static async startInCluster(): Promise<PaymentsHub<FreshNatsCluster>> {
    const nats = await freshNatsCluster(MESSAGING.users(PASSWORDS));
    const provisioned = () => MESSAGING_IN_CLUSTER.provision(loginOf(nats, 'provisioner'));
    await eventually(provisioned, { withinMs: AGREED_WITHIN_MS, everyMs: 250 });
    return PaymentsHub.startOn(nats);
  }

  private static async startOn<N extends FreshNats | FreshNatsCluster>(
    nats: N,
  ): Promise<PaymentsHub<N>> {
    const databases = [await freshDatabase(), await freshDatabase()] as const;
    const url = databases[0].url;
    const orders = await openDatabase({ url, service: 'orders', migrations: [] });
    const ordersNats = await connectNats(loginOf(nats, 'orders'));
    const admin = await connectNats(loginOf(nats, 'provisioner'));
    const publisher = new JetStreamPublisher(ordersNats);
    const relay = new OutboxRelay(orders, publisher, pino({ level: 'silent' }));
    const hub = new PaymentsHub(nats, databases, orders, ordersNats, admin, relay);
    await hub.startService();
    return hub;
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.orders.close();
    await this.ordersNats.close();
    await this.admin.close();
    await this.nats.drop();
    await Promise.all(this.databases.map((database) => database.drop()));
  }

  get paymentsUrl(): string {
    return this.databases[1].url;
  }

  login(user: string) {
    return loginOf(this.nats, user);
  }

  /** `timeScale` divides every wait between tries. */
  async startService(timeScale = 1, natsUrl = this.nats.url): Promise<void> {
    Object.assign(process.env, {
      ...Object.fromEntries(SECRETS.map((name) => [name, 'x'])),
      DATABASE_URL: this.paymentsUrl,
      NATS_URL: natsUrl,
      NATS_USER: 'payments',
      NATS_PASSWORD: 'payments',
      TILLBRIDGE_CONFIG: EXAMPLE,
      TILLBRIDGE_LOG_LEVEL: 'fatal',
      TILLBRIDGE_TIME_SCALE: String(timeScale),
    });
    const options = { service: 'payments', rawBodyPrefix: '/hooks/' } as const;
    this.app = await listen({ ...options, module: PaymentsModule });
    this.payments = this.app.get(Database);
  }

  async restartService(timeScale?: number): Promise<void> {
    await this.app.close();
    await this.startService(timeScale);
  }

  async send(messages: OrderChanged[], ids?: string[]): Promise<string[]> {
    const sent = await this.orders.inTransaction(async (tx) => tx.send(messages, { ids }));
    await this.relay.pass();
    return sent;
  }

  async timesSeen(orderIds: string[]): Promise<number[]> {
    const rows = await this.payments.query('SELECT order_id FROM seen WHERE order_id = ANY($1)', [
      orderIds,
    ]);
    const times = new Map<string, number>();
    for (const { order_id: id } of rows) times.set(id, (times.get(id) ?? 0) + 1);
    return orderIds.map((id) => times.get(id) ?? 0);
  }

  /** Into the outbox alone: its relay publishes them when it can. */
  async commit(count: number): Promise<string[]> {
    const orders = Array.from({ length: count }, anOrder);
    await this.orders.inTransaction(async (tx) => tx.send(orders));
    return orders.map(({ orderId }) => orderId);
  }

  /** Publisher, consumer, questions: everything that a process does with NATS, once each. */
  async allIsBack(expected: string[]): Promise<void> {
    const withinMs = BACK_WITHIN_MS;
    const once = expected.map(() => 1);
    await eventually(async () => expect(await this.timesSeen(expected)).toEqual(once), {
      withinMs,
    });
    await this.settled();
    await eventually(
      async () => {
        const ready = await fetch(`${await this.app.getUrl()}/health/ready`);
        expect(await ready.json()).toEqual({ ready: true });
      },
      { withinMs },
    );
    const question = Object.assign(new AskDeadLetters(), { limit: 1 });
    const asker = new Asker(this.admin);
    const page = await eventually(
      () => asker.ask<DeadLetterPage>(question, { service: 'payments' }),
      { withinMs },
    );
    expect(page.total).toBe(0);
  }

  async settled(): Promise<void> {
    await eventually(async () => expect(await this.unsettled()).toBe(0), { withinMs: 20_000 });
  }

  async unsettled(): Promise<number> {
    const info = await this.consumerInfo();
    return info.num_pending + info.num_ack_pending;
  }

  async consumerInfo(): Promise<ConsumerInfo> {
    return (await jetstreamManager(this.admin)).consumers.info('EVENTS', DURABLE);
  }

  async deleteConsumer(): Promise<void> {
    await (await jetstreamManager(this.admin)).consumers.delete('EVENTS', DURABLE);
  }

  async provision(): Promise<void> {
    await MESSAGING.provision(this.login('provisioner'));
  }

  rowsOf(table: string, messageId: string) {
    return this.payments.query(`SELECT * FROM ${table} WHERE message_id = $1`, [messageId]);
  }
}

export function anOrder(): OrderChanged {
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

function loginOf(nats: { readonly url: string }, user: string) {
  return { url: nats.url, user, password: user };
}
