import type { SquareClock } from './square-clock.js';
import { notFound } from './square-error.js';
import type { SquareIds } from './square-ids.js';

export interface Variation {
  readonly id: string;
  readonly itemId: string;
  readonly sku: string;
  readonly name: string;
  readonly priceMinor: number;
  readonly version: number;
  readonly updatedAt: string;
}

/** The items of the account: each has one variation, which is what has a SKU and a stock. */
export class Catalogue {
  private readonly byId = new Map<string, Variation>();
  private readonly byItemId = new Map<string, Variation>();
  private readonly bySku = new Map<string, Variation>();

  constructor(
    private readonly clock: SquareClock,
    private readonly ids: SquareIds,
    private readonly currency: string,
  ) {}

  add(v: { sku: string; name: string; priceMinor: number }): Variation {
    if (this.bySku.has(v.sku)) throw new Error(`The SKU '${v.sku}' is in the catalogue already.`);
    const variation: Variation = {
      id: this.ids.next(),
      itemId: this.ids.next(),
      sku: v.sku,
      name: v.name,
      priceMinor: v.priceMinor,
      version: this.clock.now(),
      updatedAt: this.clock.stampMs(),
    };
    this.byId.set(variation.id, variation);
    this.byItemId.set(variation.itemId, variation);
    this.bySku.set(variation.sku, variation);
    return variation;
  }

  /** @throws SquareError NOT_FOUND */
  variation(id: string, field?: string): Variation {
    const variation = this.byId.get(id);
    if (variation === undefined) throw notFound('Item variation', id, field);
    return variation;
  }

  /** For people in the store, who cannot ring up what does not exist. */
  withSku(sku: string): Variation {
    const variation = this.bySku.get(sku);
    if (variation === undefined) throw new Error(`The catalogue has no SKU '${sku}'.`);
    return variation;
  }

  /** Catalog objects of these types, in the order in which they were made. */
  objects(types: readonly string[]): { id: string; updatedAt: string; object: object }[] {
    return [...this.byId.values()].flatMap((variation) => [
      ...(types.includes('ITEM')
        ? [
            {
              id: variation.itemId,
              updatedAt: variation.updatedAt,
              object: this.toItemObject(variation),
            },
          ]
        : []),
      ...(types.includes('ITEM_VARIATION')
        ? [
            {
              id: variation.id,
              updatedAt: variation.updatedAt,
              object: this.toVariationObject(variation),
            },
          ]
        : []),
    ]);
  }

  objectsById(ids: readonly string[]): object[] {
    return ids.flatMap((id) => {
      const variation = this.byId.get(id);
      if (variation !== undefined) return [this.toVariationObject(variation)];
      const item = this.byItemId.get(id);
      return item === undefined ? [] : [this.toItemObject(item)];
    });
  }

  variationsWithSkus(skus: readonly string[]): { id: string; updatedAt: string; object: object }[] {
    return [...new Set(skus)].flatMap((sku) => {
      const found = this.bySku.get(sku);
      if (found === undefined) return [];
      return [{ id: found.id, updatedAt: found.updatedAt, object: this.toVariationObject(found) }];
    });
  }

  private toItemObject(variation: Variation): object {
    return {
      type: 'ITEM',
      id: variation.itemId,
      updated_at: variation.updatedAt,
      version: variation.version,
      is_deleted: false,
      present_at_all_locations: true,
      item_data: {
        name: variation.name,
        product_type: 'REGULAR',
        variations: [this.toVariationObject(variation)],
      },
    };
  }

  private toVariationObject(variation: Variation): object {
    return {
      type: 'ITEM_VARIATION',
      id: variation.id,
      updated_at: variation.updatedAt,
      version: variation.version,
      is_deleted: false,
      present_at_all_locations: true,
      item_variation_data: {
        item_id: variation.itemId,
        name: 'Regular',
        sku: variation.sku,
        ordinal: 0,
        pricing_type: 'FIXED_PRICING',
        price_money: { amount: variation.priceMinor, currency: this.currency },
        track_inventory: true,
        sellable: true,
        stockable: true,
      },
    };
  }
}
