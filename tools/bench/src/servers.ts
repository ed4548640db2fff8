import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  claimFolder,
  copyDatabase,
  ensureRoleDatabase,
  findNatsServer,
  startNatsServers,
  startPostgres,
  startProcess,
  type NatsLogin,
  type ServerProcess,
} from '@tillbridge/embedded';
import { hubMessaging } from '@tillbridge/messaging';
import { loadConfiguration } from '@tillbridge/runtime';

/** The NATS user of the bare program, and of whoever fills and reads the streams. */
const BENCH_USER = 'bench';

/** A Postgres and a NATS that write to disk before they answer, as in production. */
export interface Servers {
  readonly dataDir: string;
  readonly configurationPath: string;
  /** May do everything. */
  readonly nats: Required<NatsLogin>;
  readonly operator: NatsLogin;
  /** Kills NATS, deletes all it has kept, starts it again and makes streams and consumers anew. */
  loseStreams(): Promise<void>;
  /** DATABASE_URL and the rest, for a process that is this service. */
  environmentOf(service: string): Promise<Record<string, string>>;
  databaseUrl(name: string): Promise<string>;
  /** The URL of a copy of a service's database; `url` is that of the one copied. */
  copyDatabase(from: string, to: string, url: string): Promise<string>;
  /** Starts a program of ours; what is still running at `stop` is stopped first. */
  startProgram(program: BenchProgram): Promise<ServerProcess>;
  stop(): Promise<void>;
}

export interface BenchProgram {
  /** Its log and its pid file are called so too. */
  readonly name: string;
  /** The file that Node runs. */
  readonly main: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stopSignal?: 'SIGTERM' | 'SIGINT';
}

export interface ServersOptions {
  readonly dataDir: string;
  /** `tillbridge.yaml`, as text. */
  readonly configuration: string;
  report(line: string): void;
}

const running = new Set<() => Promise<void>>();

/** Stops all that was started and still runs. */
export async function stopServers(): Promise<void> {
  await Promise.all([...running].map((stop) => stop()));
}

/** Starts both in an empty folder, with the hub's users, streams and consumers. */
export async function startServers(options: ServersOptions): Promise<Servers> {
  const dataDir = path.resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });
  const claim = await claimFolder(dataDir);
  const undo: (() => Promise<void>)[] = [claim.release];
  const stop = async (): Promise<void> => {
    running.delete(stop);
    for (const step of undo.splice(0).reverse()) await step();
  };
  running.add(stop);
  try {
    for (const name of ['nats', 'postgres', 'logs', 'pids']) {
      await rm(path.join(dataDir, name), { recursive: true, force: true });
    }
    const configurationPath = path.join(dataDir, 'bench.yaml');
    await writeFile(configurationPath, options.configuration);
    const postgres = await startPostgres({ dataDir: path.join(dataDir, 'postgres') });
    undo.push(() => postgres.stop());
    const { passwords, ...messaging } = await startMessaging(
      dataDir,
      configurationPath,
      undo,
      options.report,
    );
    const databaseUrl = (name: string): Promise<string> =>
      ensureRoleDatabase(postgres.adminUrl, name, randomPassword());
    return {
      dataDir,
      configurationPath,
      ...messaging,
      databaseUrl,
      copyDatabase: async (from, to, url) => {
        await copyDatabase(postgres.adminUrl, from, to);
        return Object.assign(new URL(url), { pathname: `/${to}` }).href;
      },
      environmentOf: async (service) => ({
        DATABASE_URL: await databaseUrl(service),
        NATS_URL: messaging.nats.url,
        NATS_USER: service,
        NATS_PASSWORD: passwords[service] ?? '',
        TILLBRIDGE_CONFIG: configurationPath,
        TILLBRIDGE_LOG_LEVEL: 'warn',
      }),
      startProgram: async (program) => {
        const started = await startProgram(dataDir, program);
        undo.push(async () => {
          await started.stop();
        });
        return started;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startProgram(dataDir: string, program: BenchProgram): Promise<ServerProcess> {
  const { name, main, env, stopSignal = 'SIGTERM' } = program;
  return startProcess({
    name,
    command: process.execPath,
    args: [main],
    env: { ...process.env, ...env },
    logFile: path.join(dataDir, 'logs', `${name}.log`),
    pidFile: path.join(dataDir, 'pids', `${name}.json`),
    stopSignal,
  });
}

async function startMessaging(
  dataDir: string,
  configurationPath: string,
  undo: (() => Promise<void>)[],
  report: (line: string) => void,
) {
  const { connections } = await loadConfiguration(configurationPath, process.env);
  const messaging = hubMessaging(connections);
  const { services, provisioner, monitor, operator } = messaging;
  const names = [...services, provisioner, monitor, operator];
  const passwords = Object.fromEntries(names.map((name) => [name, randomPassword()]));
  const bench = { user: BENCH_USER, password: randomPassword() };
  // A server that is somebody's already has other work, and settings that are not ours.
  const found = await findNatsServer({ report, env: { ...process.env, NATS_URL: '' } });
  if (found.kind !== 'program') throw new Error('the bench starts a NATS server of its own');
  const [server] = await startNatsServers({
    program: found.path,
    dataDir: path.join(dataDir, 'nats'),
    nodes: 1,
    users: [...messaging.users(passwords), bench],
  });
  if (server === undefined) throw new Error('no NATS server was started');
  undo.push(() => server.stop());
  const url = `nats://127.0.0.1:${server.port}`;
  const loginOf = (user: string): NatsLogin => ({ url, user, password: passwords[user] });
  await messaging.provision(loginOf(provisioner));
  const loseStreams = async (): Promise<void> => {
    await server.kill();
    await rm(server.storeDir, { recursive: true, force: true });
    await server.restart();
    await messaging.provision(loginOf(provisioner));
  };
  return { nats: { url, ...bench }, operator: loginOf(operator), passwords, loseStreams };
}

function randomPassword(): string {
  return randomBytes(18).toString('hex');
}
