import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { ConnectionRef } from '../connection/hosted-connections.js';
import { configOf, durableConsumers, streamsFor, type DurableConsumer } from './streams.js';

export interface ProvisionOptions {
  /** Connected as the provisioner: nobody else may do this. */
  readonly nats: NatsConnection;
  readonly connections: readonly ConnectionRef[];
  /** 3 in profile production, else 1, unless given. */
  readonly replicas?: number;
  readonly profile?: 'development' | 'production';
}

/** A setting that the server did not take over. */
export interface Drift {
  readonly where: string;
  readonly setting: string;
  readonly wanted: unknown;
  readonly found: unknown;
}

export interface Provisioned {
  readonly streams: readonly string[];
  readonly consumers: readonly string[];
  /** Consumers that no service has any more; they are left to a person. */
  readonly unknownConsumers: readonly string[];
  readonly drift: readonly Drift[];
}

const OLDEST = [2, 14, 2] as const;

/**
 * Makes streams and consumers what they have to be, reads them back and compares: a server ignores
 * what it does not know. Deletes nothing.
 *
 * @throws Error when the server is older than 2.14.2.
 */
export async function provision(options: ProvisionOptions): Promise<Provisioned> {
  refuseOldServer(options.nats.info?.version ?? '0.0.0');
  const manager = await jetstreamManager(options.nats, { checkAPI: true });
  const replicas = options.replicas ?? (options.profile === 'production' ? 3 : 1);
  const drift: Drift[] = [];
  const streams = streamsFor(replicas);
  for (const wanted of streams) {
    await ensureStream(manager, wanted);
    const { config } = await manager.streams.info(wanted.name);
    drift.push(...differences(`stream ${wanted.name}`, wanted, config));
  }
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

export function refuseOldServer(version: string): void {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  const [oldMajor, oldMinor, oldPatch] = OLDEST;
  const newEnough =
    major !== oldMajor
      ? major > oldMajor
      : minor !== oldMinor
        ? minor > oldMinor
        : patch >= oldPatch;
  if (newEnough) return;
  throw new Error(
    `This NATS server is ${version}. Tillbridge needs ${OLDEST.join('.')} or later: older ones ` +
      'know no atomic batches, or can lose acknowledged messages. Upgrade the server first.',
  );
}

type Wanted = ReturnType<typeof streamsFor>[number];

async function ensureStream(manager: JetStreamManager, wanted: Wanted): Promise<void> {
  try {
    await manager.streams.info(wanted.name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await manager.streams.add(wanted);
    return;
  }
  await manager.streams.update(wanted.name, wanted);
}

async function ensureConsumer(
  manager: JetStreamManager,
  durable: DurableConsumer,
): Promise<Drift[]> {
  const wanted = configOf(durable);
  try {
    await manager.consumers.info(durable.stream, durable.name);
    // What may be changed is changed; its place in the stream stays.
    await manager.consumers.update(durable.stream, durable.name, wanted);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await manager.consumers.add(durable.stream, wanted);
  }
  const { config } = await manager.consumers.info(durable.stream, durable.name);
  return differences(`consumer ${durable.name}`, wanted, config);
}

function differences(where: string, wanted: object, found: object): Drift[] {
  const actual = found as Readonly<Record<string, unknown>>;
  return Object.entries(wanted)
    .filter(
      ([setting, value]) =>
        JSON.stringify(value) !== JSON.stringify(actual[setting] ?? unset(value)),
    )
    .map(([setting, value]) => ({ where, setting, wanted: value, found: actual[setting] }));
}

/** The server leaves out what is false. */
function unset(wanted: unknown): unknown {
  return wanted === false ? false : undefined;
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
