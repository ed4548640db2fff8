import { NOBODY } from '../bench-configuration.js';
import { measurePairs, type PairFigures } from '../pairs.js';
import { startServers, type Servers } from '../servers.js';
import { round, type Percentiles } from '../statistics.js';
import { StreamTraffic } from '../stream-traffic.js';
import { measureSaleToPublished } from './sale-to-published.js';
import { stockConfiguration } from './stock-configuration.js';
import { COUNT_CONSUMER, StockFacts, type Mix } from './stock-facts.js';
import { BARE_SUBJECT, StockSide } from './stock-side.js';

export interface StockOptions {
  readonly dataDir: string;
  readonly pairs: number;
  /** In each measurement, a multiple of 500. */
  readonly facts: number;
  report(line: string): void;
}

/** The report's keys are a public interface. */
export interface StockReport extends PairFigures {
  readonly hotSku: PairFigures;
  /** From a till sale's webhook in, to the call that tells the shop out. */
  readonly saleToPublishedMs: Percentiles;
  /** Calls that set stock, for each figure that they changed. */
  readonly callsPerChange: number;
  readonly rssMb: number;
}

/** What it costs the built inventory service to take in stock, and how soon the shop hears of it. */
export async function runStock(options: StockOptions): Promise<StockReport> {
  const applied = await compare(options);
  const published = await measureSaleToPublished(options);
  return { ...applied, ...published };
}

async function compare(options: StockOptions) {
  const vendors = { shopUrl: NOBODY, tillUrl: NOBODY, tillRequestsPerSecond: 10 };
  const servers = await startServers({ ...options, configuration: stockConfiguration(vendors) });
  try {
    const traffic = await StreamTraffic.open(servers);
    try {
      return await withSides(servers, traffic, (sides) => measure(options, sides));
    } finally {
      await traffic.close();
    }
  } finally {
    await servers.stop();
  }
}

interface Sides {
  readonly ours: StockSide;
  readonly bare: StockSide;
}

async function measure({ pairs, facts, report }: StockOptions, { ours, bare }: Sides) {
  let rssMb = 0;
  const inMix = async (mix: Mix): Promise<PairFigures> => {
    // What follows is to be measured with warm code.
    for (const side of [bare, ours]) await side.drain(mix, facts);
    const figures = await measurePairs({
      pairs,
      name: mix,
      ours: () => ours.drain(mix, facts),
      raw: () => bare.drain(mix, facts),
      report,
    });
    rssMb = Math.max(rssMb, await ours.rssMb());
    return figures;
  };
  const spread = await inMix('spread');
  const hotSku = await inMix('hot');
  return { ...spread, hotSku, rssMb: round(rssMb) };
}

/** Our service takes the opening in; the bare program begins with a copy of the database after it. */
async function withSides<T>(
  servers: Servers,
  traffic: StreamTraffic,
  work: (sides: Sides) => Promise<T>,
): Promise<T> {
  const env = await servers.environmentOf('inventory');
  const facts = new StockFacts();
  const opening = await StockSide.start('inventory', servers, traffic, { env, facts });
  try {
    await opening.open();
  } finally {
    await opening.stop();
  }
  await traffic.addConsumer('bare', COUNT_CONSUMER, BARE_SUBJECT);
  const { user, password } = servers.nats;
  const bareEnv = {
    DATABASE_URL: await servers.copyDatabase('inventory', 'bare', env['DATABASE_URL'] ?? ''),
    NATS_URL: servers.nats.url,
    NATS_USER: user,
    NATS_PASSWORD: password,
  };
  const ours = await StockSide.start('inventory', servers, traffic, { env, facts });
  try {
    const told = { env: bareEnv, facts: facts.copy() };
    const bare = await StockSide.start('bare', servers, traffic, told);
    try {
      return await work({ ours, bare });
    } finally {
      await bare.stop();
    }
  } finally {
    await ours.stop();
  }
}
