import { setTimeout as realSleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { NatsConnection, Status } from '@nats-io/transport-node';
import { eventually, freshNats, type FreshNats } from '@tillbridge/testing';
import { connectNats } from './connect-nats.js';

/** After which the client by itself would close the connection for good. */
const TRIES_OF_THE_CLIENT = 10;
/** So many in a row have the same effect. */
const REFUSALS_OF_THE_CLIENT = 2;
/** When the next one would be due, the connection is given up. */
const UNANSWERED_PINGS = 3;
/** A service must not take longer to notice. */
const SILENCE_MS = 20_000;
const STEP_MS = 100;
/** What the network has for each step. */
const REAL_STEP_MS = 3;
const LONGEST_MS = 60_000;

let nats: FreshNats;
let connection: NatsConnection;

beforeEach(async () => {
  // Servers and the network stay real. Waits pass as they do, and specs may skip some of them.
  const doNotFake = ['nextTick', 'queueMicrotask', 'setImmediate'] as const;
  jest.useFakeTimers({ advanceTimers: true, doNotFake: [...doNotFake] });
  nats = await freshNats();
  connection = await connectNats({ url: nats.url });
});

afterEach(async () => {
  await connection.close();
  await nats.drop();
  jest.useRealTimers();
});

describe('a connection', () => {
  it('is back after an outage of more tries than the client makes by itself', async () => {
    const seen = statusesOf(connection);
    await nats.kill();
    await skipUntil(() => count(seen, 'reconnecting') > TRIES_OF_THE_CLIENT + 1);
    await nats.restart();
    await eventually(() => connection.flush());
    expect(connection.isClosed()).toBe(false);
  });

  it('is given up when its server, still connected, has not answered three pings', async () => {
    const seen = statusesOf(connection);
    process.kill(nats.pid, 'SIGSTOP');
    try {
      await skipUntil(() => count(seen, 'ping') === UNANSWERED_PINGS, SILENCE_MS);
      expect(count(seen, 'disconnect')).toBe(0);
      await skipUntil(() => count(seen, 'disconnect') === 1, SILENCE_MS);
    } finally {
      process.kill(nats.pid, 'SIGCONT');
    }
    await eventually(() => connection.flush());
  });

  it('is back after a server that refused its password more often than the client bears', async () => {
    const users = [{ user: 'orders', password: 'right' }];
    const guarded = await freshNats({ users });
    const orders = await connectNats({ url: guarded.url, ...users[0] });
    const seen = statusesOf(orders);
    await restartWith('another');
    await skipUntil(() => count(seen, 'error') > REFUSALS_OF_THE_CLIENT);
    await restartWith('right');
    await eventually(() => orders.flush());
    await orders.close();
    await guarded.drop();

    async function restartWith(password: string): Promise<void> {
      await guarded.kill();
      users[0] = { user: 'orders', password };
      await guarded.restart();
    }
  });
});

/** What a connection says of itself, as it comes. */
function statusesOf(from: NatsConnection): Status[] {
  const seen: Status[] = [];
  void (async () => {
    for await (const status of from.status()) seen.push(status);
  })();
  return seen;
}

const count = (seen: readonly Status[], type: Status['type']) =>
  seen.filter((status) => status.type === type).length;

/** Lets the waits of so much time pass at once, and what they start come to something. */
async function skip(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += STEP_MS) {
    await jest.advanceTimersByTimeAsync(STEP_MS);
    await realSleep(REAL_STEP_MS);
  }
}

async function skipUntil(isTrue: () => boolean, withinMs = LONGEST_MS): Promise<void> {
  for (let passed = 0; !isTrue() && passed < withinMs; passed += STEP_MS) await skip(STEP_MS);
  expect(isTrue()).toBe(true);
}
