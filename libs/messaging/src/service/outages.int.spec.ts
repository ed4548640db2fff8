import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { AskDeadLetters, type DeadLetterPage } from '@tillbridge/contracts';
import { eventually } from '@tillbridge/testing';
import { anOrder, hooks, PaymentsHub, resetHooks } from '../../test/payments-hub.js';
import { Asker, NATS } from '../index.js';

/**
 * Longer than a publish or a pull waits for a word of the server. With 30 the connections are given
 * up as well, which takes three pings.
 */
const FREEZE_S = Number(process.env['TILLBRIDGE_TEST_FREEZE_S'] ?? 7);
/** After the server is back. */
const BACK_WITHIN_MS = 30_000;

let hub: PaymentsHub;

beforeAll(async () => {
  hub = await PaymentsHub.start();
  hub.relay.start();
});
afterAll(async () => {
  await hub.relay.stop();
  await hub.stop();
});
beforeEach(resetHooks);

async function sendAll(count: number): Promise<string[]> {
  const orders = Array.from({ length: count }, anOrder);
  await hub.orders.inTransaction(async (tx) => tx.send(orders));
  return orders.map(({ orderId }) => orderId);
}

/** Publisher, consumer, questions: everything that a process does with NATS, once each. */
async function allIsBack(expected: string[]): Promise<void> {
  const withinMs = BACK_WITHIN_MS;
  const once = expected.map(() => 1);
  await eventually(async () => expect(await hub.timesSeen(expected)).toEqual(once), { withinMs });
  await hub.settled();
  await eventually(
    async () => {
      const ready = await fetch(`${await hub.app.getUrl()}/health/ready`);
      expect(await ready.json()).toEqual({ ready: true });
    },
    { withinMs },
  );
  const question = Object.assign(new AskDeadLetters(), { limit: 1 });
  const asker = new Asker(hub.admin);
  const page = await eventually(
    () => asker.ask<DeadLetterPage>(question, { service: 'payments' }),
    { withinMs },
  );
  expect(page.total).toBe(0);
}

it('a frozen server that wakes up has every client back, and nothing lost or doubled', async () => {
  const before = await sendAll(200);
  await eventually(async () => expect(await hub.timesSeen(before.slice(0, 1))).toEqual([1]));
  process.kill(hub.nats.pid, 'SIGSTOP');
  const during = await sendAll(600);
  await sleep(FREEZE_S * 1_000);
  expect(await hub.timesSeen(during.slice(0, 1))).toEqual([0]);
  process.kill(hub.nats.pid, 'SIGCONT');
  const after = await sendAll(50);
  await allIsBack([...before, ...during, ...after]);
}, 180_000);

it('a server that was killed and comes back has every client back', async () => {
  const before = await sendAll(100);
  await eventually(async () => expect(await hub.timesSeen(before.slice(0, 1))).toEqual([1]));
  await hub.nats.kill();
  const during = await sendAll(300);
  await hub.nats.restart();
  await allIsBack([...before, ...during, ...(await sendAll(50))]);
}, 120_000);

it('a connection that is lost in the middle of work is made anew', async () => {
  let begun = false;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  hooks.before = () => {
    begun = true;
    return released;
  };
  const sent = await sendAll(500);
  await eventually(() => expect(begun).toBe(true));
  for (const connection of [hub.app.get<NatsConnection>(NATS), hub.ordersNats]) {
    await connection.reconnect();
  }
  release();
  await allIsBack([...sent, ...(await sendAll(50))]);
}, 120_000);

it('a consumer that somebody deleted is pulled from as soon as it is there again', async () => {
  await hub.deleteConsumer();
  await eventually(
    async () => {
      const ready = await fetch(`${await hub.app.getUrl()}/health/ready`);
      expect(await ready.text()).toContain('payments-orders-order-changed-v1');
    },
    { withinMs: BACK_WITHIN_MS },
  );
  const sent = await sendAll(50);
  await hub.provision();
  await allIsBack(sent);
}, 120_000);
