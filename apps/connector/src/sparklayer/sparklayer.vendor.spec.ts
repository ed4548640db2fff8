import { SetTradeStock } from '@tillbridge/contracts';

import type { VendorTools } from '../vendor.js';
import { createSparkLayer } from './sparklayer.vendor.js';
import { TradeShop } from './trade-shop.js';

/**
 * On the platforms that we know SparkLayer has a connector of its own, which copies orders and their
 * dispatch. A purchase that we replaced would be overwritten by it, or it by us.
 */
it('writes no purchase: SparkLayer reads the dispatch from the platform itself', async () => {
  const shop = new TradeShop();
  await shop.open();
  const tools = { clock: Date, timeScale: 1, asker: {}, configuration: { locations: [] } };
  const vendor = createSparkLayer(shop.connection(), tools as unknown as VendorTools);
  expect(vendor.acts.map(({ command }) => command)).toEqual([SetTradeStock]);
  expect(vendor.feeds.map(({ name }) => name)).toEqual(['purchases']);
  for await (const page of vendor.feeds[0]!.poll(null, false)) expect(page).toBeDefined();
  expect([...new Set(shop.asked.map(({ path }) => path))].sort()).toEqual([
    '/api/auth/token',
    '/api/v1/purchases',
  ]);
  await shop.close();
});
