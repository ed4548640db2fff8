import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { jetstream } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { Failure, OrderChanged, type Received } from '@tillbridge/contracts';
import { openDatabase } from '@tillbridge/postgres';
import { eventually } from '@tillbridge/testing';
import {
  anOrder,
  DURABLE,
  hooks,
  MIGRATIONS,
  PaymentsHub,
  resetHooks,
} from '../test/payments-hub.js';
import { connectNats } from './index.js';
import { provision } from './provisioning/provision.js';

let hub: PaymentsHub;

beforeAll(async () => {
  hub = await PaymentsHub.start();
});
afterAll(() => hub.stop());
beforeEach(resetHooks);

describe('a running service', () => {
  it('says that it is ready, and has nothing to do', async () => {
    const url = await hub.app.getUrl();
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
    hooks.before = (batch) => void received.push(...batch);
    const order = anOrder();
    const [id] = await hub.send([order]);
    await hub.settled();
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
    expect(await hub.timesSeen([order.orderId])).toEqual([1]);
  });

  it('absorbs repeats, also those that the stream takes for new', async () => {
    const order = anOrder();
    const [id = ''] = await hub.send([order]);
    const repeat = headers();
    repeat.set('ce-id', id);
    repeat.set('ce-time', new Date().toISOString());
    for (let times = 0; times < 3; times += 1) {
      const body = JSON.stringify(order);
      await jetstream(hub.ordersNats).publish('evt.orders.order-changed.v1', body, {
        headers: repeat,
      });
    }
    await hub.settled();
    expect(await hub.timesSeen([order.orderId])).toEqual([1]);
    const status: any = await (await fetch(`${await hub.app.getUrl()}/status`)).json();
    expect(status.duplicatesAbsorbed).toBe(3);
  });

  it('commits 499 of a batch of 500 in which one is poison, and parks that one', async () => {
    const batch = Array.from({ length: 500 }, anOrder);
    const poison = batch[317]!;
    hooks.before = (received) => {
      if (received.some(({ data }) => data.orderId === poison.orderId)) {
        throw new Failure('vendor-refused', 'never', 'this one cannot be');
      }
    };
    const ids = await hub.send(batch);
    await hub.settled();
    const seen = await hub.timesSeen(batch.map(({ orderId }) => orderId));
    expect(seen).toEqual(batch.map((order) => (order === poison ? 0 : 1)));
    expect(await hub.rowsOf('dead_letter', ids[317]!)).toMatchObject([
      { consumer: DURABLE, code: 'vendor-refused', error: 'this one cannot be', attempts: 1 },
    ]);
    expect(
      await hub.payments.query('SELECT code FROM exception WHERE subject = $1', [ids[317]]),
    ).toEqual([{ code: 'message-dead-lettered' }]);
  });

  it('tries a failure again, and parks what looks like a bug after its tries', async () => {
    const passing = anOrder();
    const failing = anOrder();
    let tries = 0;
    hooks.before = (received) => {
      const [first] = received;
      if (received.length > 1) throw new Error('only alone');
      if (first?.data.orderId === failing.orderId) throw new Error('always');
      tries += 1;
      if (tries < 3) throw new Failure('not-ready', { afterMs: 20 }, 'not yet');
    };
    await hub.restartService(100);
    const [, id = ''] = await hub.send([passing, failing]);
    await hub.settled();
    expect(tries).toBe(3);
    expect(await hub.timesSeen([passing.orderId, failing.orderId])).toEqual([1, 0]);
    const [row] = await hub.rowsOf('dead_letter', id);
    expect(row).toMatchObject({ code: 'bug', error: 'always', attempts: 6 });
    expect(JSON.parse(row.payload.toString())).toEqual({ ...failing });
  });

  it('goes on counting the tries of a message after a restart', async () => {
    hooks.before = () => {
      throw new Error('always');
    };
    const [id = ''] = await hub.send([anOrder()]);
    await eventually(async () => {
      expect(await hub.rowsOf('inbox', id)).toMatchObject([{ state: 'waiting', attempts: 3 }]);
    });
    await hub.restartService(100);
    await eventually(async () => {
      expect(await hub.rowsOf('dead_letter', id)).toMatchObject([{ code: 'bug', attempts: 6 }]);
    });
  });

  it('keeps the bytes of what it cannot read', async () => {
    const bytes = new Uint8Array([0x7b, 0xff, 0xfe]);
    const ack = await jetstream(hub.ordersNats).publish('evt.orders.order-changed.v1', bytes);
    await hub.settled();
    const [row] = await hub.rowsOf('dead_letter', `EVENTS:${ack.seq}`);
    expect(row).toMatchObject({ code: 'bad-message', attempts: 1 });
    expect(new Uint8Array(row.payload)).toEqual(bytes);
  });

  it('refuses a message whose fields are wrong, and names them', async () => {
    const wrong = Object.assign(anOrder(), { totalMinor: 'much', state: 'lost' });
    const [id = ''] = await hub.send([wrong]);
    await hub.settled();
    const [row] = await hub.rowsOf('dead_letter', id);
    expect(row.error).toBe('state fails isIn; totalMinor fails isInt');
  });

  it('lets a long wait rest in Postgres and runs it from there', async () => {
    const order = anOrder();
    let runs = 0;
    hooks.before = () => {
      runs += 1;
      if (runs === 1) throw new Failure('vendor-unavailable', { afterMs: 3_600_000_0 }, 'later');
    };
    const [id = ''] = await hub.send([order]);
    await hub.settled();
    expect(await hub.rowsOf('inbox', id)).toMatchObject([{ state: 'waiting', attempts: 1 }]);
    await hub.payments.query('UPDATE inbox SET next_attempt_at = now() WHERE message_id = $1', [
      id,
    ]);
    await eventually(async () => expect(await hub.timesSeen([order.orderId])).toEqual([1]));
    expect(await hub.rowsOf('inbox', id)).toMatchObject([{ state: 'handled', payload: null }]);
    expect(runs).toBe(2);
  });

  it('handles once what a process had committed before it was killed', async () => {
    await hub.app.close();
    const order = anOrder();
    const [id = ''] = await hub.send([order]);
    // The process that dies: it takes the message, commits, and never acks.
    const dying = await connectNats(hub.login('payments'));
    const consumer = await jetstream(dying).consumers.get('EVENTS', DURABLE);
    const taken = await consumer.next({ expires: 5_000 });
    expect(taken?.headers?.get('ce-id')).toBe(id);
    const database = await openDatabase({
      url: hub.paymentsUrl,
      service: 'payments',
      migrations: MIGRATIONS,
    });
    const received = { id, subject: '', consumer: DURABLE, time: '', data: order };
    await database.handleOnce([received], async (tx) => {
      await tx.query('INSERT INTO seen VALUES ($1)', [order.orderId]);
    });
    await database.close();
    await dying.close();
    await hub.startService();
    await hub.settled();
    expect(await hub.timesSeen([order.orderId])).toEqual([1]);
  });

  it('finishes what it has begun before it stops, and its ack arrives', async () => {
    let begun = (): void => undefined;
    const running = new Promise<void>((resolve) => (begun = resolve));
    const order = anOrder();
    hooks.after = async () => {
      begun();
      await sleep(500);
    };
    await hub.send([order]);
    await running;
    await hub.app.close();
    expect(await hub.unsettled()).toBe(0);
    await hub.startService();
    expect(await hub.timesSeen([order.orderId])).toEqual([1]);
  });
});

