import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES, type ServiceName } from '@tillbridge/contracts';
import type { Hub } from '@tillbridge/day';

const LOOK_MS = 500;

/**
 * What people do when services say that a stream was lost: they have each of them publish again.
 * Every service publishes into the streams, so each must say so by itself, and take it back when it
 * is done. Resolves with the number of messages that went out again.
 */
export async function rebuildOutboxes(
  queries: Hub['queries'],
  since: Date,
  giveUpAtMs: number,
  signal: AbortSignal,
): Promise<number> {
  const counts = SERVICES.map((service) =>
    rebuildOutbox(queries, service, since, giveUpAtMs, signal),
  );
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

async function rebuildOutbox(
  queries: Hub['queries'],
  service: ServiceName,
  since: Date,
  giveUpAtMs: number,
  signal: AbortSignal,
): Promise<number> {
  let noticed = false;
  let messages = 0;
  while (Date.now() < giveUpAtMs) {
    try {
      const raised = await queries.isRaised('stream-recreated', service);
      if (!raised && noticed) return messages;
      noticed ||= raised;
      if (raised) messages = await queries.rebuild(service, since, signal);
    } catch {
      // It is away, frozen or cut off: for a while that is to be expected here.
    }
    await sleep(LOOK_MS, undefined, { signal });
  }
  const done = noticed ? 'still says' : 'never said';
  throw new Error(`${service} ${done} that its streams were lost`);
}
