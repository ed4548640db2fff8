import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, PermissionViolationError, type Status } from '@nats-io/transport-node';
import { identityOf } from '../processes/process-identity.js';
import { startNats, type NatsUser } from './start-nats.js';

const program = process.env['TILLBRIDGE_TEST_NATS'] ?? '';
let dataDir: string;
beforeEach(async () => (dataDir = await mkdtemp(join(tmpdir(), 'tillbridge-nats-'))));
afterEach(() => rm(dataDir, { recursive: true, force: true }));

it('runs beside a second copy, and both are gone when stopped', async () => {
  const first = await startNats({ program, dataDir: join(dataDir, 'a'), port: 4222 });
  const second = await startNats({ program, dataDir: join(dataDir, 'b'), port: first.port });
  expect(second.port).not.toBe(first.port);
  const connection = await connect({ servers: second.url });
  expect(connection.info?.jetstream).toBe(true);
  await connection.close();
  await Promise.all([first.stop(), second.stop()]);
  expect(await identityOf(first.pid)).toBeUndefined();
  expect(await identityOf(second.pid)).toBeUndefined();
});

it('writes every acknowledged message to disk unless told otherwise', async () => {
  const config = (): Promise<string> => readFile(join(dataDir, 'nats-server.json'), 'utf8');
  await (await startNats({ program, dataDir })).stop();
  expect(JSON.parse(await config()).jetstream.sync_interval).toBe('always');
  await (await startNats({ program, dataDir, durable: false })).stop();
  expect(JSON.parse(await config()).jetstream).not.toHaveProperty('sync_interval');
});

it('stops what an earlier run left on the same data', async () => {
  const left = await startNats({ program, dataDir });
  const next = await startNats({ program, dataDir });
  expect(await identityOf(left.pid)).toBeUndefined();
  expect(await identityOf(next.pid)).toBeDefined();
  await next.stop();
});

it('lets a user do what its permissions say, and nobody in without a password', async () => {
  const users: NatsUser[] = [
    {
      user: 'orders',
      password: 'right',
      permissions: { publish: { allow: ['evt.orders.>'] }, subscribe: { allow: ['_INBOX.>'] } },
    },
  ];
  const server = await startNats({ program, dataDir, users });
  // The configuration holds passwords.
  expect((await stat(join(dataDir, 'nats-server.json'))).mode & 0o077).toBe(0);
  await expect(connect({ servers: server.url })).rejects.toThrow(/authorization/i);

  const orders = await connect({ servers: server.url, user: 'orders', pass: 'right' });
  const statuses = orders.status();
  orders.publish('evt.orders.order-changed.v1');
  orders.publish('evt.payments.tender-decided.v1');
  expect(await firstRefusal(statuses)).toBe('evt.payments.tender-decided.v1');
  await orders.close();
  await server.stop();
});

it('says what the program said when it cannot start', async () => {
  await expect(startNats({ program: '/bin/false', dataDir })).rejects.toThrow(
    'NATS ended while starting',
  );
  await expect(startNats({ program: join(dataDir, 'none'), dataDir })).rejects.toThrow(
    'NATS cannot be started',
  );
});

async function firstRefusal(statuses: AsyncIterable<Status>): Promise<string | undefined> {
  for await (const status of statuses) {
    if (status.type === 'error' && status.error instanceof PermissionViolationError) {
      return status.error.subject;
    }
  }
  return undefined;
}
