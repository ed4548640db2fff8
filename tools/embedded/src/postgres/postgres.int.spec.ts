import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { identityOf } from '../processes/process-identity.js';
import { copyDatabase, ensureRoleDatabase } from './role-databases.js';
import { startPostgres, type PostgresServer } from './start-postgres.js';

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<{ answer: unknown }>(sql)).rows.map((row) => row.answer);
  } finally {
    await client.end();
  }
}

const inDatabase = (url: string, database: string): string => {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
};

describe('Postgres', () => {
  let dataDir: string;
  let server: PostgresServer;
  let orders: string;
  let payments: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'tillbridge-postgres-'));
    server = await startPostgres({ dataDir, durable: false });
    orders = await ensureRoleDatabase(server.adminUrl, 'orders', 'of orders');
    payments = await ensureRoleDatabase(server.adminUrl, 'payments', 'of payments');
  });
  afterAll(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('is version 18, in UTC, with room for all services and the tests', async () => {
    expect(await ask(orders, 'SHOW server_version AS answer').catch(() => [])).toEqual([]);
    expect(await ask(orders, "SELECT current_setting('server_version') AS answer")).toEqual([
      expect.stringMatching(/^18\./),
    ]);
    expect(await ask(orders, "SELECT current_setting('timezone') AS answer")).toEqual(['UTC']);
    const [room] = await ask(orders, "SELECT current_setting('max_connections')::int AS answer");
    expect(room).toBeGreaterThanOrEqual(100);
  });

  it('lets a role do everything in its own database', async () => {
    await ask(orders, 'CREATE TABLE held (id int)');
    await ask(orders, 'CREATE SCHEMA archive');
    expect(await ask(orders, 'SELECT count(*)::int AS answer FROM held')).toEqual([0]);
  });

  it.each(['payments', 'postgres', 'template1'])(
    'does not let the orders role connect to %s',
    async (database) => {
      await expect(ask(inDatabase(orders, database), 'SELECT 1')).rejects.toThrow(
        'permission denied for database',
      );
    },
  );

  it('lets nobody in with another password', async () => {
    const wrong = new URL(payments);
    wrong.password = 'of orders';
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  it('keeps its data when a database is ensured again, with the new password', async () => {
    const again = await ensureRoleDatabase(server.adminUrl, 'orders', 'changed');
    expect(await ask(again, 'SELECT count(*)::int AS answer FROM held')).toEqual([0]);
    await expect(ask(orders, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  it('copies a database for the same role, and for nobody else', async () => {
    await ask(payments, 'CREATE TABLE kept AS SELECT 7 AS answer');
    await copyDatabase(server.adminUrl, 'payments', 'copied');
    await ask(payments, 'UPDATE kept SET answer = 8');
    expect(await ask(inDatabase(payments, 'copied'), 'SELECT answer FROM kept')).toEqual([7]);
    const orders = await ensureRoleDatabase(server.adminUrl, 'orders', 'again');
    await expect(ask(inDatabase(orders, 'copied'), 'SELECT 1')).rejects.toThrow(
      'permission denied',
    );
  });

  it('keeps the password where only its owner reads it', async () => {
    expect((await stat(join(dataDir, 'admin-password'))).mode & 0o077).toBe(0);
  });

  it('does not take a name that would be more than a name in SQL', async () => {
    await expect(ensureRoleDatabase(server.adminUrl, 'x; DROP', 'p')).rejects.toThrow('cannot be');
  });
});

describe('two copies of Postgres', () => {
  it('run side by side, keep their data over a crash, and leave no process', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'tillbridge-postgres-'));
    const [first, second] = await Promise.all([
      startPostgres({ dataDir: join(dataDir, 'a') }),
      startPostgres({ dataDir: join(dataDir, 'b'), durable: false }),
    ]);
    expect(first.port).not.toBe(second.port);
    expect(await ask(first.adminUrl, "SELECT current_setting('fsync') AS answer")).toEqual(['on']);
    const orders = await ensureRoleDatabase(first.adminUrl, 'orders', 'p');
    await ask(orders, 'CREATE TABLE kept (id int)');

    await first.kill();
    const again = await startPostgres({ dataDir: join(dataDir, 'a'), port: first.port });
    const same = await ensureRoleDatabase(again.adminUrl, 'orders', 'p');
    expect(await ask(same, 'SELECT count(*)::int AS answer FROM kept')).toEqual([0]);

    await Promise.all([again.stop(), second.stop()]);
    for (const server of [first, second, again]) {
      expect(await identityOf(server.pid)).toBeUndefined();
    }
    await rm(dataDir, { recursive: true, force: true });
  });
});
