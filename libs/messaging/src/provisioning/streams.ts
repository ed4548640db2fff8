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

/** The streams of our messages. */
export const STREAMS = ['EVENTS', 'COMMANDS'] as const;
export type StreamName = (typeof STREAMS)[number] | 'ADVISORIES';

/** What the server says once, about messages that it will not deliver any more. */
const ADVISED = ['MAX_DELIVERIES', 'MSG_TERMINATED'] as const;
const ADVISORIES_BYTES = 64 * 1024 * 1024;

export interface DurableConsumer {
  readonly stream: StreamName;
  readonly name: string;
  readonly filter: string;
}

/**
 * What the hub's streams have to be. Limits retention: a work queue has lost messages, and inboxes
 * know what was handled. Settings that must be off are named too, so that one that was turned on by
 * hand is turned off again.
 */
export function streamsFor(replicas: number): (Partial<StreamConfig> & { name: StreamName })[] {
  const rest = {
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    num_replicas: replicas,
    max_age: 30 * DAY_NS,
    max_msgs: -1,
    max_msgs_per_subject: -1,
    max_msg_size: -1,
    allow_direct: false,
    deny_delete: true,
    deny_purge: false,
    no_ack: false,
    sealed: false,
  };
  const road = {
    ...rest,
    // A full stream refuses, which the outbox sees; discarding the oldest would be silent.
    discard: DiscardPolicy.New,
    max_bytes: -1,
    duplicate_window: 20 * 60 * SECOND_NS,
    allow_atomic: true,
  };
  return [
    { name: 'EVENTS', subjects: ['evt.>'], ...road },
    { name: 'COMMANDS', subjects: ['cmd.>'], ...road },
    {
      name: 'ADVISORIES',
      subjects: ADVISED.map((what) => `$JS.EVENT.ADVISORY.CONSUMER.${what}.>`),
      ...rest,
      discard: DiscardPolicy.Old,
      max_bytes: ADVISORIES_BYTES,
      allow_atomic: false,
    },
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
    if (!subject.includes('{connection}')) {
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
    max_batch: 0,
    max_bytes: 0,
    max_expires: 0,
    inactive_threshold: 0,
    headers_only: false,
  };
}
