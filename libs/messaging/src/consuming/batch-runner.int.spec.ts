import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AckPolicy,
  DeliverPolicy,
  jetstream,
  jetstreamManager,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { Failure, OrderChanged } from '@tillbridge/contracts';
import { openDatabase, PostgresMessageStore, type Database } from '@tillbridge/postgres';
import {
  eventually,
  freshDatabase,
  freshNats,
  type FreshDatabase,
  type FreshNats,
} from '@tillbridge/testing';
import { pino } from 'pino';
import { connectNats } from '../connection/connect-nats.js';
import type { BatchOptions } from '../handlers/jetstream-transport.js';
import { provision } from '../provisioning/provision.js';
import { BatchRunner, type BatchHandler } from './batch-runner.js';
import { ConsumerLoop } from './consumer-loop.js';
import { HeldMessages } from './held-messages.js';

const SUBJECT = 'evt.orders.order-changed.v1';
/** Longer than any handler here takes. */
const STOP_MS = 10_000;
const logger = pino({ level: 'silent' });

let place: FreshDatabase;
let database: Database;
let nats: FreshNats;
let connection: NatsConnection;
let manager: JetStreamManager;
let store: PostgresMessageStore;
let held: HeldMessages;
let durable: string;
const loops: ConsumerLoop[] = [];

beforeAll(async () => {
  [place, nats] = await Promise.all([freshDatabase(), freshNats({ durable: false })]);
  database = await openDatabase({ url: place.url, service: 'payments', migrations: [] });
  connection = await connectNats({ url: nats.url });
  await provision({ nats: connection, connections: [] });
  await database.query('CREATE TABLE handled (id text)');
  manager = await jetstreamManager(connection);
});

beforeEach(() => {
  store = new PostgresMessageStore(database);
  held = new HeldMessages();
  held.start();
  durable = `test-${randomUUID()}`;
});

afterEach(async () => {
  await Promise.all(loops.splice(0).map((loop) => loop.stop(STOP_MS)));
  held.stop();
});

afterAll(async () => {
  await connection.close();
  await database.close();
  await Promise.all([nats.drop(), place.drop()]);
});

/** A durable that hears only what is published from now on. */
async function makeDurable(ackWaitS = 30): Promise<void> {
  await manager.consumers.add('EVENTS', {
    durable_name: durable,
    filter_subject: SUBJECT,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.New,
    ack_wait: ackWaitS * 1e9,
  });
}

function consume(handler: BatchHandler, batch: Partial<BatchOptions> = {}): ConsumerLoop {
  const runner = new BatchRunner(OrderChanged, handler, store, logger, 1);
  const parts = { jetstream: jetstream(connection), store, held, logger };
  const options = { size: 10, waitMs: 20, ...batch };
  const loop = new ConsumerLoop('EVENTS', durable, options, runner, parts);
  loops.push(loop);
  loop.start();
  return loop;
}

/** Sends orders, each with its place as its revision, and tells their ids. */
async function send(count = 1): Promise<string[]> {
  const orders = Array.from({ length: count }, (_, at) => ({
    orderId: randomUUID(),
    revision: at + 1,
    connectionId: 'shop',
    name: '#1001',
    state: 'accepted',
    draft: false,
    paymentMethod: 'card',
    currency: 'GBP',
    totalMinor: 100,
  }));
  const published = orders.map((order) => {
    const envelope = headers();
    envelope.set('ce-id', order.orderId);
    envelope.set('ce-time', new Date().toISOString());
    return jetstream(connection).publish(SUBJECT, JSON.stringify(order), { headers: envelope });
  });
  await Promise.all(published);
  return orders.map(({ orderId }) => orderId);
}

async function settled(): Promise<void> {
  await eventually(
    async () => {
      const info = await manager.consumers.info('EVENTS', durable);
      expect(info.num_pending + info.num_ack_pending).toBe(0);
    },
    { withinMs: 15_000 },
  );
}

