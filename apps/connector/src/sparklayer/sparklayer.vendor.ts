import type { SparkLayerConnection } from '@tillbridge/runtime';

import type { EntityKey, Observation, Vendor, VendorTools } from '../vendor.js';
import { fromPurchase } from './purchase.js';
import { createPurchasesFeed } from './purchases.feed.js';
import { SparkLayerClient } from './sparklayer.client.js';

const FETCH_AT_ONCE = 5;

/** One trade shop: its purchases in. The orders themselves are the platform's. */
export function createSparkLayer(connection: SparkLayerConnection, tools: VendorTools): Vendor {
  const { clock, timeScale } = tools;
  const client = new SparkLayerClient(connection, { timeScale, clock });
  return {
    connection,
    feeds: [createPurchasesFeed(connection, client, { timeScale, clock })],
    acts: [],
    aside: { feeds: [], kinds: [] },
    actConcurrency: 1,
    fetchBatch: () => FETCH_AT_ONCE,
    fetch: (keys) => fetchPurchases(keys, connection.id, client),
    verify: () => ({
      ok: false,
      status: 404,
      code: 'no-webhooks',
      detail: 'the trade shop sends no webhooks: this is not from it',
    }),
    connect: () => client.authenticate(),
  };
}

/** A purchase that is gone was a cart: there is nothing to tell. */
async function fetchPurchases(
  keys: readonly EntityKey[],
  connectionId: string,
  client: SparkLayerClient,
): Promise<Observation[]> {
  const observations: Observation[] = [];
  for (const { id } of keys) {
    const purchase = await client.readPurchase(id);
    const observation = purchase && fromPurchase(connectionId, purchase);
    if (observation) observations.push(observation);
  }
  return observations;
}
