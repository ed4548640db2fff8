import { jest } from '@jest/globals';
import type { BulkLevels, BulkPart } from './bulk-levels.js';
import { LevelReader } from './level-reader.js';
import { someRefs } from './shop-builders.js';
import { PATIENT, type ShopifyClient } from './shopify.client.js';
import { StockPages } from './stock-pages.js';
import { VariantBook } from './variant-book.js';

const LEEDS = 'gid://shopify/Location/1';
const YORK = 'gid://shopify/Location/2';

/** What a bulk reading gives, one look after the other; null when the platform begins none. */
function aBulk(looks: BulkPart[] | null): BulkLevels & { readonly read: jest.Mock } {
  const read = jest.fn(async () => looks?.shift() ?? { state: 'failed' });
  return { begin: async () => (looks === null ? null : 'bulk-1'), read } as never;
}

const level = (locationId: string, sku: string, availableUnits: number) => {
  return { itemId: `item-${sku}`, locationId, sku, availableUnits };
};

type Figures = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A shop with one level on each page. */
function aShop(figures: Figures, bulk: BulkLevels = aBulk(null)) {
  const sent: { name: string; variables: Record<string, unknown>; priority: unknown }[] = [];
  const levelNode = (sku: string, units: number) => ({
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
            nodes: all.slice(at, at + 1).map(([sku, units]) => levelNode(sku, units)),
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
  const clock = { nowMs: 0, now: () => clock.nowMs };
  const variants = new VariantBook(client, refs);
  const locationIds = [LEEDS, YORK];
  const pages = new StockPages({ levels, variants, bulk, locationIds, timeScale: 1, clock });
  return { pages, sent, clock };
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

describe('everything', () => {
  it('is read from a file that the platform writes, part by part, and only our places', async () => {
    const looks: BulkPart[] = [
      { state: 'preparing' },
      { state: 'read', levels: [level(LEEDS, 'TEA', 4), level('elsewhere', 'TEA', 9)], next: 512 },
      { state: 'read', levels: [level(YORK, 'TEA', 6)], next: null },
    ];
    const bulk = aBulk(looks);
    const { pages, sent } = aShop({}, bulk);
    const first = await pages.read({});
    expect(first).toMatchObject({ figures: [], notBeforeMs: 10_000 });
    const waiting = await pages.read({ after: first.next ?? '' });
    expect(waiting).toEqual(first);
    const part = await pages.read({ after: waiting.next ?? '' });
    expect(part.figures).toMatchObject([{ channelLocationId: LEEDS, availableUnits: 4 }]);
    expect(part.notBeforeMs).toBeUndefined();
    const last = await pages.read({ after: part.next ?? '' });
    expect(last.figures).toMatchObject([{ channelLocationId: YORK, availableUnits: 6 }]);
    expect(last.next).toBeUndefined();
    expect(bulk.read.mock.calls.at(-1)).toEqual(['bulk-1', 512]);
    expect(sent).toEqual([]);
  });

  it.each([
    ['failed', 0],
    ['preparing', 3_600_001],
  ] as const)('is read by pages when the file is %s after %i ms', async (state, afterMs) => {
    const { pages, clock } = aShop({ [LEEDS]: { TEA: 4 }, [YORK]: {} }, aBulk([{ state }]));
    const { next } = await pages.read({});
    clock.nowMs += afterMs;
    const given = await pages.read({ after: next ?? '' });
    expect(given).toMatchObject({ figures: [] });
    const { figures } = await pages.read({ after: given.next ?? '' });
    expect(figures).toMatchObject([{ sku: 'TEA', availableUnits: 4 }]);
  });

  it('is no matter of a file when only what moved is asked for', async () => {
    const { pages, sent } = aShop({ [LEEDS]: {} }, aBulk([]));
    await pages.read({ since: '2026-03-04T10:00:03Z' });
    expect(sent.map(({ name }) => name)).toEqual(['LocationLevels']);
  });
});
