import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startNats, type NatsServer, type NatsUser } from '@tillbridge/embedded';
import { FOLDER_VARIABLE, NATS_VARIABLE } from './infrastructure.js';

export interface FreshNats extends NatsServer {
  /** Starts it again on its port with what it had stored, after `stop` or `kill`. */
  restart(): Promise<void>;
  /** Stops it and forgets what it stored. */
  drop(): Promise<void>;
}

export interface FreshNatsOptions {
  /** Without users anybody may do anything. */
  readonly users?: readonly NatsUser[];
  /** False is faster, but what was acknowledged may be gone after `kill`. */
  readonly durable?: boolean;
  /** A free one, on which the server tells how it is set up. */
  readonly monitoringPort?: number;
  /** What the server can do and does not do unless told, by its own names. */
  readonly featureFlags?: Readonly<Record<string, boolean>>;
}

/** A NATS server with JetStream of its own. */
export async function freshNats(options: FreshNatsOptions = {}): Promise<FreshNats> {
  const { program, folder } = natsOfRun();
  const dataDir = await mkdtemp(join(folder, 'nats-'));
  const start = (port?: number): Promise<NatsServer> =>
    startNats({ program, dataDir, port, ...options });
  let server = await start();
  return {
    get url() {
      return server.url;
    },
    get port() {
      return server.port;
    },
    get pid() {
      return server.pid;
    },
    stop: () => server.stop(),
    kill: () => server.kill(),
    restart: async () => {
      const { port } = server;
      server = await start(port);
      if (server.port !== port) throw new Error(`Port ${port} was taken while NATS was down`);
    },
    drop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The program of this run of tests, and the folder for what is stored. */
export function natsOfRun(): { readonly program: string; readonly folder: string } {
  const program = process.env[NATS_VARIABLE];
  const folder = process.env[FOLDER_VARIABLE];
  if (program !== undefined && folder !== undefined) return { program, folder };
  throw new Error(
    'There is no NATS in this run: jest.config.js of the project must export ' +
      '`withInfrastructure` of jest.preset.js.',
  );
}
