import { randomUUID } from 'node:crypto';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { OutgoingMessage } from '@tillbridge/runtime';
import { freshNats, type FreshNats } from '@tillbridge/testing';
import { connectNats } from '../connection/connect-nats.js';
import { provision } from '../provisioning/provision.js';
import { JetStreamPublisher } from './jetstream-publisher.js';

let nats: FreshNats;
let connection: NatsConnection;
let publisher: JetStreamPublisher;

beforeEach(async () => {
  nats = await freshNats({ durable: false });
  connection = await connectNats({ url: nats.url });
  await provision({ nats: connection, connections: [] });
  publisher = new JetStreamPublisher(connection);
});

afterEach(async () => {
  await connection.close();
  await nats.drop();
});

function aMessage(subject = 'evt.orders.order-changed.v1', payload = '{}'): OutgoingMessage {
  const id = randomUUID();
  return { id, subject, payload, headers: { 'ce-id': id, 'ce-subject': 'Müller & Söhne' } };
}

const messages = (count: number) => Array.from({ length: count }, () => aMessage());

async function inStream(name = 'EVENTS'): Promise<number> {
  return (await (await jetstreamManager(connection)).streams.info(name)).state.messages;
}

const kindsOf = (outcomes: { kind: string }[]) => [...new Set(outcomes.map(({ kind }) => kind))];

describe('publishing', () => {
  it('takes more than one batch, for both streams, and says so in order', async () => {
    const commands = Array.from({ length: 3 }, () => aMessage('cmd.pos.tills.post-order.v1'));
    const outcomes = await publisher.publish([...messages(1_500), ...commands]);
    expect(kindsOf(outcomes)).toEqual(['published']);
    expect(outcomes).toHaveLength(1_503);
    expect(await inStream()).toBe(1_500);
    expect(await inStream('COMMANDS')).toBe(3);
  });

  it('keeps the order in which messages were given', async () => {
    const given = messages(200);
    await publisher.publish(given);
    const manager = await jetstreamManager(connection);
    const first = await manager.streams.getMessage('EVENTS', { seq: 1 });
    const last = await manager.streams.getMessage('EVENTS', { seq: 200 });
    expect(first?.header.get('Nats-Msg-Id')).toBe(given[0]?.id);
    expect(last?.header.get('Nats-Msg-Id')).toBe(given[199]?.id);
    expect(first?.header.get('ce-subject')).toBe('M%C3%BCller%20&%20S%C3%B6hne');
  });

  it('repeats a batch of which one is known, and puts nothing in twice', async () => {
    const [known, ...rest] = messages(50);
    expect(kindsOf(await publisher.publish([known!]))).toEqual(['published']);
    expect(kindsOf(await publisher.publish([...rest, known!]))).toEqual(['published']);
    expect(kindsOf(await publisher.publish([known!, ...rest]))).toEqual(['published']);
    expect(await inStream()).toBe(50);
  });

  it('refuses what is too large and publishes the others', async () => {
    const large = aMessage(undefined, 'x'.repeat(5_000_000));
    const outcomes = await publisher.publish([aMessage(), large, aMessage()]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['published', 'refused', 'published']);
    expect(await inStream()).toBe(2);
  });

  it('refuses a subject that no stream can have, and publishes the others', async () => {
    const stray = aMessage('fact.orders.order-changed.v1');
    const outcomes = await publisher.publish([aMessage(), stray, aMessage()]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['published', 'refused', 'published']);
    expect(await inStream()).toBe(2);
  });

  it('says that the road is closed when no stream takes the message', async () => {
    await (await jetstreamManager(connection)).streams.delete('EVENTS');
    expect(kindsOf(await publisher.publish(messages(2)))).toEqual(['unavailable']);
  });

  it('says that the road is closed when the stream is full, which keeps what it has', async () => {
    const [first, ...rest] = messages(6);
    expect(kindsOf(await publisher.publish([first!]))).toEqual(['published']);
    const manager = await jetstreamManager(connection);
    await manager.streams.update('EVENTS', { max_msgs: 3 });
    expect(kindsOf(await publisher.publish(rest))).toEqual(['published', 'unavailable']);
    const oldest = await manager.streams.getMessage('EVENTS', { seq: 1 });
    expect(oldest?.header.get('Nats-Msg-Id')).toBe(first?.id);
    expect(await inStream()).toBe(3);
  });
});

describe('publishing without permission', () => {
  it('refuses the message and publishes the others', async () => {
    const guarded = await freshNats({
      durable: false,
      users: [
        { user: 'admin', password: 'a' },
        { user: 'orders', password: 'a', permissions: { publish: { allow: ['evt.orders.*.v1'] } } },
      ],
    });
    const admin = await connectNats({ url: guarded.url, user: 'admin', password: 'a' });
    await provision({ nats: admin, connections: [] });
    const orders = await connectNats({ url: guarded.url, user: 'orders', password: 'a' });
    const foreign = aMessage('evt.payments.tender-decided.v1');
    const outcomes = await new JetStreamPublisher(orders).publish([
      aMessage(),
      foreign,
      aMessage(),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['published', 'refused', 'published']);
    await Promise.all([admin.close(), orders.close()]);
    await guarded.drop();
  });
});
