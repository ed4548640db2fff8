import { CannedVendor, type CannedAnswer } from '../orders/canned-vendor.js';
import { COUNTED_AT, onHandOf, skuOf, SKUS } from './planted-differences.js';

/** Its stores, which the merchant calls by the till's own ids. */
export const TILL_STORES = ['store-1', 'store-2', 'store-3', 'store-4'] as const;

/** As many objects and figures as Square puts on a page. */
const PAGE = 1_000;

/** A till that has every SKU in each of four stores: it answers what a first look at it asks. */
export class StockedTill {
  readonly vendor = new CannedVendor((method, path, body) => this.answer(method, path, body));

  private answer(method: string, path: string, body: unknown): CannedAnswer {
    const { pathname, searchParams } = new URL(path, 'http://till');
    const { cursor } = body as { readonly cursor?: string };
    switch (`${method} ${pathname}`) {
      case 'GET /v2/catalog/list':
        return pageOf('objects', SKUS, searchParams.get('cursor'), variation);
      case 'POST /v2/catalog/batch-retrieve': {
        const { object_ids: ids } = body as { readonly object_ids: readonly string[] };
        return ok({ objects: ids.map((id) => variation(Number(id.slice('VAR-'.length)))) });
      }
      case 'POST /v2/inventory/counts/batch-retrieve':
        return pageOf('counts', SKUS * TILL_STORES.length, cursor ?? null, count);
      default:
        return ok({});
    }
  }
}

function pageOf(
  name: string,
  all: number,
  cursor: string | null,
  make: (at: number) => object,
): CannedAnswer {
  const from = Number(cursor ?? 0);
  const to = Math.min(all, from + PAGE);
  const page = Array.from({ length: to - from }, (_, at) => make(from + at));
  return ok({ [name]: page, ...(to < all ? { cursor: String(to) } : {}) });
}

function variation(index: number): object {
  const id = `VAR-${index}`;
  return { type: 'ITEM_VARIATION', id, item_variation_data: { sku: skuOf(index) } };
}

function count(at: number): object {
  const [index, store] = [Math.floor(at / TILL_STORES.length), at % TILL_STORES.length];
  return {
    catalog_object_id: `VAR-${index}`,
    state: 'IN_STOCK',
    location_id: TILL_STORES[store],
    quantity: String(onHandOf(index, store)),
    calculated_at: COUNTED_AT,
  };
}

function ok(body: object): CannedAnswer {
  return { status: 200, body };
}
