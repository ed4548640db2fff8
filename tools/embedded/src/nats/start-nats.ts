import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../processes/free-port.js';
import { stopLeftover } from '../processes/process-identity.js';
import { startProcess, untilReady, type ServerProcess } from '../processes/server-process.js';
import { readServerInfo } from './server-info.js';

/** A NATS user and what it may do, in the words of the server's configuration. */
export interface NatsUser {
  readonly user: string;
  readonly password: string;
  readonly permissions?: {
    readonly publish?: SubjectRule;
    readonly subscribe?: SubjectRule;
    readonly allow_responses?: boolean | { readonly max: number; readonly expires: string };
  };
}

export interface SubjectRule {
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
}

export interface NatsOptions {
  /** From `findNatsServer`. */
  readonly program: string;
  readonly dataDir: string;
  /** Taken if free, else any free one. */
  readonly port?: number;
  /** Without users anybody may do anything: for tests of other things. */
  readonly users?: readonly NatsUser[];
  /** False lets the system write to disk when it likes: for tests. */
  readonly durable?: boolean;
  /** Where it tells how it is set up and how it does; nowhere unless given. */
  readonly monitoringPort?: number;
  /** The server's own name; a new one at each start unless given. */
  readonly name?: string;
  /** Where it talks to the other members of its cluster, and where all of them do. */
  readonly cluster?: { readonly port: number; readonly routes: readonly number[] };
  /** What the server can do and does not do unless told, by its own names: for tests. */
  readonly featureFlags?: Readonly<Record<string, boolean>>;
}

export interface NatsServer {
  /** Without user and password. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
  /** For tests of what follows a crash. */
  kill(): Promise<void>;
}

/** The largest message. Ours are far smaller; a batch of facts must not be refused for its size. */
const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;

/** Starts a NATS server with JetStream on 127.0.0.1 and waits until it answers. */
export async function startNats(options: NatsOptions): Promise<NatsServer> {
  await mkdir(options.dataDir, { recursive: true });
  const pidFile = join(options.dataDir, 'nats-pid.json');
  await stopLeftover(pidFile);
  // Between finding a free port and taking it another process may be faster.
  for (let tries = 1; ; tries += 1) {
    const port = await freePort(tries === 1 ? options.port : undefined);
    try {
      return serverOn(port, await startOn(port, options, pidFile));
    } catch (error) {
      if (tries === 3 || !String(error).includes('address already in use')) throw error;
    }
  }
}

async function startOn(
  port: number,
  options: NatsOptions,
  pidFile: string,
): Promise<ServerProcess> {
  const configFile = join(options.dataDir, 'nats-server.json');
  // Its own name tells our server from another one that was faster to take the port.
  const name = options.name ?? `tillbridge-${randomUUID()}`;
  const config = serverConfig(name, port, options);
  await writeFile(configFile, JSON.stringify(config, null, 2), { mode: 0o600 });
  const server = await startProcess({
    name: 'NATS',
    command: options.program,
    args: ['-c', configFile],
    logFile: join(options.dataDir, 'nats-server.log'),
    pidFile,
    stopSignal: 'SIGTERM',
  });
  try {
    await untilReady(server, 'NATS', 30_000, async () => {
      const info = await readServerInfo('127.0.0.1', port);
      return info?.server_name === name && info.jetstream === true;
    });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

/** The server reads JSON as it reads its own format; JSON needs no quoting rules of ours. */
function serverConfig(name: string, port: number, options: NatsOptions): object {
  return {
    host: '127.0.0.1',
    port,
    server_name: name,
    max_payload: MAX_PAYLOAD_BYTES,
    jetstream: {
      store_dir: join(options.dataDir, 'jetstream'),
      // Every acknowledged message is on disk. Anything else loses some in a power cut.
      ...((options.durable ?? true) && { sync_interval: 'always' }),
    },
    ...(options.monitoringPort !== undefined && { http: `127.0.0.1:${options.monitoringPort}` }),
    ...(options.users !== undefined && { authorization: { users: options.users } }),
    ...(options.cluster !== undefined && { cluster: clusterConfig(options.cluster) }),
    ...(options.featureFlags !== undefined && { feature_flags: options.featureFlags }),
  };
}

function clusterConfig({ port, routes }: NonNullable<NatsOptions['cluster']>): object {
  return {
    name: 'tillbridge',
    host: '127.0.0.1',
    port,
    routes: routes.map((route) => `nats-route://127.0.0.1:${route}`),
  };
}

function serverOn(port: number, server: ServerProcess): NatsServer {
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    pid: server.pid,
    stop: async () => {
      await server.stop();
    },
    kill: async () => {
      server.kill('SIGKILL');
      await server.exited;
    },
  };
}
