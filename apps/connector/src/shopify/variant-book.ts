import type { Ref, Refs } from '../vendor.js';
import type { VariantNode, Variants } from './shopify.answers.js';
import type { ShopifyClient } from './shopify.client.js';
import { VARIANTS } from './shopify.documents.js';

const ITEM_BY_SKU = 'variant-by-sku';
const SKU_BY_ITEM = 'sku-by-item';
/** Search terms in one query: its text stays short. */
const SKUS_AT_ONCE = 50;

interface KnownVariant {
  readonly variantId: string;
  readonly inventoryItemId: string;
}

/** Which inventory item a SKU is. Filled by the catalogue feed; what it lacks is asked for. */
export class VariantBook {
  constructor(
    private readonly client: ShopifyClient,
    private readonly refs: Refs,
  ) {}

  /** Every page of the catalogue, as refs to be kept with the page. */
  async *readAll(): AsyncIterable<Ref[]> {
    let after: string | null = null;
    do {
      const answer: Variants = await this.client.send(VARIANTS, { query: null, after });
      const { nodes, pageInfo } = answer.productVariants;
      yield nodes.flatMap(toRefs);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
  }

  /** Inventory item ids by SKU. A SKU that the platform does not know is left out. */
  async itemsOf(skus: readonly string[]): Promise<Map<string, string>> {
    const items = await this.known(skus);
    const unknown = [...new Set(skus)].filter((sku) => !items.has(sku));
    for (let at = 0; at < unknown.length; at += SKUS_AT_ONCE) {
      const asked = unknown.slice(at, at + SKUS_AT_ONCE);
      const query = asked.map((sku) => `sku:${quoted(sku)}`).join(' OR ');
      const answer = await this.client.send(VARIANTS, { query, after: null });
      // A search is loose about case and word ends; a SKU is exact.
      const found = answer.productVariants.nodes.filter(({ sku }) => asked.includes(sku ?? ''));
      await this.refs.put(found.flatMap(toRefs));
      for (const { sku, inventoryItem } of found) {
        if (sku !== null && !items.has(sku)) items.set(sku, inventoryItem.id);
      }
    }
    return items;
  }

  /** A SKU may have moved to another variant since: only what both directions say is believed. */
  private async known(skus: readonly string[]): Promise<Map<string, string>> {
    const variants = await this.refs.get<KnownVariant>(ITEM_BY_SKU, skus);
    const itemIds = [...variants.values()].map(({ inventoryItemId }) => inventoryItemId);
    const skuByItem = await this.refs.get<string>(SKU_BY_ITEM, itemIds);
    const agreed = [...variants].filter(
      ([sku, item]) => skuByItem.get(item.inventoryItemId) === sku,
    );
    return new Map(agreed.map(([sku, { inventoryItemId }]) => [sku, inventoryItemId]));
  }
}

function toRefs({ id, sku, inventoryItem }: VariantNode): Ref[] {
  if (sku === null || sku === '') return [];
  const known: KnownVariant = { variantId: id, inventoryItemId: inventoryItem.id };
  return [
    { kind: ITEM_BY_SKU, key: sku, value: known },
    { kind: SKU_BY_ITEM, key: inventoryItem.id, value: sku },
  ];
}

function quoted(sku: string): string {
  return `"${sku.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