describe('a message', () => {
  it('is acked after its handler has returned, so a handler that fails gets it again', async () => {
    await makeDurable();
    let runs = 0;
    consume(async () => {
      runs += 1;
      if (runs === 1) throw new Failure('not-ready', { afterMs: 50 }, 'not yet');
    });
    await send();
    await eventually(() => expect(runs).toBe(2));
    await settled();
  });

  it('waits as long as its failure asked before it comes again', async () => {
    await makeDurable();
    const startedMs: number[] = [];
    consume(async () => {
      startedMs.push(performance.now());
      if (startedMs.length === 1) throw new Failure('not-ready', { afterMs: 1_000 }, 'not yet');
    });
    await send();
    await eventually(() => expect(startedMs).toHaveLength(2));
    const [first = 0, second = 0] = startedMs;
    // A timer may be a little early.
    expect(second - first).toBeGreaterThan(950);
  });

  it('that takes long is not given to anybody else meanwhile', async () => {
    await makeDurable(2);
    let redelivered = 0;
    consume(async () => {
      await sleep(3_000);
      redelivered = (await manager.consumers.info('EVENTS', durable)).num_redelivered;
    });
    await send();
    await settled();
    expect(redelivered).toBe(0);
  });

  it('that could not be parked is not given up: it comes again until it is', async () => {
    await makeDurable();
    let refusals = 0;
    class Refusing extends PostgresMessageStore {
      override async deadLetter(...given: Parameters<PostgresMessageStore['deadLetter']>) {
        refusals += 1;
        if (refusals === 1) throw new Failure('database-unavailable', { afterMs: 1 }, 'away');
        return super.deadLetter(...given);
      }
    }
    store = new Refusing(database);
    consume(() => Promise.reject(new Failure('vendor-refused', 'never', 'it cannot be')));
    const [id] = await send();
    await eventually(
      async () => {
        const parked = 'SELECT code FROM dead_letter WHERE message_id = $1';
        expect(await database.query(parked, [id])).toEqual([{ code: 'vendor-refused' }]);
      },
      { withinMs: 8_000 },
    );
    await settled();
  });
});

describe('a batch', () => {
  it('leaves no message behind when more have come than it takes', async () => {
    await makeDurable();
    const ids = await send(40);
    const seen: string[] = [];
    consume(
      async (received) => {
        seen.push(...received.map(({ id }) => id));
        await sleep(200);
      },
      { size: 5 },
    );
    await settled();
    expect([...seen].sort()).toEqual([...ids].sort());
  });

  it('of 500 with one poison message commits the 499, and the one is tried again', async () => {
    await makeDurable();
    const ids = await send(500);
    const sizes: number[] = [];
    let [poison, tries] = [ids[249], 0];
    consume(
      async (received) => {
        sizes.push(received.length);
        await database.handleOnce(received, async (tx, fresh) => {
          await tx.query('INSERT INTO handled SELECT unnest($1::text[])', [
            fresh.map(({ id }) => id),
          ]);
          if (!fresh.some(({ id }) => id === poison)) return;
          tries += 1;
          throw new Failure('not-ready', { afterMs: 500 }, 'the customer is unknown');
        });
      },
      { size: 500, waitMs: 2_000 },
    );
    const handled = async () =>
      (await database.query('SELECT id FROM handled ORDER BY id')).map(({ id }) => id);
    const others = ids.filter((id) => id !== poison).sort();
    // Once in the batch, alone after it, and at least once more.
    await eventually(() => expect(tries).toBeGreaterThan(2), { withinMs: 20_000 });
    expect(await handled()).toEqual(others);
    expect(sizes[0]).toBe(500);
    poison = undefined;
    await settled();
    expect(await handled()).toEqual([...ids].sort());
  });
});

describe('a consumer', () => {
  /** One whose handler holds five messages until told, with at least as many waiting behind. */
  async function blocked() {
    await makeDurable();
    const seen: string[] = [];
    let begun = (): void => undefined;
    let finish = (): void => undefined;
    const running = new Promise<void>((resolve) => (begun = resolve));
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const loop = consume(
      async (received) => {
        begun();
        await finished;
        seen.push(...received.map(({ id }) => id));
      },
      { size: 5 },
    );
    const ids = await send(20);
    await running;
    await eventually(() => expect(loop.inFlight).toBeGreaterThan(10));
    return { loop, ids, seen, finish };
  }

  it('finishes what it had pulled when it stops, and takes nothing more', async () => {
    const { loop, seen, finish } = await blocked();
    const stopped = loop.stop(STOP_MS);
    finish();
    await stopped;
    // The server counts acks a little after they came.
    const info = await eventually(async () => {
      const found = await manager.consumers.info('EVENTS', durable);
      expect(found.num_ack_pending).toBe(0);
      return found;
    });
    expect(seen).toHaveLength(info.delivered.consumer_seq);
    expect(info).toMatchObject({ num_redelivered: 0, num_pending: 20 - seen.length });
  });

  it('gives back at once what it had pulled and cannot finish in the time to stop', async () => {
    const { loop, finish } = await blocked();
    await loop.stop(300);
    finish();
    // The server would wait 30 s before it gave them to the next process by itself.
    const next = await jetstream(connection).consumers.get('EVENTS', durable);
    let taken = 0;
    for await (const message of await next.fetch({ max_messages: 15, expires: 5_000 })) {
      message.ack();
      taken += 1;
    }
    expect(taken).toBe(15);
  });

  it('that nobody has provisioned is waited for, and not made', async () => {
    const seen: string[] = [];
    consume(async (received) => void seen.push(...received.map(({ id }) => id)));
    await sleep(500);
    await expect(manager.consumers.info('EVENTS', durable)).rejects.toThrow('not found');
    await makeDurable();
    const ids = await send(2);
    await eventually(() => expect(seen).toEqual(ids));
  });
});
