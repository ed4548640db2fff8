import { MasterStockFigure, type MasterStockPage } from '@tillbridge/contracts';
import type { StockQuestion } from '../vendor.js';
import type { CatalogueFeed } from './catalogue.feed.js';
import type { SquareLocations } from './square-locations.js';
import type { InventoryCount } from './square-model.js';
import type { SquareRefs } from './square-refs.js';
import type { SquareClient } from './square.client.js';
import { toClock, toUnits } from './square.translate.js';

/**
 * Square's counts, a page at a time, for whoever compares them with what was told of them. They
 * touch nothing that the stock feed remembers: a comparison that learned from it would agree with it.
 */
export class StockPages {
  constructor(
    private readonly parts: {
      readonly client: SquareClient;
      readonly refs: SquareRefs;
      readonly locations: SquareLocations;
      readonly catalogue: CatalogueFeed;
    },
  ) {}

  async read({ since, skus, after }: StockQuestion): Promise<MasterStockPage> {
    const { client, locations } = this.parts;
    const filter = { location_ids: locations.countedIds };
    if (skus !== undefined) return { figures: await this.readSkus(filter, skus) };
    const moved = since === undefined ? {} : { updated_after: since };
    const { counts, cursor } = await client.countsPage({ ...filter, ...moved }, after);
    return { figures: await this.toFigures(counts), ...(cursor ? { next: cursor } : {}) };
  }

  /** A SKU that the catalogue does not know is not mentioned. */
  private async readSkus(filter: object, skus: readonly string[]): Promise<MasterStockFigure[]> {
    const { client, refs } = this.parts;
    const catalog_object_ids = [...(await refs.variations(skus)).values()];
    const figures: MasterStockFigure[] = [];
    if (catalog_object_ids.length === 0) return figures;
    let cursor: string | undefined;
    do {
      const page = await client.countsPage({ ...filter, catalog_object_ids }, cursor);
      figures.push(...(await this.toFigures(page.counts)));
      cursor = page.cursor;
    } while (cursor !== undefined);
    return figures;
  }

  private async toFigures(counts: readonly InventoryCount[]): Promise<MasterStockFigure[]> {
    const { catalogue, locations } = this.parts;
    const inStock = counts.filter(({ state }) => state === 'IN_STOCK');
    const { skus } = await catalogue.learn(inStock.map((count) => count.catalog_object_id));
    return inStock.flatMap((count) => {
      const locationId = locations.ourId(count.location_id);
      const sku = skus.get(count.catalog_object_id);
      if (locationId === undefined || sku === undefined) return [];
      return [
        Object.assign(new MasterStockFigure(), {
          locationId,
          sku,
          onHandUnits: toUnits(count.quantity),
          countedAt: toClock(count.calculated_at),
        }),
      ];
    });
  }
}
