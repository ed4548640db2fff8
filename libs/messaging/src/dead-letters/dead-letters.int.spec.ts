import { randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { Failure, type OrderChanged, type Received } from '@tillbridge/contracts';
import { eventually } from '@tillbridge/testing';
import { anOrder, DURABLE, hooks, PaymentsHub, resetHooks } from '../../test/payments-hub.js';
import { connectNats } from '../connection/connect-nats.js';
import { JetStreamPublisher } from '../publishing/jetstream-publisher.js';
import { DeadLetterDesk } from './dead-letter-desk.js';

const service = 'payments';
const by = 'ops-1';

let hub: PaymentsHub;
let operator: NatsConnection;
let desk: DeadLetterDesk;

beforeAll(async () => {
  hub = await PaymentsHub.start();
  operator = await connectNats(hub.login('operator'));
  desk = new DeadLetterDesk(operator);
});
afterAll(async () => {
  await operator.close();
  await hub.stop();
});
beforeEach(async () => {
  resetHooks();
  await hub.payments.query('DELETE FROM dead_letter');
});

const refuse = (received: Received<OrderChanged>[]): void => {
  if (received.length > 0) throw new Failure('vendor-refused', 'never', 'the tender is unknown');
};

/** Orders that became dead letters. */
async function parked(count: number): Promise<{ orders: string[]; ids: string[] }> {
  hooks.before = refuse;
  const orders = Array.from({ length: count }, anOrder);
  const ids = await hub.send(orders);
  await eventually(async () => expect((await desk.list(service, {}, 1)).total).toBe(count));
  return { orders: orders.map(({ orderId }) => orderId), ids };
}

const letter = (messageId: string) => ({ consumer: DURABLE, messageId });

const openExceptions = async (ids: string[]): Promise<number> => {
  const sql = 'SELECT 1 FROM exception WHERE cleared_at IS NULL AND subject = ANY($1)';
  return (await hub.payments.query(sql, [ids])).length;
};

describe('dead letters', () => {
  it('are listed by pages, whole, and by what is wrong with them', async () => {
    const { ids } = await parked(7);
    const { deadLetters, total } = await desk.list(service, {}, 5);
    expect(total).toBe(7);
    expect(deadLetters.map(({ messageId }) => messageId)).toEqual([...ids].sort().slice(0, 5));
    expect(deadLetters[0]).toMatchObject({
      consumer: DURABLE,
      subject: 'evt.orders.order-changed.v1',
      code: 'vendor-refused',
      error: 'the tender is unknown',
      attempts: 1,
    });
    expect((await desk.list(service, { code: 'bug' }, 5)).total).toBe(0);
    expect((await desk.list(service, { consumer: DURABLE }, 100)).deadLetters).toHaveLength(7);
  });

  it('are shown with content and headers, and bytes that are no text in base64', async () => {
    const { ids, orders } = await parked(1);
    const shown = await desk.show(service, ids[0]!);
    expect(JSON.parse(shown.payload)).toMatchObject({ orderId: orders[0] });
    expect(shown).toMatchObject({ encoding: 'text', headers: { 'ce-id': ids[0] } });
    const bytes = new Uint8Array([0x7b, 0xff, 0xfe]);
    const ack = await jetstream(hub.ordersNats).publish('evt.orders.order-changed.v1', bytes);
    const broken = await eventually(() => desk.show(service, `EVENTS:${ack.seq}`));
    expect(broken).toMatchObject({ code: 'bad-message', encoding: 'base64', payload: 'e//+' });
  });

  it('that are none are not found', async () => {
    await expect(desk.show(service, randomUUID())).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a replay', () => {
  it('runs one message through its handler from its row, once, and closes its exception', async () => {
    const { ids, orders } = await parked(2);
    expect(await openExceptions(ids)).toBe(2);
    resetHooks();
    const letters = [letter(ids[0]!)];
    const acts = await desk.replay({ service, letters, by, reason: 'mapped' });
    expect(acts).toMatchObject([
      { act: 'replay', by, reason: 'mapped', messageId: ids[0], outcome: 'handled' },
    ]);
    expect(await hub.timesSeen(orders)).toEqual([1, 0]);
    expect((await desk.list(service, {}, 10)).deadLetters).toMatchObject([{ messageId: ids[1] }]);
    expect(await openExceptions(ids)).toBe(1);
  });

  it('takes many at once', async () => {
    const { ids, orders } = await parked(120);
    resetHooks();
    const acts = await desk.replay({ service, letters: ids.map(letter), by, reason: 'mapped' });
    expect(acts.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'handled'));
    expect(await hub.timesSeen(orders)).toEqual(ids.map(() => 1));
  });

  it('that fails again leaves the dead letter with its new error', async () => {
    const { ids, orders } = await parked(1);
    hooks.before = () => {
      throw new Failure('not-found', 'never', 'now the customer is unknown');
    };
    const acts = await desk.replay({ service, letters: ids.map(letter), by, reason: 'try' });
    expect(acts).toMatchObject([{ outcome: 'parked', error: 'the tender is unknown' }]);
    expect(await desk.show(service, ids[0]!)).toMatchObject({
      code: 'not-found',
      error: 'now the customer is unknown',
      attempts: 1,
    });
    expect(await openExceptions(ids)).toBe(1);
    expect(await hub.timesSeen(orders)).toEqual([0]);
  });

  it('that is delivered twice is carried out once', async () => {
    const { ids } = await parked(1);
    let runs = 0;
    hooks.before = (received) => {
      runs += 1;
      refuse(received);
    };
    const acts = await desk.replay({ service, letters: ids.map(letter), by, reason: 'try' });
    const { actId } = acts[0]!;
    const order = { actId, by, reason: 'try', letters: ids.map(letter) };
    // The stream takes it for new: it has another id.
    const [outcome] = await new JetStreamPublisher(operator).publish([
      {
        id: randomUUID(),
        subject: 'cmd.payments.replay-dead-letters.v1',
        headers: { 'ce-id': actId, 'ce-time': new Date().toISOString() },
        payload: JSON.stringify(order),
      },
    ]);
    expect(outcome).toEqual({ kind: 'published' });
    await eventually(async () => expect(await commandsUnsettled()).toBe(0));
    expect(await hub.rowsOf('inbox', ids[0]!)).toMatchObject([{ state: 'parked' }]);
    expect(runs).toBe(1);
  });

  it('does not run what was handled after all', async () => {
    const order = anOrder();
    // It commits, and then throws until it is parked.
    hooks.after = () => {
      throw new Error('after the commit');
    };
    await hub.restartService(100);
    const [id = ''] = await hub.send([order]);
    await eventually(() => desk.show(service, id), { withinMs: 15_000 });
    resetHooks();
    await desk.replay({ service, letters: [letter(id)], by, reason: 'again' });
    expect(await hub.timesSeen([order.orderId])).toEqual([1]);
    expect((await desk.list(service, {}, 1)).total).toBe(0);
  });

  it('waits in the stream for a service that is away', async () => {
    const { ids, orders } = await parked(1);
    resetHooks();
    await hub.app.close();
    const order = {
      service,
      letters: ids.map(letter),
      by,
      reason: 'mapped',
      withinMs: 100,
    } as const;
    await expect(desk.replay(order)).rejects.toMatchObject({ code: 'query-timeout' });
    await hub.startService();
    await eventually(async () => expect(await hub.timesSeen(orders)).toEqual([1]));
  });
});

describe('a discard', () => {
  it('forgets the content, keeps who did it and why, and closes the exception', async () => {
    const { ids, orders } = await parked(1);
    const discarded = { service, letters: ids.map(letter), by, reason: 'a test order' } as const;
    expect(await desk.discard(discarded)).toMatchObject([{ outcome: 'discarded' }]);
    expect((await desk.list(service, {}, 1)).total).toBe(0);
    expect(await openExceptions(ids)).toBe(0);
    const [latest] = await desk.acts(service, 1);
    expect(latest).toMatchObject({
      act: 'discard',
      by,
      reason: 'a test order',
      messageId: ids[0],
      code: 'vendor-refused',
      error: 'the tender is unknown',
      at: expect.stringMatching(/^20.*Z$/),
    });
    // A repeat of the message is absorbed like that of a handled one.
    resetHooks();
    await republish(ids[0]!);
    await hub.settled();
    expect(await hub.timesSeen(orders)).toEqual([0]);
  });

  it('is refused without a reason', async () => {
    const { ids } = await parked(1);
    const discarded = { service, letters: ids.map(letter), by, reason: '', withinMs: 500 } as const;
    expect(await desk.discard(discarded)).toEqual([]);
    expect((await desk.list(service, { code: 'vendor-refused' }, 1)).total).toBe(1);
    const { deadLetters } = await desk.list(service, { code: 'bad-message' }, 1);
    expect(deadLetters).toMatchObject([{ error: 'reason fails isLength' }]);
  });
});

async function commandsUnsettled(): Promise<number> {
  const manager = await jetstreamManager(hub.admin);
  const info = await manager.consumers.info('COMMANDS', 'payments-replay-dead-letters-v1');
  return info.num_pending + info.num_ack_pending;
}

/** The same message with the same id, which the stream takes for new. */
async function republish(id: string): Promise<void> {
  const [row] = await hub.orders.query('SELECT * FROM outbox WHERE message_id = $1', [id]);
  const found = headers();
  for (const [name, value] of Object.entries(row.headers)) found.set(name, String(value));
  await jetstream(hub.ordersNats).publish(row.subject, row.payload, { headers: found });
}
