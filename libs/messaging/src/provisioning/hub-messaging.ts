import { SERVICES } from '@tillbridge/contracts';
import { connectNats, type NatsLogin } from '../connection/connect-nats.js';
import type { ConnectionRef } from '../connection/hosted-connections.js';
import { MONITOR, natsUsers, OPERATOR, PROVISIONER, type NatsUser } from './permissions.js';
import { provision, type ProvisionOptions } from './provision.js';

/** All that whoever starts a hub has to know of its messaging. */
export interface HubMessaging {
  readonly services: readonly string[];
  readonly provisioner: string;
  readonly monitor: string;
  readonly operator: string;
  users(passwords: Readonly<Record<string, string>>): readonly NatsUser[];
  /** @throws Error when the server did not take over a setting. */
  provision(login: NatsLogin): Promise<void>;
}

/** The messaging of a hub with these connections. */
export function hubMessaging(
  connections: readonly ConnectionRef[],
  options: Pick<ProvisionOptions, 'profile' | 'replicas' | 'monitoringUrls'> = {},
): HubMessaging {
  return {
    services: SERVICES,
    provisioner: PROVISIONER,
    monitor: MONITOR,
    operator: OPERATOR,
    users: (passwords) => natsUsers(connections, passwords),
    provision: async (login) => {
      const nats = await connectNats({ ...login, name: 'tillbridge-provisioner' });
      try {
        const { drift } = await provision({ nats, connections, ...options });
        if (drift.length > 0) {
          const list = drift.map(({ where, setting, found }) => `${where}: ${setting} is ${found}`);
          throw new Error(`The NATS server did not take over: ${list.join('; ')}`);
        }
      } finally {
        await nats.close();
      }
    },
  };
}
