import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { Embedded, type EmbeddedOptions, type Messaging } from './embedded.js';
import { identityOf } from './processes/process-identity.js';
import type { Crash } from './services/supervise-services.js';

/** The smallest service: it is ready at once and shows its environment. */
const A_SERVICE = `
  import { createServer } from 'node:http';
  const server = createServer((request, response) => {
    if (request.url === '/crash') process.exit(3);
    const body = request.url === '/env' ? { ...process.env, PID: process.pid } : { ok: true };
    response.end(JSON.stringify(body));
  });
  server.listen(Number(process.env.HTTP_PORT), '127.0.0.1');
  process.on('SIGTERM', () => { console.log('closing the till'); process.exit(0); });
`;

const provisioned: string[] = [];
const messaging: Messaging = {
  services: ['orders', 'payments'],
  provisioner: 'provisioner',
  monitor: 'monitor',
  operator: 'operator',
  users: (passwords) =>
    Object.entries(passwords).map(([user, password]) => ({
      user,
      password,
      permissions: { publish: { allow: [`evt.${user}.>`] }, subscribe: { allow: ['_INBOX.>'] } },
    })),
  provision: async ({ url, user, password }) => {
    const connection = await connect({ servers: url, user, pass: password });
    provisioned.push(user ?? '');
    await connection.close();
  },
};

let folder: string;
let hubs: Embedded[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillbridge-embedded-'));
  for (const service of messaging.services) await aService(service, A_SERVICE);
});
afterEach(async () => {
  for (const hub of hubs) await hub.stop();
  hubs = [];
  await rm(folder, { recursive: true, force: true });
});

async function aService(name: string, source: string): Promise<void> {
  const main = join(folder, 'apps', name, 'dist', 'main.js');
  await mkdir(dirname(main), { recursive: true });
  await writeFile(main, source);
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
}

async function start(options: Partial<EmbeddedOptions> = {}): Promise<Embedded> {
  const hub = await Embedded.start({
    dataDir: join(folder, 'data'),
    configurationPath: join(folder, 'tillbridge.yaml'),
    messaging,
    durable: false,
    workspaceRoot: folder,
    cacheDir: dirname(dirname(process.env['TILLBRIDGE_TEST_NATS'] ?? '')),
    ...options,
  });
  hubs.push(hub);
  return hub;
}

type Env = Record<string, string>;
const envOf = async (hub: Embedded, service: string): Promise<Env> =>
  (await (await fetch(`${hub.services.urlOf(service)}/env`)).json()) as Env;

/** Numbers of the processes that the data folder knows of. */
async function pidsIn(dataDir: string): Promise<number[]> {
  const files = ['nats/nats-pid.json', 'postgres/postgres-pid.json'];
  files.push(...messaging.services.map((service) => `pids/${service}.json`));
  const notes = await Promise.all(files.map((file) => readFile(join(dataDir, file), 'utf8')));
  return notes.map((note) => (JSON.parse(note) as { pid: number }).pid);
}

async function alive(pids: readonly number[]): Promise<number[]> {
  const identities = await Promise.all(pids.map((pid) => identityOf(pid)));
  return pids.filter((_, index) => identities[index] !== undefined);
}

async function isListening(url: string): Promise<boolean> {
  const port = Number(/:(\d+)$/.exec(url)?.[1]);
  const socket = createConnection({ host: '127.0.0.1', port });
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).then((listening) => (socket.destroy(), listening as boolean));
}