describe('a service whose NATS server is older than 2.14.2', () => {
  it('does not start, and neither is anything provisioned there', async () => {
    const old = await anOldServer();
    const words = 'This NATS server is 2.14.1';
    await hub.app.close();
    await expect(hub.startService(1, old.url)).rejects.toThrow(words);
    const connection = await connectNats(old);
    await expect(provision({ nats: connection, connections: [] })).rejects.toThrow(words);
    await connection.close();
    old.close();
    await hub.startService();
  });
});

/** All that a server of that version says before it is asked for a stream. */
async function anOldServer(): Promise<{ url: string; close(): void }> {
  const server = createServer((socket) => {
    const about = { server_id: 'old', version: '2.14.1', max_payload: 1_048_576, headers: true };
    socket.write(`INFO ${JSON.stringify(about)}\r\n`);
    socket.on('data', (said) => said.includes('PING') && socket.write('PONG\r\n'));
    socket.on('error', () => socket.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `nats://127.0.0.1:${port}`, close: () => server.close() };
}

describe('a service in profile production', () => {
  it('does not start where nobody tells it how the server syncs', async () => {
    process.env['TILLBRIDGE_PROFILE'] = 'production';
    try {
      await expect(hub.restartService()).rejects.toThrow('NATS_MONITORING_URL');
    } finally {
      delete process.env['TILLBRIDGE_PROFILE'];
    }
    await hub.startService();
  });
});

describe('bodies', () => {
  it('below the raw prefix come as sent, and too large ones are refused', async () => {
    const url = `${await hub.app.getUrl()}/hooks/shop`;
    const post = (body: string | Buffer, type?: string) =>
      fetch(url, {
        method: 'POST',
        body,
        headers: type === undefined ? {} : { 'content-type': type },
      });
    expect((await post('{"a": 1 }', 'application/json')).status).toBe(201);
    expect((await post(Buffer.from([1, 2, 255]), 'application/octet-stream')).status).toBe(201);
    expect((await post('{"a": [', 'text/plain')).status).toBe(201);
    expect(hooks.bodies).toEqual([
      Buffer.from('{"a": 1 }'),
      Buffer.from([1, 2, 255]),
      Buffer.from('{"a": ['),
    ]);
    expect((await post(Buffer.alloc(1_048_577), 'application/json')).status).toBe(413);
  });
});
