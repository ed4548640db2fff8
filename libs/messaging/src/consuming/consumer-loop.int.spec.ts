import { once } from 'node:events';
import { connect as connectTcp, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { MessageStore } from '@tillbridge/runtime';
import { eventually, freshNats, type FreshNats } from '@tillbridge/testing';
import { pino } from 'pino';
import { connectNats } from '../connection/connect-nats.js';
import type { BatchRunner } from './batch-runner.js';
import { ConsumerLoop } from './consumer-loop.js';
import type { Delivery } from './delivery.js';
import { HeldMessages } from './held-messages.js';

let server: FreshNats;
let nats: NatsConnection;

beforeAll(async () => {
  server = await freshNats({ durable: false });
  nats = await connectNats(server);
  const manager = await jetstreamManager(nats);
  await manager.streams.add({ name: 'EVENTS', subjects: ['evt.>'] });
});

afterAll(async () => {
  await nats.close();
  await server.drop();
});

/** A durable of its own and a loop on it. */
async function loopOn(durable: string, runner: BatchRunner, atOnce: number, through = nats) {
  const manager = await jetstreamManager(nats);
  const filter_subject = `evt.${durable}`;
  const ack_policy = AckPolicy.Explicit;
  await manager.consumers.add('EVENTS', { durable_name: durable, filter_subject, ack_policy });
  const parts = { store: {} as MessageStore, held: new HeldMessages() };
  return new ConsumerLoop('EVENTS', durable, { size: 1, waitMs: 0, atOnce }, runner, {
    ...parts,
    jetstream: jetstream(through),
    logger: pino({ level: 'silent' }),
  });
}

/** What the most batches under way at once were, and every payload in order of its handling. */
async function handled(durable: string, count: number, atOnce: number) {
  const payloads: string[] = [];
  let [underWay, most] = [0, 0];
  const runner = {
    run: async (deliveries: readonly Delivery[]) => {
      underWay += deliveries.length;
      most = Math.max(most, underWay);
      await sleep(20);
      underWay -= deliveries.length;
      payloads.push(...deliveries.map(({ message }) => Buffer.from(message.payload).toString()));
      for (const delivery of deliveries) await delivery.done();
    },
  } as unknown as BatchRunner;
  const loop = await loopOn(durable, runner, atOnce);
  for (let at = 0; at < count; at += 1) nats.publish(`evt.${durable}`, String(at));
  loop.start();
  await eventually(() => expect(payloads).toHaveLength(count), { withinMs: 20_000 });
  await eventually(async () => expect(await loop.pending()).toBe(0));
  await loop.stop(8_000);
  return { most, payloads };
}

it('runs as many batches side by side as the handler asks for, every message once', async () => {
  const { most, payloads } = await handled('beside', 100, 8);
  expect(most).toBe(8);
  expect(new Set(payloads).size).toBe(100);
});

it('runs one batch at a time, in order, for a handler that does not ask', async () => {
  const { most, payloads } = await handled('alone', 20, 1);
  expect(most).toBe(1);
  expect(payloads).toEqual(Array.from({ length: 20 }, (_, at) => String(at)));
});

it('takes in what is on its way when it stops, so that nothing is delivered a second time', async () => {
  const road = await roadTo(server.port);
  const client = await connectNats(road);
  const settle = async (deliveries: readonly Delivery[]) => {
    for (const delivery of deliveries) await delivery.done();
  };
  const loop = await loopOn('leaving', { run: settle } as unknown as BatchRunner, 8, client);
  const consumer = async () => (await jetstreamManager(nats)).consumers.info('EVENTS', 'leaving');
  loop.start();
  await eventually(async () => expect((await consumer()).num_waiting).toBe(1));
  road.close();
  for (let at = 0; at < 5; at += 1) nats.publish('evt.leaving', String(at));
  await eventually(async () => expect((await consumer()).num_ack_pending).toBe(5));
  const stopped = loop.stop(8_000);
  road.open();
  await stopped;
  await client.flush();
  await eventually(async () => expect((await consumer()).num_ack_pending).toBe(0));
  await client.close();
  road.end();
});

/** Between a client and a server; while it is closed, what the server says waits on it. */
async function roadTo(port: number) {
  const answers: Socket[] = [];
  const gate = createServer((client) => {
    const answering = connectTcp(port, '127.0.0.1');
    answers.push(answering);
    answering.pipe(client).pipe(answering);
    for (const side of [answering, client]) side.on('error', () => side.destroy());
  });
  await once(gate.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `nats://127.0.0.1:${(gate.address() as AddressInfo).port}`,
    close: () => answers.forEach((each) => each.pause()),
    open: () => answers.forEach((each) => each.resume()),
    end: () => gate.close(),
  };
}
