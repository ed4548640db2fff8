import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startBuiltService } from '../built-service.js';
import { CONTAINER_HEAP } from '../container-heap.js';
import { residentMb } from '../resident-memory.js';
import { startServers } from '../servers.js';
import { round } from '../statistics.js';
import { onHandOf, SKUS } from './planted-differences.js';
import { reconcileConfiguration } from './reconcile-configuration.js';
import { StockedTill, TILL_STORES } from './stocked-till.js';

/** The report's keys are a public interface. */
export interface FirstLoadReport {
  /** Figures that inventory had at the end. */
  readonly pairs: number;
  /** From the start of the connector until inventory had the last of them. */
  readonly seconds: number;
  /** The most that one of the two processes held meanwhile. */
  readonly rssMb: number;
}

/** More than the till could be asked: no vendor's limit is measured. */
const UNTHROTTLED = 500;
const PATIENCE_MS = 300_000;
const LOOK_MS = 500;

/**
 * What it costs to begin: a hub that knows nothing reads a till with 50,000 SKUs in four stores, by the built
 * connector, over NATS, into the built inventory service.
 * @throws Error when a figure is missing or wrong at the end.
 */
export async function runFirstLoad(options: {
  dataDir: string;
  report(line: string): void;
}): Promise<FirstLoadReport> {
  const till = new StockedTill();
  await till.vendor.open();
  try {
    const configuration = reconcileConfiguration([], {
      stores: TILL_STORES,
      url: till.vendor.url,
      requestsPerSecond: UNTHROTTLED,
    });
    const servers = await startServers({ ...options, configuration });
    try {
      const env = await servers.environmentOf('inventory');
      const inventory = await startBuiltService(servers, 'inventory', {
        ...env,
        ...CONTAINER_HEAP,
      });
      const database = new pg.Client({ connectionString: env['DATABASE_URL'] });
      database.on('error', () => undefined);
      await database.connect();
      try {
        options.report(`${SKUS * TILL_STORES.length} figures to be read for the first time`);
        const connectorEnv = { ...(await servers.environmentOf('connector')), ...CONTAINER_HEAP };
        const beganMs = performance.now();
        const connector = await startBuiltService(servers, 'connector', connectorEnv);
        const rssMb = await untilLoaded(database, [inventory.pid, connector.pid]);
        const seconds = (performance.now() - beganMs) / 1_000;
        const { pairs, units } = await figuresIn(database);
        const right = unitsOfTill();
        if (units !== right) throw new Error(`${units} units were taken in, ${right} are there`);
        return { pairs, seconds: round(seconds), rssMb: round(rssMb) };
      } finally {
        await database.end();
      }
    } finally {
      await servers.stop();
    }
  } finally {
    await till.vendor.close();
  }
}

/** Returns the most memory that one of the processes held meanwhile. */
async function untilLoaded(database: pg.Client, pids: readonly number[]): Promise<number> {
  const endMs = performance.now() + PATIENCE_MS;
  let mostMb = 0;
  for (;;) {
    for (const pid of pids) mostMb = Math.max(mostMb, await residentMb([pid]));
    const { pairs } = await figuresIn(database);
    if (pairs >= SKUS * TILL_STORES.length) return mostMb;
    if (performance.now() > endMs) throw new Error(`the first load stands at ${pairs} figures`);
    await sleep(LOOK_MS);
  }
}

function unitsOfTill(): number {
  let units = 0;
  for (let index = 0; index < SKUS; index += 1) {
    for (const store of TILL_STORES.keys()) units += onHandOf(index, store);
  }
  return units;
}

async function figuresIn(database: pg.Client): Promise<{ pairs: number; units: number }> {
  const { rows } = await database.query<{ pairs: number; units: number }>(
    'SELECT count(*)::int AS pairs, coalesce(sum(on_hand_units), 0)::int AS units FROM stock_level',
  );
  return rows[0] ?? { pairs: 0, units: 0 };
}
