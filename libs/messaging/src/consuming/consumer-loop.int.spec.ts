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
  server = await freshNats();
  nats = await connectNats(server);
  const manager = await jetstreamManager(nats);
  await manager.streams.add({ name: 'EVENTS', subjects: ['evt.>'] });
});

afterAll(async () => {
  await nats.close();
  await server.drop();
});

/** What the most batches under way at once were, and every payload in order of its handling. */
async function handled(durable: string, count: number, atOnce: number) {
  const manager = await jetstreamManager(nats);
  const filter_subject = `evt.${durable}`;
  const ack_policy = AckPolicy.Explicit;
  await manager.consumers.add('EVENTS', { durable_name: durable, filter_subject, ack_policy });
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
  const parts = { store: {} as MessageStore, held: new HeldMessages() };
  const loop = new ConsumerLoop('EVENTS', durable, { size: 1, waitMs: 0, atOnce }, runner, {
    ...parts,
    jetstream: jetstream(nats),
    logger: pino({ level: 'silent' }),
  });
  for (let at = 0; at < count; at += 1) nats.publish(filter_subject, String(at));
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
