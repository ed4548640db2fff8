import { join } from 'node:path';
import { freePort } from '../processes/free-port.js';
import { KillableServer } from '../processes/killable-server.js';
import { startNats, type NatsOptions } from './start-nats.js';

export interface NatsServersOptions extends Pick<NatsOptions, 'program' | 'users' | 'durable'> {
  readonly dataDir: string;
  /** One server, or so many in a cluster. */
  readonly nodes: number;
}

/** The folders of servers below the folder of NATS: one server is in the folder itself. */
export function natsFolders(dataDir: string, nodes: number): string[] {
  if (nodes === 1) return [dataDir];
  return Array.from({ length: nodes }, (_, at) => join(dataDir, `node-${at + 1}`));
}

/** Starts NATS as a single server or as a cluster on this machine; each can be killed alone. */
export async function startNatsServers(options: NatsServersOptions): Promise<KillableServer[]> {
  const { program, users, durable, nodes } = options;
  const routes = await distinctPorts(nodes === 1 ? 0 : nodes);
  const outcomes = await Promise.allSettled(
    natsFolders(options.dataDir, nodes).map((dataDir, at) => {
      const route = routes[at];
      // A member of a cluster is known to the others by its name, also when it comes back.
      const member = route === undefined ? {} : { name: `tillbridge-${at + 1}` };
      const cluster = route === undefined ? {} : { cluster: { port: route, routes } };
      return KillableServer.start({
        name: nodes === 1 ? 'NATS' : `NATS ${at + 1}`,
        storeDir: join(dataDir, 'jetstream'),
        launch: (port = nodes === 1 ? 4222 : undefined) =>
          startNats({ program, users, durable, dataDir, port, ...member, ...cluster }),
      });
    }),
  );
  const started = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = outcomes.find((one) => one.status === 'rejected');
  if (failed === undefined) return started;
  await Promise.all(started.map((server) => server.stop()));
  throw failed.reason;
}

async function distinctPorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}
