import { setTimeout as sleep } from 'node:timers/promises';
import { jetstreamManager, type ConsumerInfo, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsLogin } from '@tillbridge/embedded';
import { connectNats } from '@tillbridge/messaging';

const STREAMS = ['EVENTS', 'COMMANDS'];
const WITHIN_MS = 30_000;
const LOOK_MS = 50;

/**
 * How often the server has delivered a message again, by consumer and since the consumers were made:
 * its deliveries less the messages that are for it. Counted by the server, whoever got them, for a
 * hub at rest whose streams still hold everything. Consumers without any are left out.
 */
export async function countRedeliveries(login: NatsLogin): Promise<Map<string, number>> {
  const nats = await connectNats({ ...login, name: 'redeliveries' });
  try {
    const manager = await jetstreamManager(nats);
    const counts = new Map<string, number>();
    for (const stream of STREAMS) {
      for await (const { name } of manager.consumers.list(stream)) {
        const count = await countAtRest(manager, stream, name);
        if (count > 0) counts.set(name, count);
      }
    }
    return counts;
  } finally {
    await nats.close();
  }
}

/** Polls go on at rest and say so: nothing may have come between the two figures. */
async function countAtRest(
  manager: JetStreamManager,
  stream: string,
  name: string,
): Promise<number> {
  for (const endMs = Date.now() + WITHIN_MS; ; await sleep(LOOK_MS)) {
    const before = await manager.consumers.info(stream, name);
    const messages = await messagesFor(manager, stream, before);
    const after = await manager.consumers.info(stream, name);
    const quiet = after.num_pending + after.num_ack_pending === 0;
    if (quiet && before.delivered.consumer_seq === after.delivered.consumer_seq) {
      return after.delivered.consumer_seq - messages;
    }
    if (Date.now() > endMs) throw new Error(`${name} does not come to rest`);
  }
}

async function messagesFor(
  manager: JetStreamManager,
  stream: string,
  { config }: ConsumerInfo,
): Promise<number> {
  const { filter_subject: filter } = config;
  const { state } = await manager.streams.info(stream, { subjects_filter: filter ?? '>' });
  return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
}
