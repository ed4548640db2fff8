import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startNatsServers, type KillableServer, type NatsUser } from '@tillbridge/embedded';
import { natsOfRun } from './fresh-nats.js';

const NODES = 3;

export interface FreshNatsCluster {
  /** Of all its servers, with commas between them. */
  readonly url: string;
  /** By the name that streams and consumers give of their leader. */
  serverNamed(name: string): KillableServer;
  /** Stops it and forgets what it stored. */
  drop(): Promise<void>;
}

/**
 * Three NATS servers that keep their streams together. They answer before they have agreed who
 * leads them, so whatever is made first may have to be tried for some seconds.
 */
export async function freshNatsCluster(users?: readonly NatsUser[]): Promise<FreshNatsCluster> {
  const { program, folder } = natsOfRun();
  const dataDir = await mkdtemp(join(folder, 'nats-cluster-'));
  const servers = await startNatsServers({ program, dataDir, users, nodes: NODES });
  return {
    url: servers.map(({ port }) => `nats://127.0.0.1:${port}`).join(','),
    serverNamed: (name) => {
      const server = servers[Number(name.split('-').at(-1)) - 1];
      if (server === undefined) throw new Error(`No server of this cluster is called ${name}`);
      return server;
    },
    drop: async () => {
      await Promise.all(servers.map((server) => server.stop()));
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
