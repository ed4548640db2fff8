import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { NatsConnection } from '@nats-io/transport-node';
import { allShapes, SERVICES, TOPOLOGY, type ServiceName } from '@tillbridge/contracts';
import { connectNats, hubMessaging, JetStreamPublisher } from '@tillbridge/messaging';
import { eventually, freshNats, type FreshNats } from '@tillbridge/testing';
import { ROOT } from './event-files.js';

const messaging = hubMessaging([{ id: 'shop', vendor: 'shopify' }]);
const USERS = [...SERVICES, messaging.provisioner, messaging.monitor];
const PAGE = readFileSync(new URL('docs/events.md', ROOT), 'utf8');
const DOCUMENTED = [...PAGE.matchAll(/^## (evt\..*)$/gm)].map(([, subject = '']) => subject);

let nats: FreshNats;
const open: NatsConnection[] = [];

beforeAll(async () => {
  const passwords = Object.fromEntries(USERS.map((user) => [user, 'a']));
  nats = await freshNats({ users: messaging.users(passwords) });
  await messaging.provision({ url: nats.url, user: messaging.provisioner, password: 'a' });
});

afterAll(async () => {
  await Promise.all(open.map((connection) => connection.close()));
  await nats.drop();
});

async function as(user: string): Promise<NatsConnection> {
  const connection = await connectNats({ url: nats.url, user, password: 'a' });
  open.push(connection);
  return connection;
}

function example(subject: string): string {
  const file = `libs/contracts/fixtures/${subject.replace('{service}', 'orders')}.json`;
  return readFileSync(new URL(file, ROOT), 'utf8');
}

/** As the service's relay sends it. */
async function say(service: ServiceName, ...given: [subject: string, id: string][]) {
  const publisher = new JetStreamPublisher(await as(service));
  const messages = given.map(([subject, id]) => ({
    id,
    subject: subject.replace('{service}', service),
    headers: { 'ce-id': id, 'ce-time': '2026-03-02T09:15:04Z' },
    payload: example(subject),
  }));
  return (await publisher.publish(messages)).map(({ kind }) => kind);
}

describe('every documented subject', () => {
  it('is one of a contract', () => {
    const events = allShapes().filter(({ kind }) => kind === 'event');
    expect(DOCUMENTED).toEqual(events.map(({ subject }) => subject));
  });

  it('is taken by a stream of the running server from each of its senders', async () => {
    const shapes = allShapes().filter(({ subject }) => DOCUMENTED.includes(subject));
    for (const service of SERVICES) {
      for (const { type, subject } of shapes) {
        if (!TOPOLOGY[service].publishes.includes(type)) continue;
        const id = `${service} ${subject}`;
        expect([id, await say(service, [subject, id])]).toEqual([id, ['published']]);
      }
    }
  });
});

describe('the monitoring example', () => {
  let watcher: ChildProcessByStdio<null, Readable, Readable>;
  let printed = '';
  let said = '';

  beforeAll(async () => {
    const program = fileURLToPath(new URL('docs/monitoring/watch.js', ROOT));
    const env = { PATH: process.env['PATH'], NATS_URL: nats.url, NATS_PASSWORD: 'a' };
    watcher = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    watcher.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    watcher.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await eventually(() => expect(said).toContain('Listening'), { withinMs: 15_000 });
  });

  afterAll(() => void watcher.kill('SIGKILL'));

  it('prints exceptions and orders as they come, each once, and ends when it is told to', async () => {
    const raised: [string, string] = ['evt.{service}.exception-raised.v1', 'first'];
    const order: [string, string] = ['evt.orders.order-changed.v1', 'second'];
    const cleared: [string, string] = ['evt.{service}.exception-cleared.v1', 'third'];
    expect(await say('orders', raised, order)).toEqual(['published', 'published']);
    // A batch with a message that is known goes one by one in the end: a listener hears it twice.
    expect(await say('orders', raised, cleared)).toEqual(['published', 'published']);
    const id = '5f0c4f3e-8a53-5d2a-9a53-3b7d1c7d6b10';
    const lines = [
      `RAISED   order-short (warning) ${id}: 3 units more were sold than the stores hold ` +
        'operations: Decide with the store what the customer gets.',
      `ORDER    #1042 is posting (${id}, revision 4)`,
      `CLEARED  order-short ${id}`,
    ].map((line) => `2026-03-02T09:15:04Z  ${line}\n`);
    await eventually(() => expect(printed).toBe(lines.join('')));
    const exited = once(watcher, 'exit');
    watcher.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(printed).toBe(lines.join(''));
  });
});
