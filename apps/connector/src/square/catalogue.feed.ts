import type { Complaint, EntityKey, Feed, PollPage, Ref } from '../vendor.js';
import type { CatalogueObject } from './square-model.js';
import type { SquareLocations } from './square-locations.js';
import { skuRefs, type SquareRefs } from './square-refs.js';
import type { SquareClient } from './square.client.js';
import { countKeyOf } from './square.observations.js';

/** A variation that can be stocked under its SKU, or why it cannot. */
interface Variation {
  readonly id: string;
  readonly sku: string;
  readonly converted: boolean;
}

/** Which variation each SKU is. Read whole: it changes seldom and tells nothing of what changed. */
export class CatalogueFeed implements Feed {
  readonly name = 'catalogue';
  readonly minPauseMs = 5_000;

  constructor(
    private readonly client: SquareClient,
    private readonly refs: SquareRefs,
    private readonly locations: SquareLocations,
    readonly everyMs: number,
  ) {}

  async *poll(mark: string | null): AsyncIterable<PollPage> {
    for await (const objects of this.client.catalogue()) {
      yield this.toPage(objects, mark === null);
    }
    yield { observations: [], mark: new Date().toISOString() };
  }

  /** SKUs of variations that no feed has told yet. */
  async learn(
    variationIds: readonly string[],
  ): Promise<{ skus: Map<string, string>; refs: Ref[] }> {
    const skus = await this.refs.skus(variationIds);
    const unknown = [...new Set(variationIds)].filter((id) => !skus.has(id));
    if (unknown.length === 0) return { skus, refs: [] };
    const found = stockable(variationsOf(await this.client.catalogueObjects(unknown)));
    for (const { id, sku } of found) skus.set(id, sku);
    return { skus, refs: found.flatMap(({ id, sku }) => skuRefs(sku, id)) };
  }

  private async toPage(objects: readonly CatalogueObject[], first: boolean): Promise<PollPage> {
    const variations = variationsOf(objects);
    const known = await this.refs.skus(variations.map(({ id }) => id));
    const fresh = stockable(variations).filter(({ id, sku }) => known.get(id) !== sku);
    return {
      observations: [],
      refs: fresh.flatMap(({ id, sku }) => skuRefs(sku, id)),
      // The first look at stock reads every figure anyway, and learns what it does not know.
      wants: first ? [] : fresh.flatMap(({ id }) => this.countsOf(id)),
      raises: variations.filter(({ converted }) => converted).map(toComplaint),
      clears: fresh.map(({ sku }) => ({ code: 'sku-unknown', subject: sku }) as const),
    };
  }

  private countsOf(variationId: string): EntityKey[] {
    return this.locations.vendorIds.map((location) => ({
      kind: 'count',
      id: countKeyOf(location, variationId),
    }));
  }
}

function variationsOf(objects: readonly CatalogueObject[]): Variation[] {
  const variations = objects.flatMap((object) =>
    object.type === 'ITEM' ? (object.item_data?.variations ?? []) : [object],
  );
  return variations.flatMap(({ id, type, is_deleted: deleted, item_variation_data: data }) => {
    if (type !== 'ITEM_VARIATION' || deleted || !data?.sku) return [];
    return [{ id, sku: data.sku, converted: data.stockable_conversion !== undefined }];
  });
}

function stockable(variations: readonly Variation[]): Variation[] {
  return variations.filter(({ converted }) => !converted);
}

/** The hub explodes packs itself: with Square doing it too, a case of 12 would take 144. */
function toComplaint({ sku }: Variation): Complaint {
  return {
    code: 'sku-unknown',
    subject: sku,
    cause:
      'Square converts this variation into units of another (stockable conversion). Packs are ' +
      'converted by the hub, so the variation is left out: remove the conversion in Square.',
  };
}
