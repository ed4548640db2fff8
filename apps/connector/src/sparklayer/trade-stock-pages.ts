import {
  AskSkusOnSale,
  ChannelStockFigure,
  type ChannelStockPage,
  type SkusOnSale,
} from '@tillbridge/contracts';

import type { Questions, StockQuestion } from '../vendor.js';
import { PATIENT } from './sparklayer.client.js';
import type { TradeStock } from './trade-stock.js';

/** Figures that a page holds at most. */
const PAGE_FIGURES = 5_000;

export interface TradeStockPagesOptions {
  readonly stock: TradeStock;
  readonly asker: Questions;
  /** The connection of the platform under the trade shop. */
  readonly storefront: string;
  /** External ids of the stock locations that a configured location feeds. */
  readonly locationIds: readonly string[];
}

/**
 * What the trade shop shows at its own stock locations, for whoever compares it. It lists no levels, so
 * it is asked for all that the platform under it sells, some SKUs at a time; and it cannot say what
 * moved, so of that there is nothing to be read.
 */
export class TradeStockPages {
  constructor(private readonly options: TradeStockPagesOptions) {}

  async read({ since, skus, after }: StockQuestion): Promise<ChannelStockPage> {
    if (skus !== undefined) return { figures: await this.figuresOf(skus) };
    if (since !== undefined) return { figures: [] };
    const { asker, storefront: connectionId, locationIds } = this.options;
    const question = Object.assign(new AskSkusOnSale(), { connectionId, after });
    const { skus: onSale } = await asker.ask<SkusOnSale>(question);
    const few = onSale.slice(0, Math.max(1, Math.floor(PAGE_FIGURES / locationIds.length)));
    const next = few.at(-1);
    return { figures: await this.figuresOf(few), ...(next === undefined ? {} : { next }) };
  }

  private async figuresOf(skus: readonly string[]): Promise<ChannelStockFigure[]> {
    const { stock, locationIds } = this.options;
    const places = skus.flatMap((sku) =>
      locationIds.map((channelLocationId) => ({ channelLocationId, sku })),
    );
    const levels = await stock.read(places, PATIENT);
    return levels.map(({ channelLocationId, sku, availableUnits }) =>
      Object.assign(new ChannelStockFigure(), { channelLocationId, sku, availableUnits }),
    );
  }
}
