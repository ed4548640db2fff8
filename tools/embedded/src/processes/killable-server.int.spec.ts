import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { readServerInfo } from '../nats/server-info.js';
import { natsFolders, startNatsServers } from '../nats/start-nats-servers.js';
import { startPostgres } from '../postgres/start-postgres.js';
import { KillableServer } from './killable-server.js';

const program = process.env['TILLBRIDGE_TEST_NATS'] ?? '';
const SILENT_MS = 500;
let dataDir: string;
let servers: readonly KillableServer[] = [];
beforeEach(async () => (dataDir = await mkdtemp(join(tmpdir(), 'tillbridge-killable-'))));
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await rm(dataDir, { recursive: true, force: true });
});

const nats = async (nodes: number): Promise<readonly KillableServer[]> =>
  (servers = await startNatsServers({ program, dataDir, nodes, durable: false }));

const greets = async (server: KillableServer | undefined): Promise<boolean> =>
  (await readServerInfo('127.0.0.1', server?.port ?? 0, SILENT_MS)) !== undefined;

it('comes back on its port after a kill', async () => {
  const [server] = await nats(1);
  expect(await server?.kill()).toBe(true);
  expect(await greets(server)).toBe(false);
  // Nothing is left to kill or to freeze.
  expect([await server?.kill(), await server?.freeze()]).toEqual([false, false]);
  await server?.restart();
  expect(await greets(server)).toBe(true);
});

it('answers nobody while it is frozen, and everybody afterwards', async () => {
  const [server] = await nats(1);
  await server?.freeze();
  expect(await greets(server)).toBe(false);
  server?.thaw();
  expect(await greets(server)).toBe(true);
});

it('can be killed while it is frozen', async () => {
  const [server] = await nats(1);
  await server?.freeze();
  await server?.kill();
  await server?.restart();
  expect(await greets(server)).toBe(true);
});

it('names the folder of its data, for whoever deletes it', async () => {
  const [server] = await nats(1);
  await expect(access(server?.storeDir ?? '')).resolves.toBeUndefined();
  expect(server?.storeDir).toBe(join(natsFolders(dataDir, 1)[0] ?? '', 'jetstream'));
});

it('is one of several servers that do not go with it', async () => {
  const [first, second, third] = await nats(3);
  await first?.kill();
  expect(await Promise.all([first, second, third].map(greets))).toEqual([false, true, true]);
  await first?.restart();
  expect(await greets(first)).toBe(true);
});

it('is Postgres with all its children, whose clients wait while it is frozen', async () => {
  let url = '';
  const server = await KillableServer.start({
    name: 'Postgres',
    storeDir: join(dataDir, 'cluster'),
    launch: async (port) => {
      const started = await startPostgres({ dataDir, durable: false, port });
      url = started.adminUrl;
      return started;
    },
  });
  servers = [server];
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await server.freeze();
  const answer = client.query('SELECT 1');
  const silence = new Promise((resolve) => setTimeout(resolve, SILENT_MS, 'silence'));
  expect(await Promise.race([answer, silence])).toBe('silence');
  server.thaw();
  expect((await answer).rowCount).toBe(1);
  // Its children hold its memory for a moment longer: the next one waits for them.
  await server.freeze();
  await server.kill();
  await server.restart();
  await client.end().catch(() => undefined);
  const again = new pg.Client({ connectionString: url });
  await again.connect();
  expect((await again.query('SELECT 1')).rowCount).toBe(1);
  await again.end();
});
