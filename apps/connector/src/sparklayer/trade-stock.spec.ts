import { SetTradeStock, type Failure, type SkusOnSale, type StockSet } from '@tillbridge/contracts';

import { SetTradeStockAct } from './set-trade-stock.act.js';
import { TradeShop } from './trade-shop.js';
import { createTradeLevelsFeed } from './trade-levels.feed.js';
import { placeKey, TradeStock } from './trade-stock.js';
import { TradeStockPages } from './trade-stock-pages.js';

const OURS = 'hub-harbour';
const shop = new TradeShop();
const stock = () => new TradeStock('trade', shop.client(), { now: () => 0 });

beforeAll(() => shop.open());
afterAll(() => shop.close());
beforeEach(() => {
  shop.asked.length = 0;
  shop.next = [];
  shop.locations = [
    { id: 'id-default', name: 'Default', external_id: 'default' },
    { id: 'id-ours', name: 'Harbour', external_id: OURS },
  ];
  shop.levels = [
    aLevel('MUG', 12),
    { ...aLevel('MUG', 99), stock_location_external_id: 'default' },
  ];
});

function aLevel(sku: string, stock_level: number) {
  return { stock_location_external_id: OURS, sku, stock_level };
}

function aBatch(...items: [sku: string, fromUnits: number, toUnits: number][]): SetTradeStock {
  return Object.assign(new SetTradeStock(), {
    batchId: '1f9e8d7c-6b5a-4c3d-9e2f-1a0b9c8d7e6f',
    connectionId: 'trade',
    items: items.map(([sku, fromUnits, toUnits]) => ({
      channelLocationId: OURS,
      sku,
      fromUnits,
      toUnits,
    })),
  });
}

/** What the act tells of each item, with 7 as the revision of every figure. */
async function perform(batch: SetTradeStock): Promise<[string, string, number | undefined][]> {
  const result = await new SetTradeStockAct(stock()).perform(batch);
  const revisions = new Map(batch.items.map((item) => [`level|${placeKey(item)}`, 7] as const));
  const [told] = result.messages(revisions) as [StockSet];
  expect(told.results.every(({ revision }) => revision === 7)).toBe(true);
  return told.results.map(({ sku, outcome, availableUnits }) => [sku, outcome, availableUnits]);
}

const written = () =>
  shop.askedFor('/api/v1/batch-update-stock').map(({ body }) => JSON.parse(body) as object[]);

describe('stock of the trade shop itself', () => {
  it('is overwritten at our location only, a batch in one call', async () => {
    expect(await perform(aBatch(['MUG', 12, 9], ['CUP', 0, 4]))).toEqual([
      ['MUG', 'set', 9],
      ['CUP', 'set', 4],
    ]);
    expect(written()).toEqual([[aLevel('MUG', 9), aLevel('CUP', 4)]]);
  });

  it('that has moved is told and not overwritten, and the others of its batch are', async () => {
    expect(await perform(aBatch(['MUG', 15, 14], ['CUP', 0, 4]))).toEqual([
      ['MUG', 'stale', 12],
      ['CUP', 'set', 4],
    ]);
    expect(written()).toEqual([[aLevel('CUP', 4)]]);
  });

  it('that a lost answer had set already is set, and is not written twice', async () => {
    await perform(aBatch(['MUG', 12, 9]));
    expect(await perform(aBatch(['MUG', 12, 9]))).toEqual([['MUG', 'set', 9]]);
    expect(written()).toHaveLength(1);
  });

  it('keeps what the merchant has set beside the figure', async () => {
    const beside = { restock_date: '2026-04-01', min_stock_level: -24 };
    shop.levels = [{ ...aLevel('MUG', 12), ...beside }];
    await perform(aBatch(['MUG', 12, 0]));
    expect(shop.levels).toEqual([{ ...aLevel('MUG', 0), ...beside }]);
  });

  it('waits for a location that nobody has made', async () => {
    shop.locations = [];
    await expect(perform(aBatch(['MUG', 12, 9]))).rejects.toMatchObject({
      retry: { afterMs: expect.any(Number) },
      message: "the trade shop has no stock location 'hub-harbour'",
    });
    shop.locations = [{ id: 'id-late', name: 'Harbour', external_id: OURS }];
    expect(await perform(aBatch(['MUG', 12, 9]))).toEqual([['MUG', 'set', 9]]);
  });

  it('is refused for good when the whole call is, and each figure is told so', async () => {
    const batch = aBatch(['MUG', 12, 9], ['MUG', 12, 9]);
    const failure = await perform(batch).catch((error: unknown) => error);
    expect(failure).toMatchObject({ retry: 'never' });
    const told = new SetTradeStockAct(stock()).refused(batch, failure as Failure) as [StockSet];
    expect(told[0].results.map(({ outcome }) => outcome)).toEqual(['refused', 'refused']);
  });

  it('is read back for all that the platform sells, page after page', async () => {
    const pages = [['CUP', 'MUG'], ['TEA'], []];
    const asked: unknown[] = [];
    const asker = {
      ask: async <A>(question: object) => {
        asked.push({ ...question });
        return { skus: pages[asked.length - 1] } satisfies Partial<SkusOnSale> as A;
      },
    };
    const feed = createTradeLevelsFeed(stock(), {
      ...{ connection: shop.connection(), asker, timeScale: 1 },
      locationIds: [OURS],
    });
    const seen: unknown[] = [];
    for await (const { observations } of feed.poll(null, false)) {
      seen.push(...observations.map(({ toMessage }) => toMessage(1)));
    }
    expect(asked).toEqual([
      { connectionId: 'shop', after: undefined },
      { connectionId: 'shop', after: 'MUG' },
      { connectionId: 'shop', after: 'TEA' },
    ]);
    const shown = { connectionId: 'trade', channelLocationId: OURS };
    expect(seen).toMatchObject([
      { ...shown, sku: 'CUP', availableUnits: 0 },
      { ...shown, sku: 'MUG', availableUnits: 12 },
      { ...shown, sku: 'TEA', availableUnits: 0 },
    ]);
  });
});

describe('stock of the trade shop, compared', () => {
  const onSale = ['CUP', 'MUG', 'TEA'];
  const pages = () =>
    new TradeStockPages({
      stock: stock(),
      storefront: 'shop',
      locationIds: [OURS],
      asker: {
        ask: async <A>(question: object) => {
          const { after = '' } = question as { after?: string };
          return { skus: onSale.filter((sku) => sku > after).slice(0, 2) } as A;
        },
      },
    });

  it('is read for all that the platform sells, a page of it at a time', async () => {
    const found: unknown[] = [];
    let after: string | undefined;
    do {
      const page = await pages().read({ ...(after === undefined ? {} : { after }) });
      found.push(page.figures.map(({ sku, availableUnits }) => [sku, availableUnits]));
      after = page.next;
    } while (after !== undefined);
    expect(found).toEqual([
      [
        ['CUP', 0],
        ['MUG', 12],
      ],
      [['TEA', 0]],
      [],
    ]);
  });

  it('is read again for some SKUs, and not for what moved, which the trade shop cannot say', async () => {
    const { figures, next } = await pages().read({ skus: ['MUG'] });
    expect(figures).toMatchObject([{ channelLocationId: OURS, sku: 'MUG', availableUnits: 12 }]);
    expect(next).toBeUndefined();
    shop.asked.length = 0;
    expect(await pages().read({ since: '2026-03-04T10:00:00Z' })).toEqual({ figures: [] });
    expect(shop.asked).toEqual([]);
  });
});
