import {
  OPERATOR_TOPOLOGY,
  shapeOf,
  SERVICES,
  TOPOLOGY,
  type MessageClass,
  type ServiceName,
} from '@tillbridge/contracts';
import { inboxPrefixOf } from '../connection/connect-nats.js';
import type { ConnectionRef } from '../connection/hosted-connections.js';
import { durablesOf, STREAMS } from './streams.js';

/** In the words of the server's configuration. */
export interface NatsPermissions {
  readonly publish: { readonly allow?: readonly string[]; readonly deny?: readonly string[] };
  readonly subscribe: { readonly allow?: readonly string[]; readonly deny?: readonly string[] };
  readonly allow_responses?: boolean;
}

export interface NatsUser {
  readonly user: string;
  readonly password: string;
  readonly permissions: NatsPermissions;
}

/** The user that may make streams and consumers. */
export const PROVISIONER = 'provisioner';

/** The user of the operator's command line. */
export const OPERATOR = 'operator';

/** A user that may watch what happens, and nothing else. */
export const MONITOR = 'monitor';

/**
 * What a service may do: say what it says, hear through its own consumers, ask and answer its own
 * questions. Never `$JS.API.>`: with it a service reads and deletes everybody's streams.
 */
export function natsPermissions(
  service: ServiceName,
  connections: readonly ConnectionRef[],
): NatsPermissions {
  const { publishes, asks, answers } = TOPOLOGY[service];
  const durables = durablesOf(service, connections);
  return {
    publish: {
      allow: [
        ...publishes.map((type) => subjectFor(type, service)),
        ...asks.map((type) => subjectFor(type, '*')),
        // To notice that one was emptied or made anew.
        ...STREAMS.map((stream) => `$JS.API.STREAM.INFO.${stream}`),
        ...durables.flatMap(({ stream, name }) => [
          `$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`,
          `$JS.API.CONSUMER.INFO.${stream}.${name}`,
          `$JS.ACK.${stream}.${name}.>`,
          // The form that servers from 2.15 on may use: domain and account come first.
          `$JS.ACK.*.*.${stream}.${name}.>`,
        ]),
      ],
    },
    subscribe: {
      allow: [...answers.map((type) => subjectFor(type, service)), `${inboxPrefixOf(service)}.>`],
    },
    // It may answer who asked, wherever the asker's inbox is.
    allow_responses: true,
  };
}

/** All users of a hub. The monitor and the operator exist when they have a password. */
export function natsUsers(
  connections: readonly ConnectionRef[],
  passwords: Readonly<Record<string, string>>,
): NatsUser[] {
  const optional = [
    { user: MONITOR, permissions: monitorPermissions() },
    { user: OPERATOR, permissions: operatorPermissions() },
  ];
  return [
    ...SERVICES.map((user) => ({
      user,
      password: passwordOf(user, passwords),
      permissions: natsPermissions(user, connections),
    })),
    {
      user: PROVISIONER,
      password: passwordOf(PROVISIONER, passwords),
      permissions: provisionerPermissions(),
    },
    ...optional.flatMap(({ user, permissions }) => {
      const password = passwords[user];
      return password === undefined ? [] : [{ user, password, permissions }];
    }),
  ];
}

/** It makes and reads streams, looks at everything, and says nothing in anybody's name. */
function provisionerPermissions(): NatsPermissions {
  return {
    publish: { allow: ['$JS.API.>', 'qry.>'] },
    subscribe: { allow: ['evt.>', 'cmd.>', '$JS.EVENT.>', `${inboxPrefixOf(PROVISIONER)}.>`] },
  };
}

/** It asks services what people ask and has them settle their dead letters; it hears no stream. */
function operatorPermissions(): NatsPermissions {
  const { publishes, publishesToOne, asks, asksOne } = OPERATOR_TOPOLOGY;
  const said = [...publishes, ...publishesToOne, ...asks, ...asksOne];
  return {
    publish: { allow: said.map((type) => subjectFor(type, '*')) },
    subscribe: { allow: [`${inboxPrefixOf(OPERATOR)}.>`] },
  };
}

function monitorPermissions(): NatsPermissions {
  return { publish: { deny: ['>'] }, subscribe: { allow: ['evt.>'] } };
}

function subjectFor(type: MessageClass, service: string): string {
  return shapeOf(type).subject.replace('{connection}', '*').replace('{service}', service);
}

function passwordOf(user: string, passwords: Readonly<Record<string, string>>): string {
  const password = passwords[user];
  if (password === undefined || password === '')
    throw new Error(`the user ${user} has no password`);
  return password;
}
