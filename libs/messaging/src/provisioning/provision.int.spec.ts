import { AckPolicy, jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { eventually, freshNats, freePort, type FreshNats } from '@tillbridge/testing';
import { connectNats } from '../connection/connect-nats.js';
import { provision } from './provision.js';
import { refuseUnsyncedServers } from './server-demands.js';

const DURABLE = 'payments-orders-order-changed-v1';
const SUBJECT = 'evt.orders.order-changed.v1';

let nats: FreshNats;
let connection: NatsConnection;
let manager: JetStreamManager;
let monitoringUrl: string;

beforeEach(async () => {
  const monitoringPort = await freePort();
  monitoringUrl = `http://127.0.0.1:${monitoringPort}`;
  nats = await freshNats({ monitoringPort });
  connection = await connectNats({ url: nats.url });
  manager = await jetstreamManager(connection);
});

afterEach(async () => {
  await connection.close();
  await nats.drop();
});

const make = () => provision({ nats: connection, connections: [] });

describe('drift', () => {
  it('that can be put right is put right, whoever turned what on by hand', async () => {
    await make();
    await manager.streams.update('EVENTS', { max_msgs: 10, discard: 'old', max_age: 0 });
    await manager.consumers.update('EVENTS', DURABLE, { max_batch: 3, max_deliver: 5 });
    expect((await make()).drift).toEqual([]);
    const { config } = await manager.streams.info('EVENTS');
    expect(config).toMatchObject({ max_msgs: -1, discard: 'new' });
    const consumer = await manager.consumers.info('EVENTS', DURABLE);
    expect(consumer.config.max_batch ?? 0).toBe(0);
    expect(consumer.config.max_deliver).toBe(-1);
  });

  it('that cannot is reported, and the rest is made all the same', async () => {
    await manager.streams.add({ name: 'EVENTS', subjects: ['evt.>'], storage: 'memory' });
    const { drift, consumers } = await make();
    expect(drift).toContainEqual({
      where: 'stream EVENTS',
      setting: 'storage',
      wanted: 'file',
      found: 'memory',
    });
    expect(consumers).toContain(DURABLE);
    expect((await manager.consumers.info('EVENTS', DURABLE)).name).toBe(DURABLE);
  });
});

describe('advisories', () => {
  it('of messages that nobody will get any more are kept in a stream', async () => {
    await make();
    const js = jetstream(connection);
    const { seq } = await js.publish(SUBJECT, '{}');
    const ours = await js.consumers.get('EVENTS', DURABLE);
    (await ours.next())?.term('bad-message');
    // Nobody of us has a limit of deliveries; a consumer that somebody made by hand may.
    const foreign = { durable_name: 'foreign', ack_policy: AckPolicy.Explicit, max_deliver: 1 };
    await manager.consumers.add('EVENTS', foreign);
    const theirs = await js.consumers.get('EVENTS', 'foreign');
    (await theirs.next())?.nak();
    await eventually(async () => {
      // The server gives a message up when somebody asks for the next one.
      await theirs.next({ expires: 1_000 });
      const { state } = await manager.streams.info('ADVISORIES');
      expect(state.messages).toBe(2);
    });
    const kept = await Promise.all(
      [1, 2].map((at) => manager.streams.getMessage('ADVISORIES', { seq: at })),
    );
    const advisories = kept.map((message) => message?.json<Record<string, unknown>>());
    expect(advisories).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ consumer: DURABLE, stream_seq: seq, reason: 'bad-message' }),
        expect.objectContaining({ consumer: 'foreign', stream_seq: seq, deliveries: 1 }),
      ]),
    );
  });
});

describe('in profile production', () => {
  const production = (urls?: string[]) =>
    provision({
      nats: connection,
      connections: [],
      profile: 'production',
      replicas: 1,
      monitoringUrls: urls,
    });

  it('a server that syncs always is taken', async () => {
    expect((await production([monitoringUrl])).drift).toEqual([]);
  });

  it('every message is to have three copies, which a single server cannot keep', async () => {
    const one = { nats: connection, connections: [], profile: 'production' as const };
    const made = provision({ ...one, monitoringUrls: [monitoringUrl] });
    await expect(made).rejects.toThrow(/replicas/);
  });

  it('a server that acknowledges what is not on disk is refused, also as one of several', async () => {
    const monitoringPort = await freePort();
    const careless = await freshNats({ monitoringPort, durable: false });
    try {
      const url = `http://127.0.0.1:${monitoringPort}`;
      await expect(refuseUnsyncedServers([monitoringUrl, url])).rejects.toThrow(
        'sync_interval: always',
      );
    } finally {
      await careless.drop();
    }
  });

  it('a server of which nobody tells is refused', async () => {
    await expect(production()).rejects.toThrow('NATS_MONITORING_URL');
    await expect(production([])).rejects.toThrow('NATS_MONITORING_URL');
    await expect(production(['http://127.0.0.1:1'])).rejects.toThrow('does not say');
  });
});
