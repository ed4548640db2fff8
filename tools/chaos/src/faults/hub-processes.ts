import { SERVICES, type ServiceName } from '@tillbridge/contracts';
import type { Hub } from '@tillbridge/day';
import type { KillableServer } from '@tillbridge/embedded';
import type { Victim } from '../schedule/plan-faults.js';
import type { Process } from './process-keeper.js';

/** All processes of a hub by what they are; NATS may be several. */
export function hubProcesses(hub: Hub): Map<Victim, readonly Process[]> {
  const { services, servers } = hub.embedded;
  const ofService = (name: ServiceName): Process => ({
    name,
    running: () => services.isRunning(name),
    kill: async () => {
      if (!services.isRunning(name)) return false;
      await services.kill(name, 'SIGKILL');
      return true;
    },
    freeze: () => Promise.resolve(services.freeze(name)),
    thaw: () => services.thaw(name),
    start: async () => {
      // What an earlier try left that never became ready is in the way.
      await services.kill(name, 'SIGKILL');
      await services.start(name);
    },
  });
  return new Map<Victim, readonly Process[]>([
    ['nats', servers.nats.map(ofServer)],
    ['postgres', [ofServer(servers.postgres)]],
    ...SERVICES.map((name) => [name, [ofService(name)]] as const),
  ]);
}

const ofServer = (server: KillableServer): Process => ({
  name: server.name,
  running: () => server.running,
  kill: () => server.kill(),
  freeze: () => server.freeze(),
  thaw: () => server.thaw(),
  start: () => server.restart(),
});
