import { shapeOf, type MessageClass } from '@tillbridge/contracts';
import { roleOf, type AnyConnection } from '@tillbridge/runtime';

/** What of a configured connection decides subjects, consumers and permissions. */
export type ConnectionRef = Pick<AnyConnection, 'id' | 'vendor'>;

/** Those of the connections that a `{connection}` contract is about, by the role in its subject. */
export function connectionsOf<C extends ConnectionRef>(
  type: MessageClass,
  connections: readonly C[],
): C[] {
  const [, role] = shapeOf(type).subject.split('.');
  return connections.filter((connection) => roleOf(connection) === role);
}

/** @throws Error when a named connection is not in the configuration. */
export function hostedConnections<C extends ConnectionRef>(
  connections: readonly C[],
  names: readonly string[] | undefined,
): C[] {
  if (names === undefined) return [...connections];
  return names.map((name) => {
    const found = connections.find(({ id }) => id === name);
    if (found !== undefined) return found;
    const known = connections.map(({ id }) => id).join(', ');
    throw new Error(`TILLBRIDGE_CONNECTIONS names '${name}'; the file has ${known}`);
  });
}
