import { AskSkusOnSale, type SkusOnSale } from '@tillbridge/contracts';
import type { SparkLayerConnection } from '@tillbridge/runtime';

import type { Feed, Questions } from '../vendor.js';
import type { TradeStock } from './trade-stock.js';

/** The trade shop can neither list its levels nor say which changed: each sweep asks for all. */
const EVERY_MS = 300_000;

export interface TradeLevelsOptions {
  readonly connection: SparkLayerConnection;
  readonly asker: Questions;
  readonly timeScale: number;
  /** External ids of the stock locations that a configured location feeds. */
  readonly locationIds: readonly string[];
}

/** What the trade shop shows of all that the platform under it sells, at its own stock locations. */
export function createTradeLevelsFeed(stock: TradeStock, options: TradeLevelsOptions): Feed {
  const { connection, asker, timeScale, locationIds } = options;
  const everyMs = Math.max(connection.pollSeconds * 1_000, EVERY_MS / timeScale);
  return {
    name: 'trade-levels',
    everyMs,
    minPauseMs: everyMs,
    async *poll() {
      // One that was made again under its name has another id.
      stock.forgetLocations();
      const connectionId = connection.storefront;
      let after: string | undefined;
      do {
        const question = Object.assign(new AskSkusOnSale(), { connectionId, after });
        const { skus } = await asker.ask<SkusOnSale>(question);
        const places = skus.flatMap((sku) =>
          locationIds.map((channelLocationId) => ({ channelLocationId, sku })),
        );
        const levels = await stock.read(places);
        yield { observations: levels.map((level) => stock.toObservation(level)) };
        after = skus.at(-1);
      } while (after !== undefined);
    },
  };
}
