import { ConfigurationChanged } from '@tillbridge/contracts';
import {
  changedCredentials,
  configurationChanges,
  digestOf,
  publicConfiguration,
  type Configuration,
} from '@tillbridge/runtime';
import type { Transaction } from '../database/transaction.js';

/** Changes that one event lists. */
const LISTED = 500;

/** The configuration that the service's figures were last brought up to. */
export interface TakenConfiguration {
  readonly version: number;
  readonly digest: string;
  /** Without credentials. */
  readonly configuration: Configuration;
}

/** What the service works by, kept from changes until commit; undefined before its first start. */
export async function readTaken(tx: Transaction): Promise<TakenConfiguration | undefined> {
  const [taken] = await tx.query<TakenConfiguration>(
    'SELECT version, digest, configuration FROM configuration_taken FOR UPDATE',
  );
  if (taken === undefined) return undefined;
  return { ...taken, configuration: publicConfiguration(taken.configuration) };
}

/**
 * Keeps that another configuration is taken, and tells what is different in it: once, however many
 * processes of the service take it. `own` is the one that this process had.
 */
export async function saveTaken(
  tx: Transaction,
  held: TakenConfiguration | undefined,
  { own, next }: { readonly own: Configuration; readonly next: Configuration },
  now: Date,
): Promise<ConfigurationChanged | undefined> {
  const digest = digestOf(next);
  if (held?.digest === digest) return undefined;
  const version = (held?.version ?? 0) + 1;
  const configuration = publicConfiguration(next);
  await tx.query(
    `INSERT INTO configuration_taken (version, digest, configuration, taken_at)
     VALUES ($1, $2, $3, $4)
     ON CONFLICT (one) DO UPDATE
       SET version = excluded.version, digest = excluded.digest,
           configuration = excluded.configuration, taken_at = excluded.taken_at`,
    [version, digest, JSON.stringify(configuration), now],
  );
  if (held === undefined) return undefined;
  const changes = [
    ...configurationChanges(held.configuration, configuration),
    ...changedCredentials(own, next).map((subject) => {
      const text = 'from now on the new ones are used';
      return { kind: 'credentials-changed' as const, subject, text, restart: false };
    }),
  ];
  if (changes.length === 0) return undefined;
  const told = Object.assign(new ConfigurationChanged(), {
    version,
    takenAt: now.toISOString(),
    changes: changes.slice(0, LISTED),
    changesInAll: changes.length,
  });
  tx.send([told]);
  return told;
}
