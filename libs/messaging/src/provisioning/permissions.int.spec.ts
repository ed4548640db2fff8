import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { SERVICES } from '@tillbridge/contracts';
import { freshNats, type FreshNats } from '@tillbridge/testing';
import { connectNats } from '../connection/connect-nats.js';
import { hubMessaging } from './hub-messaging.js';
import { MONITOR, OPERATOR, PROVISIONER } from './permissions.js';
import { provision } from './provision.js';
import { refuseOldServer } from './server-demands.js';

const CONNECTIONS = [
  { id: 'trade', vendor: 'sparklayer' },
  { id: 'shop', vendor: 'shopify' },
  { id: 'tills', vendor: 'square' },
] as const;
const messaging = hubMessaging(CONNECTIONS);
const NAMES = [...SERVICES, PROVISIONER, MONITOR, OPERATOR];
const PASSWORDS = Object.fromEntries(NAMES.map((name) => [name, 'a']));

let nats: FreshNats;
const open: NatsConnection[] = [];

beforeAll(async () => {
  nats = await freshNats({ users: messaging.users(PASSWORDS), durable: false });
  await messaging.provision({ url: nats.url, user: PROVISIONER, password: 'a' });
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((connection) => connection.close()));
});

afterAll(() => nats.drop());

async function as(user: string, server = nats): Promise<NatsConnection> {
  const connection = await connectNats({ url: server.url, user, password: 'a' });
  open.push(connection);
  return connection;
}

const publish = (connection: NatsConnection, subject: string) =>
  jetstream(connection).publish(subject, '{}', { timeout: 1_000 });

describe('provisioning', () => {
  it('makes a consumer for every event, every command of a connection and of one service', async () => {
    const manager = await jetstreamManager(await as(PROVISIONER));
    const names = async (stream: string) => {
      const found: string[] = [];
      for await (const { name } of manager.consumers.list(stream)) found.push(name);
      return found.sort();
    };
    const commands = await names('COMMANDS');
    expect(commands).toContain('orders-record-dispatch-v1');
    expect(commands.filter((name) => name.startsWith('connector-'))).toEqual([
      'connector-discard-dead-letters-v1',
      'connector-replay-dead-letters-v1',
      'connector-shop-adjust-stock-v1',
      'connector-shop-cancel-fulfilment-v1',
      'connector-shop-complete-draft-v1',
      'connector-shop-create-fulfilment-v1',
      'connector-shop-set-stock-v1',
      'connector-shop-update-tracking-v1',
      'connector-tills-adjust-stock-v1',
      'connector-tills-complete-fulfilment-v1',
      'connector-tills-post-order-v1',
      'connector-tills-reverse-order-v1',
      'connector-trade-set-stock-v1',
    ]);
    expect(await names('EVENTS')).toEqual(
      expect.arrayContaining(['orders-pos-order-posted-v1', 'payments-orders-order-changed-v1']),
    );
  });

  it('changes nothing when it runs again, and keeps what is in the streams', async () => {
    await publish(await as('payments'), 'evt.payments.tender-decided.v1');
    const connection = await as(PROVISIONER);
    const result = await provision({ nats: connection, connections: CONNECTIONS });
    expect(result).toMatchObject({
      streams: ['EVENTS', 'COMMANDS', 'ADVISORIES'],
      drift: [],
      unknownConsumers: [],
    });
    const { state, config } = await (await jetstreamManager(connection)).streams.info('EVENTS');
    expect(state.messages).toBe(1);
    expect(config).toMatchObject({ allow_atomic: true, discard: 'new', retention: 'limits' });
  });

  it('puts right what somebody changed, and names consumers that nobody has', async () => {
    const connection = await as(PROVISIONER);
    const manager = await jetstreamManager(connection);
    const durable = 'orders-pos-order-posted-v1';
    await manager.consumers.update('EVENTS', durable, { max_ack_pending: 3 });
    await manager.consumers.add('EVENTS', { durable_name: 'strange', ack_policy: 'explicit' });
    const result = await provision({ nats: connection, connections: CONNECTIONS });
    expect(result.unknownConsumers).toEqual(['strange']);
    expect((await manager.consumers.info('EVENTS', durable)).config.max_ack_pending).toBe(5_000);
    await manager.consumers.delete('EVENTS', 'strange');
  });

  it.each(['2.14.1', '2.9.10', '1.99.99'])('refuses the old server %s', (version) => {
    expect(() => refuseOldServer(version)).toThrow(`This NATS server is ${version}`);
  });

  it.each(['2.14.2', '2.15.0-RC.1', '3.0.0'])('takes the server %s', (version) => {
    expect(() => refuseOldServer(version)).not.toThrow();
  });
});

