import { JetStreamApiError, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { ConnectionRef } from '../connection/hosted-connections.js';
import { driftIn, type Drift } from './drift.js';
import { refuseOldServer, refuseUnsyncedServers } from './server-demands.js';
import { configOf, durableConsumers, streamsFor, type DurableConsumer } from './streams.js';

export interface ProvisionOptions {
  /** Connected as the provisioner: nobody else may do this. */
  readonly nats: NatsConnection;
  readonly connections: readonly ConnectionRef[];
  /** 3 in profile production, else 1, unless given. */
  readonly replicas?: number;
  readonly profile?: 'development' | 'production';
  /** The monitoring ports of all servers; needed in profile production. */
  readonly monitoringUrls?: readonly string[];
}

export interface Provisioned {
  readonly streams: readonly string[];
  readonly consumers: readonly string[];
  /** Consumers that no service has any more; they are left to a person. */
  readonly unknownConsumers: readonly string[];
  readonly drift: readonly Drift[];
}

/**
 * Makes streams and consumers what they have to be, reads them back and compares: a server ignores
 * what it does not know. Deletes nothing.
 *
 * @throws UnfitServer when the server is too old or, in profile production, not syncing always.
 */
export async function provision(options: ProvisionOptions): Promise<Provisioned> {
  refuseOldServer(options.nats.info?.version ?? '0.0.0');
  if (options.profile === 'production') await refuseUnsyncedServers(options.monitoringUrls);
  const manager = await jetstreamManager(options.nats, { checkAPI: true });
  const replicas = options.replicas ?? (options.profile === 'production' ? 3 : 1);
  const drift: Drift[] = [];
  const streams = streamsFor(replicas);
  for (const wanted of streams) drift.push(...(await ensureStream(manager, wanted)));
  const durables = durableConsumers(options.connections);
  for (const durable of durables) drift.push(...(await ensureConsumer(manager, durable)));
  const names = new Set(durables.map(({ name }) => name));
  const unknownConsumers = await namesBesides(manager, streams, names);
  return {
    streams: streams.map(({ name }) => name),
    consumers: [...names],
    unknownConsumers,
    drift,
  };
}

type Wanted = ReturnType<typeof streamsFor>[number];

async function ensureStream(manager: JetStreamManager, wanted: Wanted): Promise<Drift[]> {
  let refusal: string | undefined;
  if (await isThere(() => manager.streams.info(wanted.name))) {
    refusal = await refusalOf(() => manager.streams.update(wanted.name, wanted));
  } else {
    await manager.streams.add(wanted);
  }
  const { config } = await manager.streams.info(wanted.name);
  return compared(`stream ${wanted.name}`, wanted, config, refusal);
}

async function ensureConsumer(
  manager: JetStreamManager,
  durable: DurableConsumer,
): Promise<Drift[]> {
  const { stream, name } = durable;
  const wanted = configOf(durable);
  let refusal: string | undefined;
  if (await isThere(() => manager.consumers.info(stream, name))) {
    // What may be changed is changed; its place in the stream stays.
    refusal = await refusalOf(() => manager.consumers.update(stream, name, wanted));
  } else {
    await manager.consumers.add(stream, wanted);
  }
  const { config } = await manager.consumers.info(stream, name);
  return compared(`consumer ${name}`, wanted, config, refusal);
}

async function isThere(look: () => Promise<unknown>): Promise<boolean> {
  try {
    await look();
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** What the server says to a change that it does not allow. */
async function refusalOf(change: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await change();
    return undefined;
  } catch (error) {
    if (error instanceof JetStreamApiError) return error.message;
    throw error;
  }
}

/** A refused change shows in the settings; one that does not is named by the server's own words. */
function compared(
  where: string,
  wanted: object,
  found: object,
  refusal: string | undefined,
): Drift[] {
  const drift = driftIn(where, wanted, found);
  if (refusal === undefined || drift.length > 0) return drift;
  return [{ where, setting: 'change', wanted: 'taken over', found: refusal }];
}

async function namesBesides(
  manager: JetStreamManager,
  streams: readonly Wanted[],
  known: ReadonlySet<string>,
): Promise<string[]> {
  const besides: string[] = [];
  for (const { name: stream } of streams) {
    for await (const { name } of manager.consumers.list(stream)) {
      if (!known.has(name)) besides.push(name);
    }
  }
  return besides;
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && /(stream|consumer) not found/.test(error.message);
}