it('gives each service its own database, NATS user and port, and leaves no process', async () => {
  const lines: string[] = [];
  const hub = await start({
    report: (line) => lines.push(line),
    timeScale: 60,
    env: { TOKEN: 't' },
  });
  const [orders, payments] = [await envOf(hub, 'orders'), await envOf(hub, 'payments')];
  expect(orders).toMatchObject({
    NATS_USER: 'orders',
    NATS_URL: hub.nats.url,
    DATABASE_URL: hub.databaseUrls['orders'],
    TILLBRIDGE_CONFIG: join(folder, 'tillbridge.yaml'),
    TILLBRIDGE_TIME_SCALE: '60',
    TOKEN: 't',
  });
  expect(payments['HTTP_PORT']).not.toBe(orders['HTTP_PORT']);
  expect(payments['NATS_PASSWORD']).not.toBe(orders['NATS_PASSWORD']);
  const client = new pg.Client({ connectionString: orders['DATABASE_URL'] });
  await client.connect();
  await client.end();
  expect(provisioned).toEqual(['provisioner']);
  expect(lines).toEqual(expect.arrayContaining([expect.stringMatching(/^orders: ready at/)]));
  expect((await stat(join(folder, 'data', 'secrets.json'))).mode & 0o077).toBe(0);

  const pids = await pidsIn(join(folder, 'data'));
  expect(await alive(pids)).toEqual(pids);
  await hub.stop();
  expect(await alive(pids)).toEqual([]);
  // Asked, not killed.
  expect(await readFile(hub.services.logOf('orders'), 'utf8')).toContain('closing the till');
});

it('runs as two copies at once, each with its own data', async () => {
  const [first, second] = await Promise.all([
    start({ dataDir: join(folder, 'a') }),
    start({ dataDir: join(folder, 'b') }),
  ]);
  expect(first.nats.url).not.toBe(second.nats.url);
  expect(first.databaseUrls['orders']).not.toBe(second.databaseUrls['orders']);
  await expect(start({ dataDir: join(folder, 'a') })).rejects.toThrow('is in use by process');
  expect((await fetch(first.services.urlOf('orders'))).ok).toBe(true);
});

it('keeps passwords and data over a restart and forgets them when told to', async () => {
  const passwordOf = (hub: Embedded): string => new URL(hub.databaseUrls['orders'] ?? '').password;
  const hub = await start();
  const first = passwordOf(hub);
  await hub.stop();
  const again = await start();
  expect(passwordOf(again)).toBe(first);
  await again.stop();
  expect(passwordOf(await start({ reset: true }))).not.toBe(first);
});

it('kills a service and starts it again where it was, or puts another in its place', async () => {
  const crashes: Crash[] = [];
  const hub = await start({ onCrash: (crash) => crashes.push(crash) });
  const before = await envOf(hub, 'orders');
  await hub.services.kill('orders', 'SIGKILL');
  expect(hub.services.isRunning('orders')).toBe(false);
  await hub.services.start('orders');
  const after = await envOf(hub, 'orders');
  expect(after['HTTP_PORT']).toBe(before['HTTP_PORT']);
  expect(after['PID']).not.toBe(before['PID']);
  // Asked to stop when the new one was ready, and it ended in order.
  expect(await hub.services.replace('orders')).toEqual({ code: 0, signal: null });
  const another = await envOf(hub, 'orders');
  expect(another['HTTP_PORT']).not.toBe(after['HTTP_PORT']);
  expect(await alive([Number(after['PID']), Number(another['PID'])])).toEqual([
    Number(another['PID']),
  ]);
  expect(crashes).toEqual([]);
  await hub.stop();
  expect(await alive([Number(another['PID'])])).toEqual([]);
});

it('tells of a service that ends by itself', async () => {
  const crashed = new Promise<Crash>(
    (resolve) =>
      void start({ onCrash: resolve }).then(async (hub) => {
        await fetch(`${hub.services.urlOf('payments')}/crash`).catch(() => undefined);
      }),
  );
  expect(await crashed).toMatchObject({ service: 'payments', code: 3 });
});

it('stops everything again when a service cannot start, and says why', async () => {
  await aService('payments', `console.error('tenders: no rule for card'); process.exit(1);`);
  const lines: string[] = [];
  await expect(start({ report: (line) => lines.push(line) })).rejects.toThrow(
    /payments ended while starting. It said:\n(.*\n)*tenders: no rule for card/,
  );
  const urls = lines.flatMap((line) => / ready at (?:http:\/\/)?(\S+)$/.exec(line)?.[1] ?? []);
  expect(urls.length).toBeGreaterThanOrEqual(2);
  for (const url of urls) expect(await isListening(url)).toBe(false);

  await rm(join(folder, 'apps', 'payments'), { recursive: true });
  await expect(start()).rejects.toThrow('Run `npm run build` first');
});
