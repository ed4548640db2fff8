import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { eventually } from '@tillbridge/testing';
import { BACK_WITHIN_MS, hooks, PaymentsHub, resetHooks } from '../../test/payments-hub.js';
import { NATS } from '../index.js';

/** Longer than anybody waits: publishes and pulls give up after 5 s, connections after three pings. */
const FREEZE_MS = 30_000;
let hub: PaymentsHub;

beforeAll(async () => {
  hub = await PaymentsHub.start({ durable: true });
  hub.relay.start();
});
afterAll(async () => {
  await hub.relay.stop();
  await hub.stop();
});
beforeEach(resetHooks);

it('a frozen server that wakes up has every client back, and nothing lost or doubled', async () => {
  const before = await hub.commit(200);
  await eventually(async () => expect(await hub.timesSeen(before.slice(0, 1))).toEqual([1]));
  process.kill(hub.nats.pid, 'SIGSTOP');
  const during = await hub.commit(600);
  await sleep(FREEZE_MS);
  expect(await hub.timesSeen(during.slice(0, 1))).toEqual([0]);
  process.kill(hub.nats.pid, 'SIGCONT');
  const after = await hub.commit(50);
  await hub.allIsBack([...before, ...during, ...after]);
}, 180_000);

it('a server that was killed and comes back has every client back', async () => {
  const before = await hub.commit(100);
  await eventually(async () => expect(await hub.timesSeen(before.slice(0, 1))).toEqual([1]));
  await hub.nats.kill();
  const during = await hub.commit(300);
  await hub.nats.restart();
  await hub.allIsBack([...before, ...during, ...(await hub.commit(50))]);
}, 120_000);

it('a connection that is lost in the middle of work is made anew', async () => {
  let begun = false;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  hooks.before = () => {
    begun = true;
    return released;
  };
  const sent = await hub.commit(500);
  await eventually(() => expect(begun).toBe(true));
  for (const connection of [hub.app.get<NatsConnection>(NATS), hub.ordersNats]) {
    await connection.reconnect();
  }
  release();
  await hub.allIsBack([...sent, ...(await hub.commit(50))]);
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
  const sent = await hub.commit(50);
  await hub.provision();
  await hub.allIsBack(sent);
}, 120_000);

it('a connection that is closed for good is told: the service is not ready', async () => {
  await hub.app.get<NatsConnection>(NATS).close();
  const ready = await fetch(`${await hub.app.getUrl()}/health/ready`);
  expect(await ready.json()).toMatchObject({ missing: { messaging: 'NATS is closed' } });
  await hub.restartService();
  await hub.allIsBack(await hub.commit(10));
}, 120_000);
