import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { AskDeliveryTexts, Failure, OrderTexts, type ServiceName } from '@tillbridge/contracts';
import { eventually, freshNats, type FreshNats } from '@tillbridge/testing';
import { pino } from 'pino';
import { connectNats } from '../connection/connect-nats.js';
import { natsUsers } from '../provisioning/permissions.js';
import { Answering, type QueryHandler } from './answering.js';
import { Asker } from './asker.js';

const PASSWORDS = {
  orders: 'a',
  connector: 'a',
  inventory: 'a',
  customers: 'a',
  payments: 'a',
  provisioner: 'a',
};
const ORDER: string = randomUUID();
const ANSWER = { texts: [{ orderId: ORDER }] };

let nats: FreshNats;
let orders: NatsConnection;
let connector: NatsConnection;
let asker: Asker;
let answering: Answering | undefined;

const as = (user: ServiceName) => connectNats({ url: nats.url, user, password: 'a' });

beforeAll(async () => {
  nats = await freshNats({ users: natsUsers([], PASSWORDS) });
  [orders, connector] = [await as('orders'), await as('connector')];
  asker = new Asker(connector);
});

afterEach(async () => {
  await answering?.stop(5_000);
  answering = undefined;
});

afterAll(async () => {
  await orders.close();
  await connector.close();
  await nats.drop();
});

async function answerWith(handler: QueryHandler): Promise<void> {
  const silent = pino({ level: 'silent' });
  answering = new Answering('qry.orders.delivery-texts.v1', AskDeliveryTexts, handler, silent);
  answering.start(orders, 'orders');
  await orders.flush();
}

function ask(orderId = ORDER, timeoutMs = 2_000): Promise<OrderTexts> {
  const question = Object.assign(new AskDeliveryTexts(), { orderIds: [orderId] });
  return asker.ask<OrderTexts>(question, { timeoutMs });
}

describe('a question', () => {
  it('is answered with an instance of its answer', async () => {
    const note = 'ring twice ✓';
    await answerWith((question) =>
      Promise.resolve({
        texts: (question as AskDeliveryTexts).orderIds.map((orderId) => ({ orderId, note })),
      }),
    );
    const answer = await ask();
    expect(answer).toBeInstanceOf(OrderTexts);
    expect(answer).toMatchObject({ texts: [{ orderId: ORDER, note }] });
  });

  it('fails as the other side failed', async () => {
    await answerWith(() => Promise.reject(new Failure('not-found', 'never', 'no such order')));
    await expect(ask()).rejects.toMatchObject({
      code: 'not-found',
      retry: 'never',
      message: 'qry.orders.delivery-texts.v1: no such order',
    });
  });

  it('learns nothing of a bug but that there is one', async () => {
    await answerWith(() => Promise.reject(new Error('password hush')));
    const error = await ask().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'query-failed' });
    expect(String(error)).not.toContain('hush');
  });

  it('is refused when it is not valid', async () => {
    await answerWith(() => Promise.resolve(ANSWER));
    await expect(ask('not an id')).rejects.toMatchObject({ code: 'bad-message', retry: 'never' });
  });

  it('that is no JSON is refused, and the next one is answered', async () => {
    await answerWith(() => Promise.resolve(ANSWER));
    const bytes = new Uint8Array([0x7b, 0xff, 0xfe]);
    const reply = await connector.request('qry.orders.delivery-texts.v1', bytes, {
      timeout: 2_000,
    });
    expect(reply.json()).toMatchObject({ ok: false, failure: { code: 'bad-message' } });
    expect(await ask()).toMatchObject(ANSWER);
  });

  it('takes no answer of another form', async () => {
    await answerWith(() => Promise.resolve({ texts: 5 }));
    await expect(ask()).rejects.toMatchObject({ code: 'query-failed' });
    await answering?.stop(5_000);
    await answerWith(() => Promise.resolve(undefined));
    await expect(ask()).rejects.toMatchObject({ code: 'query-failed' });
  });

  it('times out when nobody is there, and when the answer takes too long', async () => {
    await expect(ask()).rejects.toMatchObject({ code: 'query-timeout' });
    await answerWith(async () => {
      await sleep(400);
      return ANSWER;
    });
    await expect(ask(ORDER, 100)).rejects.toMatchObject({ code: 'query-timeout' });
  });

  it('that is here is answered before the service stops', async () => {
    let begun = false;
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await answerWith(async () => {
      begun = true;
      await released;
      return ANSWER;
    });
    const asked = ask();
    await eventually(() => expect(begun).toBe(true));
    let stopped = false;
    const stopping = answering?.stop(5_000).then(() => (stopped = true));
    await orders.flush();
    await expect(ask(ORDER, 100)).rejects.toMatchObject({ code: 'query-timeout' });
    expect(stopped).toBe(false);
    release();
    expect(await asked).toMatchObject(ANSWER);
    await stopping;
  });
});
