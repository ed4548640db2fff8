import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { eventually } from '@tillbridge/testing';
import { anOrder, hooks, PaymentsHub, resetHooks } from '../../test/payments-hub.js';

/** Whoever runs a service kills it when it has not stopped after this. */
const STOPS_WITHIN_MS = 15_000;
/** In place of a status. */
const REFUSED = 0;

let hub: PaymentsHub;

beforeAll(async () => {
  hub = await PaymentsHub.start();
});
afterAll(() => hub.stop());
beforeEach(resetHooks);
afterEach(() => {
  delete process.env['HTTP_LINGER_MS'];
});

/** How often the server has delivered a message through our consumer, repeats included. */
const deliveries = async (): Promise<number> => (await hub.consumerInfo()).delivered.consumer_seq;

it('a restart under load delivers nothing a second time', async () => {
  const before = await deliveries();
  const sent: string[] = [];
  let restarted = false;
  hooks.before = () => sleep(30);
  const load = (async () => {
    while (!restarted) {
      const orders = Array.from({ length: 40 }, anOrder);
      await hub.send(orders);
      sent.push(...orders.map(({ orderId }) => orderId));
    }
  })();
  for (let times = 0; times < 2; times += 1) {
    await sleep(300);
    await hub.restartService();
  }
  restarted = true;
  await load;
  await hub.settled();
  expect(await hub.timesSeen(sent)).toEqual(sent.map(() => 1));
  expect((await deliveries()) - before).toBe(sent.length);
});

it('what is here is finished, and nothing more is taken', async () => {
  let begun = 0;
  let stopping = false;
  let takenAfter = 0;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  hooks.before = async (received) => {
    begun += 1;
    if (stopping) takenAfter += received.length;
    if (begun === 1) await released;
  };
  const before = await deliveries();
  await hub.send([anOrder()]);
  await eventually(() => expect(begun).toBe(1));
  const here = Array.from({ length: 30 }, anOrder);
  await hub.send(here);
  await eventually(async () => expect((await deliveries()) - before).toBe(31));
  stopping = true;
  const closed = hub.app.close();
  await eventually(async () => expect((await hub.consumerInfo()).num_waiting).toBe(0));
  const late = anOrder();
  await hub.send([late]);
  release();
  await closed;
  expect(takenAfter).toBe(30);
  await eventually(async () => expect((await hub.consumerInfo()).num_ack_pending).toBe(0));
  await hub.startService();
  await hub.settled();
  const ids = [...here, late].map(({ orderId }) => orderId);
  expect(await hub.timesSeen(ids)).toEqual(ids.map(() => 1));
  expect((await deliveries()) - before).toBe(32);
});

it('SIGTERM stops a service like that, and only then ends its process', async () => {
  let begun = false;
  let release = (): void => undefined;
  hooks.before = () => {
    begun = true;
    return new Promise((resolve) => (release = resolve));
  };
  const order = anOrder();
  await hub.send([order]);
  await eventually(() => expect(begun).toBe(true));
  // Nest takes the signal and sends it again when everything is put away.
  const ended = jest.spyOn(process, 'kill').mockReturnValue(true);
  try {
    process.emit('SIGTERM', 'SIGTERM');
    await eventually(async () => expect((await hub.consumerInfo()).num_waiting).toBe(0));
    expect(ended).not.toHaveBeenCalled();
    release();
    await eventually(() => expect(ended).toHaveBeenCalledWith(process.pid, 'SIGTERM'), {
      withinMs: STOPS_WITHIN_MS,
    });
  } finally {
    ended.mockRestore();
  }
  expect(await hub.unsettled()).toBe(0);
  await hub.startService();
  expect(await hub.timesSeen([order.orderId])).toEqual([1]);
});

it('a NATS that does not answer does not keep a service from stopping', async () => {
  process.kill(hub.nats.pid, 'SIGSTOP');
  const startedMs = performance.now();
  try {
    await hub.app.close();
  } finally {
    process.kill(hub.nats.pid, 'SIGCONT');
  }
  expect(performance.now() - startedMs).toBeLessThan(STOPS_WITHIN_MS);
  await hub.startService();
});

it('HTTP goes on until balancers have seen it, and answers what it has when it ends', async () => {
  process.env['HTTP_LINGER_MS'] = '2500';
  await hub.restartService();
  const url = await hub.app.getUrl();
  const closed = hub.app.close();
  await eventually(async () => expect((await fetch(`${url}/health/ready`)).status).toBe(503));
  expect(await post(url)).toBe(201);
  let begun = false;
  let release = (): void => undefined;
  hooks.request = () => {
    begun = true;
    return new Promise((resolve) => (release = resolve));
  };
  const underWay = post(url);
  await eventually(() => expect(begun).toBe(true));
  hooks.request = () => undefined;
  await eventually(async () => expect(await post(url)).toBe(REFUSED));
  release();
  expect(await underWay).toBe(201);
  await closed;
  delete process.env['HTTP_LINGER_MS'];
  await hub.startService();
});

async function post(url: string): Promise<number> {
  try {
    const answer = await fetch(`${url}/hooks/shop`, { method: 'POST', body: '{}' });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return REFUSED;
  }
}
