import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimFolder, findNatsServer, startPostgres } from '@tillbridge/embedded';

export interface Infrastructure {
  /** What the specs' processes must have in their environment. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Where specs find the superuser's URL of the run's Postgres. */
export const POSTGRES_VARIABLE = 'TILLBRIDGE_TEST_POSTGRES';
/** Where specs find the NATS program; each spec that needs a server starts its own. */
export const NATS_VARIABLE = 'TILLBRIDGE_TEST_NATS';
/** The run's folder, gone after it: what specs store goes here. */
export const FOLDER_VARIABLE = 'TILLBRIDGE_TEST_FOLDER';

const PREFIX = 'tillbridge-test-';
/** A run claims its folder as soon as it has made it. */
const CLAIMED_WITHIN_MS = 60_000;

/** One Postgres for a whole run of tests, and a NATS program that servers can be started from. */
export async function startInfrastructure(): Promise<Infrastructure> {
  await sweep();
  const lines: string[] = [];
  // A server that happens to run must not be filled with test streams, so NATS_URL is ignored.
  const { NATS_URL: _, ...env } = process.env;
  const nats = await findNatsServer({ env, report: (line) => lines.push(line) });
  if (nats.kind !== 'program') throw new Error(`No NATS program: ${lines.join('\n')}`);
  const folder = await mkdtemp(join(tmpdir(), PREFIX));
  const claim = await claimFolder(folder);
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), durable: false });
  return {
    env: {
      [POSTGRES_VARIABLE]: postgres.adminUrl,
      [NATS_VARIABLE]: nats.path,
      [FOLDER_VARIABLE]: folder,
    },
    stop: async () => {
      await postgres.stop();
      await claim.release();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Removes the folders of runs that were killed; those of runs under way are claimed. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(tmpdir(), name);
    const made = await stat(folder).catch(() => undefined);
    if (made === undefined || Date.now() - made.ctimeMs < CLAIMED_WITHIN_MS) continue;
    const claim = await claimFolder(folder).catch(() => undefined);
    if (claim !== undefined) await rm(folder, { recursive: true, force: true });
  }
}
