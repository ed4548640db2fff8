import { setTimeout as sleep } from 'node:timers/promises';
import { AskStockDisagreements, type StockDisagreements } from '@tillbridge/contracts';
import { freePort, superviseServices, workspaceRoot } from '@tillbridge/embedded';
import { Asker, connectNats } from '@tillbridge/messaging';
import { startServers, type Servers } from '../servers.js';
import { percentiles, round, type Percentiles } from '../statistics.js';
import { Market, TILL_RATE } from './market.js';
import { changesIn, delaysOf, type Sale } from './told-sales.js';
import { stockConfiguration } from './stock-configuration.js';

export interface PublishedFigures {
  readonly saleToPublishedMs: Percentiles;
  readonly callsPerChange: number;
}

const SALES_PER_SECOND = 100;
/** The shop takes no more calls that set stock. */
const CALLS_PER_SECOND = 2;
const WARM_SECONDS = 5;
const SECONDS = 30;
const PATIENCE_MS = 120_000;
const LOOK_MS = 100;

/**
 * The built connector and inventory between simulated tills and a simulated shop: how long after a
 * till sale the call goes out that tells the shop, under even load and a vendor's narrow limit.
 */
export async function measureSaleToPublished(options: {
  dataDir: string;
  report(line: string): void;
}): Promise<PublishedFigures> {
  const market = new Market();
  await market.open();
  try {
    const port = await freePort();
    const configuration = stockConfiguration({
      shopUrl: market.shop.url,
      tillUrl: market.square.url,
      webhookBaseUrl: `http://127.0.0.1:${port}`,
      tillRequestsPerSecond: TILL_RATE.requestsPerSecond,
    });
    const servers = await startServers({ ...options, configuration });
    try {
      return await withHub(servers, port, () => measure(market, servers, options.report));
    } finally {
      await servers.stop();
    }
  } finally {
    await market.close();
  }
}

async function withHub<T>(servers: Servers, port: number, work: () => Promise<T>): Promise<T> {
  const hub = await superviseServices({
    services: [
      { name: 'inventory', env: await servers.environmentOf('inventory') },
      { name: 'connector', env: await servers.environmentOf('connector'), httpPort: port },
    ],
    dataDir: servers.dataDir,
    workspaceRoot: workspaceRoot(),
  });
  try {
    return await work();
  } finally {
    await hub.stop();
  }
}

async function measure(
  market: Market,
  servers: Servers,
  report: (line: string) => void,
): Promise<PublishedFigures> {
  const nats = await connectNats({ ...servers.nats, name: 'bench' });
  try {
    await untilStocked(new Asker(nats), market.offers);
    market.allowSetCalls(CALLS_PER_SECOND);
    await trade(market, WARM_SECONDS);
    const fromMs = Date.now();
    const sales = await trade(market, SECONDS);
    const delays = await untilPublished(market, sales);
    const calls = market.shopCalls().filter(({ atMs }) => atMs >= fromMs);
    const changes = changesIn(calls);
    report(`${sales.length} till sales: ${changes} figures of the shop in ${calls.length} calls`);
    const callsPerChange = round(calls.length / changes, 3);
    return { saleToPublishedMs: percentiles(delays), callsPerChange };
  } finally {
    await nats.close();
  }
}

/** @throws Error when the hub has not taken the merchant's goods in within reasonable time. */
async function untilStocked(asker: Asker, offers: number): Promise<void> {
  const endMs = Date.now() + PATIENCE_MS;
  for (;;) {
    const { rows, open } = await asker.ask<StockDisagreements>(new AskStockDisagreements());
    if (rows >= offers && open === 0) return;
    if (Date.now() > endMs) throw new Error(`${rows} of ${offers} offers are known, ${open} wrong`);
    await sleep(LOOK_MS);
  }
}

async function trade(market: Market, seconds: number): Promise<Sale[]> {
  const beganMs = performance.now();
  const total = SALES_PER_SECOND * seconds;
  const sales: Sale[] = [];
  while (sales.length < total) {
    const dueMs = beganMs + (sales.length / SALES_PER_SECOND) * 1_000;
    if (dueMs > performance.now()) await sleep(1);
    else sales.push(market.sell());
  }
  return sales;
}

/**
 * Milliseconds from each sale to the first accepted call with a figure that has it in.
 *
 * @throws Error when a sale is never told.
 */
async function untilPublished(market: Market, sales: readonly Sale[]): Promise<number[]> {
  const endMs = Date.now() + PATIENCE_MS;
  for (;;) {
    const delays = delaysOf(sales, market.shopCalls());
    if (delays.length === sales.length) return delays;
    if (Date.now() > endMs) {
      throw new Error(`${sales.length - delays.length} till sales never reached the shop`);
    }
    await sleep(LOOK_MS);
  }
}
