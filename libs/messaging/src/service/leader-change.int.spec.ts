import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { eventually, type FreshNatsCluster } from '@tillbridge/testing';
import { DURABLE, hooks, PaymentsHub, resetHooks } from '../../test/payments-hub.js';
import { NATS } from '../index.js';

/** Servers that have lost their leader wait some seconds before they elect another. */
const ELECTED_WITHIN_MS = 30_000;
const CONSUMER = `CONSUMER.LEADER.STEPDOWN.EVENTS.${DURABLE}`;

let hub: PaymentsHub<FreshNatsCluster>;
let manager: JetStreamManager;

beforeAll(async () => {
  hub = await PaymentsHub.startInCluster();
  manager = await jetstreamManager(hub.admin);
  hub.relay.start();
}, 120_000);
afterAll(async () => {
  await hub.relay.stop();
  await hub.stop();
});
beforeEach(resetHooks);

/** Who leads the stream and the consumer, once all three servers have all of it. */
async function leaders(): Promise<{ stream: string; consumer: string }> {
  return eventually(
    async () => {
      const found = [await manager.streams.info('EVENTS'), await hub.consumerInfo()];
      const [stream, consumer] = found.map(({ cluster }) => {
        expect(cluster?.replicas?.map(({ current }) => current)).toEqual([true, true]);
        expect(cluster?.leader).toMatch(/^tillbridge-/);
        return cluster?.leader ?? '';
      });
      return { stream: stream ?? '', consumer: consumer ?? '' };
    },
    { withinMs: ELECTED_WITHIN_MS, everyMs: 100 },
  );
}

/** Has the leader step down for another server. */
async function lead(what: string, preferred: string): Promise<void> {
  const wish = JSON.stringify({ placement: { preferred } });
  const reply = await hub.admin.request(`$JS.API.${what}`, wish, { timeout: 5_000 });
  expect(reply.json()).toMatchObject({ success: true });
}

/** Sends orders and comes back when the handler has some of them and waits to be let go on. */
async function blocked(count: number): Promise<{ sent: string[]; goOn: () => void }> {
  let begun = false;
  let goOn = (): void => undefined;
  const released = new Promise<void>((resolve) => (goOn = resolve));
  hooks.before = () => {
    begun = true;
    return released;
  };
  const sent = await hub.commit(count);
  await eventually(() => expect(begun).toBe(true));
  return { sent, goOn };
}

it('leaders that step down in the middle of work lose and double nothing', async () => {
  const { stream, consumer } = await leaders();
  const { sent, goOn } = await blocked(300);
  const next = ['tillbridge-1', 'tillbridge-2', 'tillbridge-3'].filter(
    (name) => name !== stream && name !== consumer,
  )[0]!;
  await lead('STREAM.LEADER.STEPDOWN.EVENTS', next);
  await lead(CONSUMER, next);
  const after = await hub.commit(300);
  await eventually(async () => expect(await leaders()).toEqual({ stream: next, consumer: next }));
  goOn();
  await hub.allIsBack([...sent, ...after, ...(await hub.commit(50))]);
}, 120_000);

it('a server that leads everything and has the connection of the service is killed: others take over', async () => {
  const connection = hub.app.get<NatsConnection>(NATS);
  const dying = connection.info?.server_name ?? '';
  const before = await leaders();
  if (before.stream !== dying) await lead('STREAM.LEADER.STEPDOWN.EVENTS', dying);
  if (before.consumer !== dying) await lead(CONSUMER, dying);
  await eventually(async () => expect(await leaders()).toEqual({ stream: dying, consumer: dying }));
  const { sent, goOn } = await blocked(300);
  await hub.nats.serverNamed(dying).kill();
  const during = await hub.commit(300);
  goOn();
  await hub.allIsBack([...sent, ...during, ...(await hub.commit(50))]);
  expect(connection.info?.server_name).not.toBe(dying);
  const { cluster } = await manager.streams.info('EVENTS');
  expect(cluster?.leader).not.toBe(dying);
}, 120_000);
