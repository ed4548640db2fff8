import { shapeOf, type MessageClass, type ServiceName } from '@tillbridge/contracts';

/**
 * The durable consumer of a message class in a service; the inbox marks are kept by it, so it never
 * changes. `orders` taking `evt.pos.order-posted.v1` is `orders-pos-order-posted-v1`; the connector
 * taking `cmd.pos.{connection}.post-order.v1` for `till` is `connector-till-post-order-v1`; what every
 * service takes itself, `cmd.{service}.…`, and what one of them is told, `cmd.orders.…`, begins with its
 * name and has no role.
 */
export function consumerName(
  service: ServiceName,
  type: MessageClass,
  connection?: string,
): string {
  const { kind, subject } = shapeOf(type);
  const [, role, ...rest] = subject.split('.');
  if (kind === 'command' && !subject.includes('{connection}')) return [service, ...rest].join('-');
  if (role === '{service}') return [service, ...rest].join('-');
  if (kind === 'command') {
    if (connection === undefined) throw new Error(`${type.name} has a consumer a connection`);
    return [service, connection, ...rest.filter((part) => part !== '{connection}')].join('-');
  }
  return [service, role, ...rest].join('-');
}
