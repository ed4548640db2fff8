import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, superviseServices, untilReady, workspaceRoot } from '@tillbridge/embedded';
import { benchConfiguration, SHOP } from '../bench-configuration.js';
import { measurePairs, type PairFigures } from '../pairs.js';
import { startServers, type Servers } from '../servers.js';
import { percentiles, type Percentiles } from '../statistics.js';
import { Load, type LoadFigures } from './load.js';
import { signedWebhooks } from './signed-webhooks.js';
import { openSilentShop } from './silent-shop.js';

export interface IngressOptions {
  readonly dataDir: string;
  readonly pairs: number;
  /** Of each measurement. */
  readonly seconds: number;
  report(line: string): void;
}

/** The report's keys are a public interface. */
export interface IngressReport extends PairFigures {
  /** From due to answered, at 70 % of `perSecond`. */
  readonly ms: Percentiles;
  /** Webhooks that were not answered with 200, in all measurements of ours. */
  readonly errors: number;
}

const POOL = '10';
const LOADED = 0.7;
const PACED_SECONDS = 10;

/** The real connector takes webhooks in, against a bare route that inserts them. */
export async function runIngress(options: IngressOptions): Promise<IngressReport> {
  const shop = await openSilentShop();
  try {
    const servers = await startServers({ ...options, configuration: benchConfiguration(shop.url) });
    try {
      return await withBoth(servers, (ours, bare) => measure(options, ours, bare));
    } finally {
      await servers.stop();
    }
  } finally {
    await shop.close();
  }
}

async function measure(options: IngressOptions, ours: Load, bare: Load): Promise<IngressReport> {
  let errors = 0;
  const rateOf = async (load: Load): Promise<number> => {
    const figures: LoadFigures = await load.full(options.seconds);
    if (load === ours) errors += figures.errors;
    else if (figures.errors > 0) throw new Error(`the bare route failed ${figures.errors} times`);
    return figures.perSecond;
  };
  // What follows is to be measured with warm code.
  for (const load of [bare, ours]) await rateOf(load);
  const figures = await measurePairs({
    pairs: options.pairs,
    name: 'webhooks',
    ours: () => rateOf(ours),
    raw: () => rateOf(bare),
    report: options.report,
  });
  await sleep(1_000);
  const paced = await ours.paced(figures.perSecond * LOADED, PACED_SECONDS);
  errors += paced.errors;
  return { ...figures, ms: percentiles(paced.answerMs), errors };
}

/** The built connector, as a hub runs it, and the bare route beside it. */
async function withBoth<T>(
  servers: Servers,
  work: (ours: Load, bare: Load) => Promise<T>,
): Promise<T> {
  const { dataDir } = servers;
  const env = await servers.environmentOf('connector');
  const connector = await superviseServices({
    services: [
      {
        name: 'connector',
        env: { ...env, TILLBRIDGE_CONNECTIONS: SHOP.connection, DATABASE_POOL: POOL },
      },
    ],
    dataDir,
    workspaceRoot: workspaceRoot(),
  });
  try {
    const route = await startBareRoute(servers);
    const next = signedWebhooks();
    const ours = new Load(connector.urlOf('connector'), `/webhooks/${SHOP.connection}`, next);
    const bare = new Load(route.url, '/webhook', next);
    try {
      return await work(ours, bare);
    } finally {
      await Promise.all([ours.close(), bare.close()]);
      await route.stop();
    }
  } finally {
    await connector.stop();
  }
}

async function startBareRoute(servers: Servers) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const databaseUrl = await servers.databaseUrl('bare');
  const program = await servers.startProgram({
    name: 'bare-route',
    main: fileURLToPath(new URL('./bare-route.js', import.meta.url)),
    env: { DATABASE_URL: databaseUrl, HTTP_PORT: String(port), BENCH_POOL: POOL },
  });
  const isReady = async (): Promise<boolean> =>
    (await fetch(`${url}/health/ready`).catch(() => undefined))?.ok === true;
  await untilReady(program, 'the bare route', 20_000, isReady);
  return { url, stop: () => program.stop() };
}
