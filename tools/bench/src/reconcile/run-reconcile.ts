import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { AskReconciliation, ReconcileStock, type ReconciliationRun } from '@tillbridge/contracts';
import { Asker, connectNats } from '@tillbridge/messaging';
import pg from 'pg';
import { SHOP } from '../bench-configuration.js';
import { startBuiltService } from '../built-service.js';
import { CONTAINER_HEAP } from '../container-heap.js';
import { residentMb } from '../resident-memory.js';
import { startServers } from '../servers.js';
import { round } from '../statistics.js';
import { CannedSystems } from './canned-systems.js';
import {
  COUNTED_AT,
  ONLINE,
  onHandSql,
  packedSkus,
  plantedDifferences,
  plantedKey,
  SKUS,
  STORES,
  type Planted,
} from './planted-differences.js';
import { runFirstLoad, type FirstLoadReport } from './first-load.js';
import { reconcileConfiguration } from './reconcile-configuration.js';

/** The report's keys are a public interface. */
export interface ReconcileReport {
  /** Figures that systems said and that were compared, with those read again. */
  readonly pairs: number;
  /** From the question to the end of the comparison, with the wait before the second look. */
  readonly seconds: number;
  /** The most that the service held meanwhile. */
  readonly rssMb: number;
  readonly planted: number;
  /** Those of them that were found in the right class. */
  readonly found: number;
  /** Differences where nothing was planted. */
  readonly invented: number;
  /** What it cost to begin, with nothing known. */
  readonly firstLoad: FirstLoadReport;
}

interface Service {
  readonly pid: number;
  stop(): Promise<unknown>;
}

interface BenchOptions {
  readonly dataDir: string;
  report(line: string): void;
}

type Comparison = Omit<ReconcileReport, 'firstLoad'>;

const PATIENCE_MS = 600_000;
const LOOK_MS = 200;

/** What it costs the built inventory service to compare 50,000 SKUs at four locations. */
export async function runReconcile(options: BenchOptions): Promise<ReconcileReport> {
  const compared = await runComparison(options);
  return { ...compared, firstLoad: await runFirstLoad(options) };
}

async function runComparison(options: BenchOptions): Promise<Comparison> {
  const planted = plantedDifferences();
  const configuration = reconcileConfiguration(packedSkus(planted.values()));
  const servers = await startServers({ ...options, configuration });
  try {
    const env = await servers.environmentOf('inventory');
    const service = await startBuiltService(servers, 'inventory', { ...env, ...CONTAINER_HEAP });
    try {
      const database = new pg.Client({ connectionString: env['DATABASE_URL'] });
      await database.connect();
      const nats = await connectNats({ ...servers.nats, name: 'bench' });
      try {
        await takeInStock(database);
        options.report(`${SKUS * (STORES.length + 1)} figures, ${planted.size} of them wrong`);
        return await measure({ service, database, nats, planted, report: options.report });
      } finally {
        await nats.close();
        await database.end();
      }
    } finally {
      await service.stop();
    }
  } finally {
    await servers.stop();
  }
}

/**
 * The hub's books as facts would have left them. The poll of the shop's orders is known to be complete
 * throughout, and a comparison has just been, so that none begins by itself.
 */
async function takeInStock(database: pg.Client): Promise<void> {
  const sku = `'SKU-' || lpad(n::text, 5, '0')`;
  const sum = STORES.map((_, store) => `(${onHandSql('n', String(store))})`).join(' + ');
  await database.query(
    `INSERT INTO reconciliation_run (run_id, scope, asked_by, started_at, finished_at, complete)
     VALUES (gen_random_uuid(), 'all', 'person', now(), now(), true)`,
  );
  await database.query(
    `INSERT INTO stock_level (location_id, sku, on_hand_units, counted_at, revision)
     SELECT ($1::text[])[store + 1], ${sku}, ${onHandSql('n', 'store')}, $2, 1
       FROM generate_series(0, $3::int - 1) n, generate_series(0, $4::int - 1) store`,
    [STORES, COUNTED_AT, SKUS, STORES.length],
  );
  await database.query(
    `INSERT INTO publication (connection_id, channel_location_id, sku, observed_units,
                              observed_revision, desired_units, since)
     SELECT $1, $2, ${sku}, ${sum}, 1, ${sum}, now() FROM generate_series(0, $3::int - 1) n`,
    [SHOP.connection, ONLINE, SKUS],
  );
  await database.query(
    `INSERT INTO poll_watermark VALUES ($1, now() + interval '1 hour')
     ON CONFLICT (connection_id) DO UPDATE SET complete_through = excluded.complete_through`,
    [SHOP.connection],
  );
  await database.query('VACUUM ANALYZE');
}

async function measure({
  service,
  database,
  nats,
  planted,
  report,
}: {
  service: Service;
  database: pg.Client;
  nats: NatsConnection;
  planted: ReadonlyMap<string, Planted>;
  report(line: string): void;
}): Promise<Comparison> {
  const systems = new CannedSystems(nats, planted);
  systems.start();
  try {
    const beganMs = performance.now();
    const { run, rssMb } = await compareAll(new Asker(nats), service);
    const seconds = (performance.now() - beganMs) / 1_000;
    if (run.complete !== true) throw new Error('a system could not be read to its end');
    const judged = await judge(database, planted, report);
    return { pairs: run.pairs, seconds: round(seconds), rssMb: round(rssMb), ...judged };
  } finally {
    systems.stop();
  }
}

async function compareAll(asker: Asker, service: Service) {
  const scope = Object.assign(new ReconcileStock(), { scope: 'all' });
  let run = await asker.ask<ReconciliationRun>(scope);
  const question = Object.assign(new AskReconciliation(), { runId: run.runId });
  const endMs = performance.now() + PATIENCE_MS;
  let rssMb = 0;
  while (run.finishedAt === null) {
    if (performance.now() > endMs) throw new Error(`the comparison stands at ${run.pairs} figures`);
    rssMb = Math.max(rssMb, await residentMb([service.pid]));
    await sleep(LOOK_MS);
    run = await asker.ask<ReconciliationRun>(question);
  }
  return { run, rssMb };
}

/** Holds what was found against what was planted; names the first few that are wrong. */
async function judge(
  database: pg.Client,
  planted: ReadonlyMap<string, Planted>,
  report: (line: string) => void,
) {
  const { rows } = await database.query<{ place: string; sku: string; reason: string }>(
    'SELECT place, sku, class AS reason FROM stock_difference',
  );
  const reasons = new Map(rows.map((row) => [plantedKey(row), row.reason]));
  const missed = [...planted].filter(([key, { reason }]) => reasons.get(key) !== reason);
  const invented = rows.filter((row) => !planted.has(plantedKey(row)));
  for (const [key, { reason }] of missed.slice(0, 5)) {
    report(`${key}: ${reason} was found as ${reasons.get(key) ?? 'nothing'}`);
  }
  for (const { place, sku, reason } of invented.slice(0, 5)) {
    report(`${place} ${sku}: ${reason} where nothing is wrong`);
  }
  return { planted: planted.size, found: planted.size - missed.length, invented: invented.length };
}
