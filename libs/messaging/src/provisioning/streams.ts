import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  ReplayPolicy,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type StreamConfig,
} from '@nats-io/jetstream';
import { filterOf, shapeOf, SERVICES, subjectOf, TOPOLOGY } from '@tillbridge/contracts';
import { consumerName } from '@tillbridge/runtime';
import { connectionsOf, type ConnectionRef } from '../connection/hosted-connections.js';

const SECOND_NS = 1_000_000_000;
const DAY_NS = 86_400 * SECOND_NS;

export const STREAMS = ['EVENTS', 'COMMANDS'] as const;
export type StreamName = (typeof STREAMS)[number];

export interface DurableConsumer {
  readonly stream: StreamName;
  readonly name: string;
  readonly filter: string;
}

/** Limits retention: a work queue has lost messages, and inboxes know what was handled. */
export function streamsFor(replicas: number): (Partial<StreamConfig> & { name: StreamName })[] {
  const rest = {
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    num_replicas: replicas,
    max_age: 30 * DAY_NS,
    duplicate_window: 20 * 60 * SECOND_NS,
    allow_atomic: true,
    allow_direct: false,
    deny_delete: true,
    deny_purge: false,
  };
  return [
    { name: 'EVENTS', subjects: ['evt.>'], ...rest },
    { name: 'COMMANDS', subjects: ['cmd.>'], ...rest },
  ];
}

/**
 * Every durable consumer there has to be: one for each event a service takes and for what people have
 * it do, one for each command and connection.
 */
export function durableConsumers(connections: readonly ConnectionRef[]): DurableConsumer[] {
  return SERVICES.flatMap((service) => durablesOf(service, connections));
}

export function durablesOf(
  service: (typeof SERVICES)[number],
  connections: readonly ConnectionRef[],
): DurableConsumer[] {
  return TOPOLOGY[service].consumes.flatMap((type): DurableConsumer[] => {
    const { kind, subject } = shapeOf(type);
    if (kind === 'event') {
      return [{ stream: 'EVENTS', name: consumerName(service, type), filter: filterOf(type) }];
    }
    if (subject.includes('{service}')) {
      const filter = subjectOf(type, { service });
      return [{ stream: 'COMMANDS', name: consumerName(service, type), filter }];
    }
    return connectionsOf(type, connections).map(({ id }) => ({
      stream: 'COMMANDS',
      name: consumerName(service, type, id),
      filter: filterOf(type, { connection: id }),
    }));
  });
}

/** Without a limit of deliveries: beyond it a message is invisible. The service counts tries itself. */
export function configOf({ name, filter }: DurableConsumer): Partial<ConsumerConfig> {
  return {
    durable_name: name,
    filter_subject: filter,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    replay_policy: ReplayPolicy.Instant,
    ack_wait: 2 * SECOND_NS,
    max_deliver: -1,
    max_ack_pending: 5_000,
    max_waiting: 64,
  };
}
