import type { SparkLayerConnection } from '@tillbridge/runtime';

import type { EntityKey, Observation, Vendor, VendorTools } from '../vendor.js';
import { fromPurchase } from './purchase.js';
import { createPurchasesFeed } from './purchases.feed.js';
import { SetTradeStockAct } from './set-trade-stock.act.js';
import { LEVELS_AT_ONCE } from './sparklayer.assumptions.js';
import { SparkLayerClient } from './sparklayer.client.js';
import { createTradeLevelsFeed } from './trade-levels.feed.js';
import { placeOfKey, TradeStock } from './trade-stock.js';
import { TradeStockPages } from './trade-stock-pages.js';

const PURCHASES_AT_ONCE = 5;

/**
 * One trade shop: its purchases in, and the stock it keeps of its own, both ways, where a location feeds
 * it. The orders themselves are the platform's.
 */
export function createSparkLayer(connection: SparkLayerConnection, tools: VendorTools): Vendor {
  const { clock, timeScale, asker, configuration } = tools;
  const client = new SparkLayerClient(connection, { timeScale, clock });
  const stock = new TradeStock(connection.id, client, clock);
  const fed = configuration.locations
    .flatMap(({ feeds }) => feeds)
    .filter((feed) => feed.connection === connection.id);
  const locationIds = [...new Set(fed.map((feed) => feed.vendorLocationId))];
  const pages = new TradeStockPages({
    ...{ stock, asker, locationIds },
    storefront: connection.storefront,
  });
  const levels = createTradeLevelsFeed(stock, { connection, asker, timeScale, locationIds });
  return {
    connection,
    feeds: [
      createPurchasesFeed(connection, client, { timeScale, clock }),
      ...(locationIds.length > 0 ? [levels] : []),
    ],
    acts: [new SetTradeStockAct(stock)],
    mapped: { feeds: ['trade-levels'], kinds: ['level'], refs: [] },
    aside: { feeds: ['trade-levels'], kinds: ['level'] },
    actConcurrency: 1,
    fetchBatch: (kind) => (kind === 'level' ? LEVELS_AT_ONCE : PURCHASES_AT_ONCE),
    fetch: (keys) => fetchAll(keys, connection.id, { client, stock }),
    ...(locationIds.length > 0 ? { readStock: (asked) => pages.read(asked) } : {}),
    verify: () => ({
      ok: false,
      status: 404,
      code: 'no-webhooks',
      detail: 'the trade shop sends no webhooks: this is not from it',
    }),
    connect: () => client.authenticate(),
    callsWaiting: () => client.callsWaiting(),
    mayWait: (allowed) => client.mayWait(allowed),
  };
}

/** A purchase that is gone was a cart: there is nothing to tell. */
async function fetchAll(
  keys: readonly EntityKey[],
  connectionId: string,
  { client, stock }: { client: SparkLayerClient; stock: TradeStock },
): Promise<Observation[]> {
  const levels = keys.filter(({ kind }) => kind === 'level').map(({ id }) => placeOfKey(id));
  const observations = (await stock.read(levels)).map((level) => stock.toObservation(level));
  for (const { kind, id } of keys) {
    if (kind === 'level') continue;
    const purchase = await client.readPurchase(id);
    const observation = purchase && fromPurchase(connectionId, purchase);
    if (observation) observations.push(observation);
  }
  return observations;
}