describe('a service', () => {
  it.each(SERVICES)('%s cannot publish what others say', async (service) => {
    const foreign =
      service === 'payments' ? 'evt.pos.order-posted.v1' : 'evt.payments.tender-decided.v1';
    await expect(publish(await as(service), foreign)).rejects.toThrow(/permission/i);
  });

  it('publishes its own, to any connection', async () => {
    const orders = await as('orders');
    expect(await publish(orders, 'evt.orders.order-changed.v1')).toMatchObject({
      stream: 'EVENTS',
    });
    const posted = await publish(orders, 'cmd.pos.tills.post-order.v1');
    expect(posted).toMatchObject({ stream: 'COMMANDS' });
    await expect(publish(orders, 'evt.inventory.exception-raised.v1')).rejects.toThrow(
      /permission/i,
    );
  });

  it('reads through its own consumer and acks there', async () => {
    await publish(await as('orders'), 'evt.orders.order-changed.v1');
    const payments = await as('payments');
    const name = 'payments-orders-order-changed-v1';
    const consumer = await jetstream(payments).consumers.get('EVENTS', name);
    const message = await consumer.next({ expires: 2_000 });
    expect(await message?.ackAck()).toBe(true);
  });

  it('acks also where the server names domain and account in the subject of an ack', async () => {
    const featureFlags = { js_ack_fc_v2: true };
    const users = messaging.users(PASSWORDS);
    const later = await freshNats({ users, featureFlags, durable: false });
    await messaging.provision({ url: later.url, user: PROVISIONER, password: 'a' });
    const [orders, payments] = [await as('orders', later), await as('payments', later)];
    await publish(orders, 'evt.orders.order-changed.v1');
    const name = 'payments-orders-order-changed-v1';
    const message = await (await jetstream(payments).consumers.get('EVENTS', name)).next();
    expect(message?.subject).toBe('evt.orders.order-changed.v1');
    // One word would be allowed as the reply to what came.
    message?.working();
    expect(message && (await message.ackAck({ timeout: 2_000 }))).toBe(true);
    await Promise.all([orders.close(), payments.close()]);
    await later.drop();
  });

  it.each(SERVICES)('%s cannot make a consumer, nor use one of others', async (service) => {
    const manager = await jetstreamManager(await as(service), { checkAPI: false, timeout: 1_000 });
    const mine = { durable_name: `${service}-mine`, filter_subject: 'evt.>' };
    await expect(
      manager.consumers.add('EVENTS', { ...mine, ack_policy: 'explicit' }),
    ).rejects.toThrow(/permission/i);
    const foreign =
      service === 'orders' ? 'payments-orders-order-changed-v1' : 'orders-pos-order-posted-v1';
    await expect(manager.consumers.info('EVENTS', foreign)).rejects.toThrow(/permission/i);
    await expect(manager.consumers.delete('EVENTS', foreign)).rejects.toThrow(/permission/i);
  });

  it('cannot manage streams or read them by the way', async () => {
    const manager = await jetstreamManager(await as('orders'), { checkAPI: false, timeout: 1_000 });
    const attempts = [
      () => manager.streams.delete('EVENTS'),
      () => manager.streams.purge('EVENTS'),
      () => manager.streams.add({ name: 'MINE', subjects: ['mine'] }),
      () => manager.streams.getMessage('EVENTS', { seq: 1 }),
      () => manager.direct.getMessage('EVENTS', { seq: 1 }),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow(/permission/i);
  });

  it('sees how far the streams are, and nothing of others', async () => {
    const manager = await jetstreamManager(await as('orders'), { checkAPI: false, timeout: 1_000 });
    expect(await manager.streams.info('COMMANDS')).toMatchObject({ config: { name: 'COMMANDS' } });
    await expect(manager.streams.info('KV_other')).rejects.toThrow(/permission/i);
    await expect(manager.streams.list().next()).rejects.toThrow(/permission/i);
  });

  it('cannot listen to events, questions or replies of others', async () => {
    const orders = await as('orders');
    for (const subject of [
      'evt.>',
      'qry.>',
      'qry.payments.receivables.v1',
      '_INBOX_payments.>',
      '>',
    ]) {
      expect(await refusedTo(orders, subject)).toMatch(/permission/i);
    }
  });
});

describe('the operator', () => {
  it('has services settle dead letters, asks about them, and no more', async () => {
    const operator = await as(OPERATOR);
    const ack = await publish(operator, 'cmd.payments.replay-dead-letters.v1');
    expect(ack).toMatchObject({ stream: 'COMMANDS' });
    for (const subject of ['cmd.pos.tills.post-order.v1', 'evt.orders.order-changed.v1']) {
      await expect(publish(operator, subject)).rejects.toThrow(/permission/i);
    }
    for (const subject of ['evt.>', 'cmd.>', 'qry.>', '_INBOX_orders.>']) {
      expect(await refusedTo(operator, subject)).toMatch(/permission/i);
    }
    const asked = operator.request('qry.orders.delivery-text.v1', '{}', { timeout: 500 });
    await expect(asked).rejects.toThrow(/permission/i);
  });

  it('is nobody that a service can be', async () => {
    const replay = publish(await as('orders'), 'cmd.payments.replay-dead-letters.v1');
    await expect(replay).rejects.toThrow(/permission/i);
  });
});

describe('the monitor', () => {
  it('hears every event and nothing else', async () => {
    const monitor = await as(MONITOR);
    for (const subject of ['cmd.>', 'qry.>', '_INBOX_orders.>', '$JS.>', '>']) {
      expect(await refusedTo(monitor, subject)).toMatch(/permission/i);
    }
    const heard = monitor.subscribe('evt.>', { max: 1 });
    await monitor.flush();
    await publish(await as('orders'), 'evt.orders.order-changed.v1');
    for await (const message of heard) expect(message.subject).toBe('evt.orders.order-changed.v1');
  });

  it('cannot say anything', async () => {
    const monitor = await as(MONITOR);
    const said = refusal(monitor);
    monitor.publish('evt.orders.order-changed.v1', '{}');
    monitor.publish('$JS.API.STREAM.PURGE.EVENTS');
    await monitor.flush();
    expect(await said).toMatch(/permission/i);
  });
});

/** What the server says to a subscription. */
async function refusedTo(connection: NatsConnection, subject: string): Promise<string> {
  return new Promise((resolve) => {
    const subscription = connection.subscribe(subject, {
      callback: (error, message) => resolve(error?.message ?? `heard ${message.subject}`),
    });
    setTimeout(() => {
      if (!subscription.isClosed()) resolve('not refused');
    }, 1_000);
  });
}

async function refusal(connection: NatsConnection): Promise<string> {
  for await (const status of connection.status()) {
    if (status.type === 'error') return status.error.message;
  }
  return 'not refused';
}
