import { LevelReader } from './level-reader.js';
import { someRefs } from './shop-builders.js';
import { PATIENT, type ShopifyClient } from './shopify.client.js';
import { StockPages } from './stock-pages.js';
import { VariantBook } from './variant-book.js';

const LEEDS = 'gid://shopify/Location/1';
const YORK = 'gid://shopify/Location/2';

type Figures = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A shop with one level on each page. */
function aShop(figures: Figures) {
  const sent: { name: string; variables: Record<string, unknown>; priority: unknown }[] = [];
  const level = (sku: string, units: number) => ({
    item: { id: `item-${sku}`, sku },
    quantities: [{ quantity: units }],
  });
  const client = {
    send: async (
      { name }: { name: string },
      variables: Record<string, string>,
      priority: unknown,
    ) => {
      sent.push({ name, variables, priority });
      if (name === 'ItemLevels') {
        const here = figures[variables.locationId ?? ''] ?? {};
        const ids = variables.ids as unknown as string[];
        return {
          nodes: ids.map((id) => {
            const sku = id.replace('item-', '');
            const units = here[sku];
            const inventoryLevel =
              units === undefined ? null : { quantities: [{ quantity: units }] };
            return { id, sku, inventoryLevel };
          }),
        };
      }
      const all = Object.entries(figures[variables.id ?? ''] ?? {});
      const at = Number(variables.after ?? 0);
      return {
        location: {
          inventoryLevels: {
            nodes: all.slice(at, at + 1).map(([sku, units]) => level(sku, units)),
            pageInfo: { hasNextPage: at + 1 < all.length, endCursor: String(at + 1) },
          },
        },
      };
    },
  } as unknown as ShopifyClient;
  const refs = someRefs();
  for (const sku of ['TEA', 'CUP']) {
    const known = { variantId: `variant-${sku}`, inventoryItemId: `item-${sku}` };
    refs.kept.set(`variant-by-sku|${sku}`, known).set(`sku-by-item|item-${sku}`, sku);
  }
  const levels = new LevelReader('shop', client, Date);
  return { pages: new StockPages(levels, new VariantBook(client, refs), [LEEDS, YORK]), sent };
}

it('goes through the places one after the other, a page at a time, and has patience', async () => {
  const { pages, sent } = aShop({ [LEEDS]: { TEA: 4, CUP: 5 }, [YORK]: { TEA: 6 } });
  const found: unknown[] = [];
  let after: string | undefined;
  do {
    const page = await pages.read({ ...(after === undefined ? {} : { after }) });
    found.push(
      ...page.figures.map((each) => [each.channelLocationId, each.sku, each.availableUnits]),
    );
    after = page.next;
  } while (after !== undefined);
  expect(found).toEqual([
    [LEEDS, 'TEA', 4],
    [LEEDS, 'CUP', 5],
    [YORK, 'TEA', 6],
  ]);
  expect(sent.map(({ priority }) => priority)).toEqual([PATIENT, PATIENT, PATIENT]);
});

it('asks only for what moved', async () => {
  const { pages, sent } = aShop({ [LEEDS]: {} });
  await pages.read({ since: '2026-03-04T10:00:03Z' });
  expect(sent[0]?.variables).toMatchObject({ query: "updated_at:>='2026-03-04T10:00:03Z'" });
});

it('answers SKUs whole, at all places', async () => {
  const { pages } = aShop({ [LEEDS]: { TEA: 4, CUP: 5 }, [YORK]: { TEA: 6 } });
  const { figures, next } = await pages.read({ skus: ['TEA'] });
  expect(figures.map(({ availableUnits }) => availableUnits)).toEqual([4, 6]);
  expect(next).toBeUndefined();
});

it('refuses a place that it did not give out itself', async () => {
  const { pages } = aShop({});
  await expect(pages.read({ after: 'somewhere' })).rejects.toMatchObject({ code: 'bad-message' });
});
