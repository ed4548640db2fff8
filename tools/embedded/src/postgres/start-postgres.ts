import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from '../processes/free-port.js';
import { stopLeftover } from '../processes/process-identity.js';
import { startProcess, untilReady, type ServerProcess } from '../processes/server-process.js';
import { closeOwnDatabases } from './role-databases.js';
import { postgresPrograms, type PostgresPrograms } from './postgres-programs.js';
import { unprivileged, type Runner } from './unprivileged.js';

const run = promisify(execFile);

export interface PostgresOptions {
  readonly dataDir: string;
  /** Taken if free, else any free one. */
  readonly port?: number;
  /** False gives up what survives a power cut, for speed: for tests. */
  readonly durable?: boolean;
}

export interface PostgresServer {
  /** The superuser, database `postgres`. */
  readonly adminUrl: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
  /** For tests of what follows a crash. */
  kill(): Promise<void>;
}

/** Five services with pools of ten, the relay's and listeners' connections, and test runners. */
const MAX_CONNECTIONS = 300;

const CHILDREN_WITHIN_MS = 20_000;

/** Starts Postgres on 127.0.0.1, making its data folder first if there is none. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const cluster = join(options.dataDir, 'cluster');
  const pidFile = join(options.dataDir, 'postgres-pid.json');
  await mkdir(cluster, { recursive: true });
  await stopLeftover(pidFile);
  const programs = await postgresPrograms();
  const runner = await unprivileged([options.dataDir, dirname(programs.postgres)]);
  const password = await adminPassword(options.dataDir);
  if (!(await exists(join(cluster, 'initialised')))) {
    await initialise(cluster, programs, runner, password);
  }
  // Between finding a free port and taking it another process may be faster. And the children of
  // a server that was killed take a moment to notice: until then its memory is in use.
  let taken = 0;
  const giveUpAtMs = Date.now() + CHILDREN_WITHIN_MS;
  for (;;) {
    const port = await freePort(taken === 0 ? options.port : undefined);
    const adminUrl = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    try {
      const command = serverCommand(cluster, port, options, programs, runner);
      const server = await startOn(command, pidFile, options.dataDir, adminUrl, runner);
      await closeOwnDatabases(adminUrl);
      return serverAt(adminUrl, port, server);
    } catch (error) {
      if (String(error).includes('pre-existing shared memory block')) {
        if (Date.now() > giveUpAtMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, 250));
        continue;
      }
      taken += 1;
      if (taken === 3 || !String(error).includes('Address already in use')) throw error;
    }
  }
}

/** The superuser's password, made once for a data folder. */
async function adminPassword(dataDir: string): Promise<string> {
  const file = join(dataDir, 'admin-password');
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known !== undefined) return known;
  const password = randomBytes(18).toString('hex');
  await writeFile(file, password, { mode: 0o600 });
  return password;
}

async function initialise(
  cluster: string,
  programs: PostgresPrograms,
  runner: Runner,
  password: string,
): Promise<void> {
  // What a crash left of an earlier attempt: initdb insists on an empty folder.
  await rm(cluster, { recursive: true, force: true });
  await mkdir(cluster, { recursive: true, mode: 0o700 });
  const passwordFile = `${cluster}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  for (const path of runner.owner === undefined ? [] : [cluster, passwordFile]) {
    await chown(path, runner.owner?.uid ?? 0, runner.owner?.gid ?? 0);
  }
  const [command = '', ...args] = [
    ...runner.prefix,
    programs.initdb,
    `--pgdata=${cluster}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same sort order on every system, whatever locales it has.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-sync',
  ];
  try {
    await run(command, args, { uid: runner.uid, gid: runner.gid, env: plainEnv() });
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr ?? '';
    throw new Error(`Postgres could not make its data folder ${cluster}. It said:\n${said}`, {
      cause,
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await writeFile(join(cluster, 'initialised'), '');
}

function serverCommand(
  cluster: string,
  port: number,
  options: PostgresOptions,
  programs: PostgresPrograms,
  runner: Runner,
): string[] {
  const settings: Record<string, string | number> = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: MAX_CONNECTIONS,
    shared_buffers: '128MB',
    max_wal_size: '2GB',
    timezone: 'UTC',
    ...((options.durable ?? true)
      ? {}
      : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return [
    ...runner.prefix,
    programs.postgres,
    '-D',
    cluster,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

async function startOn(
  [command = '', ...args]: string[],
  pidFile: string,
  dataDir: string,
  adminUrl: string,
  runner: Runner,
): Promise<ServerProcess> {
  const server = await startProcess({
    name: 'Postgres',
    command,
    args,
    env: plainEnv(),
    uid: runner.uid,
    gid: runner.gid,
    logFile: join(dataDir, 'postgres.log'),
    pidFile,
    // A fast shutdown: it does not wait for clients to leave.
    stopSignal: 'SIGINT',
  });
  try {
    await untilReady(server, 'Postgres', 60_000, () => answers(adminUrl));
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

/** The password is ours alone, so an answer means that it is our server and not another's. */
async function answers(adminUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5000 });
  // A connection that breaks after the answer is no news.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Without the PG… variables of whoever runs us, and in English. */
function plainEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function serverAt(adminUrl: string, port: number, server: ServerProcess): PostgresServer {
  return {
    adminUrl,
    port,
    pid: server.pid,
    stop: async () => {
      await server.stop(20_000);
    },
    kill: async () => {
      server.kill('SIGKILL');
      await server.exited;
    },
  };
}
