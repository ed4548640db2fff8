import { AdjustChannelStock, StockCounted, type StockAdjusted } from '@tillbridge/contracts';
import type { Configuration } from '@tillbridge/runtime';
import { KeptSteps } from '../../test/act-run.js';
import { AdjustChannelStockAct } from './adjust-channel-stock.act.js';
import { LevelReader } from './level-reader.js';
import { OwnPlaces } from './own-places.js';
import { someRefs } from './shop-builders.js';
import type { ShopifyClient } from './shopify.client.js';
import { VariantBook } from './variant-book.js';

const COUNTER = 'gid://shopify/Location/9';
const ORDER_ID = '0f3a7f2e-6b1f-5d3c-9c37-0d7f7d0c2b11';
const ADJUSTMENT_ID = '1b0c4f3e-8a53-5d2a-9a53-3b7d1c7d6b10';

const configuration = {
  locations: [
    { id: 'counter', master: { connection: 'shop', vendorLocationId: COUNTER }, feeds: [] },
  ],
  products: { packs: [{ sku: 'CASE', of: 'MUG', units: 12 }], kits: [] },
} as unknown as Configuration;

function command(change: Partial<AdjustChannelStock> = {}): AdjustChannelStock {
  return Object.assign(new AdjustChannelStock(), {
    adjustmentId: ADJUSTMENT_ID,
    connectionId: 'shop',
    orderId: ORDER_ID,
    locationId: 'counter',
    changes: [{ sku: 'MUG', units: -12 }],
    ...change,
  });
}

/** A shop with mugs on its counter, which adjusts once a key. */
class FakeShop {
  units = 30;
  updatedAt = '2026-03-04T10:00:00Z';
  readonly keys: string[] = [];
  loseAnswers = 0;
  refuseWith = '';

  act(): AdjustChannelStockAct {
    const client = { send: this.send.bind(this) } as unknown as ShopifyClient;
    const places = new OwnPlaces(configuration, 'shop');
    const levels = new LevelReader('shop', client, Date, places);
    const variants = new VariantBook(client, someRefs());
    return new AdjustChannelStockAct('shop', { client, variants, levels, places, timeScale: 60 });
  }

  async perform(steps: KeptSteps, asked = command(), attempt = 1) {
    const result = await this.act().perform(asked, steps.run(attempt));
    const facts = (result.observations ?? []).map((each) => each.toMessage(2) as StockCounted);
    return { facts, messages: result.messages(new Map()) as StockAdjusted[] };
  }

  private async send({ name }: { name: string }, variables: Record<string, any>): Promise<unknown> {
    if (name === 'Variants') {
      const nodes = [{ id: 'v', sku: 'MUG', inventoryItem: { id: 'item-MUG' } }];
      return { productVariants: { nodes, pageInfo: { hasNextPage: false, endCursor: null } } };
    }
    if (name === 'ItemLevels') {
      const figure = { quantity: this.units, updatedAt: this.updatedAt };
      return {
        nodes: [{ id: 'item-MUG', sku: 'MUG', inventoryLevel: { quantities: [figure] } }],
      };
    }
    const userErrors = this.refuseWith
      ? [{ code: this.refuseWith, field: [], message: 'no' }]
      : this.adjust(variables as AdjustVariables);
    if (this.loseAnswers > 0) {
      this.loseAnswers -= 1;
      throw new Error('the answer was lost');
    }
    return { inventoryAdjustQuantities: { userErrors } };
  }

  private adjust({ key, input }: AdjustVariables) {
    if (!this.keys.includes(key)) {
      for (const { delta } of input.changes) this.units += delta;
      this.updatedAt = '2026-03-04T10:00:05Z';
    }
    this.keys.push(key);
    return [];
  }
}

interface AdjustVariables {
  readonly key: string;
  readonly input: { readonly changes: readonly { readonly delta: number }[] };
}

describe('taking the units of packs out of a place of the platform’s own', () => {
  it('tells the figure after it as the master’s, with the order as its cause', async () => {
    const { facts, messages } = await new FakeShop().perform(new KeptSteps());
    expect(messages).toMatchObject([{ adjustmentId: ADJUSTMENT_ID, outcome: 'done' }]);
    const at = '2026-03-04T10:00:05.000Z';
    expect(facts).toEqual([
      Object.assign(new StockCounted(), {
        connectionId: 'shop',
        locationId: 'counter',
        vendorLocationId: COUNTER,
        sku: 'MUG',
        onHandUnits: 18,
        countedAt: at,
        revision: 2,
        causes: [
          { causeId: ADJUSTMENT_ID, kind: 'retail-dispatch', orderId: ORDER_ID, units: -12, at },
        ],
      }),
    ]);
  });

  it('happens once, however often its answer is lost', async () => {
    const shop = new FakeShop();
    const steps = new KeptSteps();
    shop.loseAnswers = 1;
    await expect(shop.perform(steps)).rejects.toThrow('lost');
    const { facts } = await shop.perform(steps, command(), 2);
    expect(shop.keys).toEqual([ADJUSTMENT_ID, ADJUSTMENT_ID]);
    expect(facts).toMatchObject([{ onHandUnits: 18 }]);
  });

  it('comes again when the same call is still under way', async () => {
    const shop = new FakeShop();
    shop.refuseWith = 'IDEMPOTENCY_CONCURRENT_REQUEST';
    const performed = shop.perform(new KeptSteps());
    await expect(performed).rejects.toMatchObject({ code: 'vendor-conflict' });
  });

  it.each([
    ['the platform says no', 'INVALID_LOCATION', {}],
    ['the location is not its own', '', { locationId: 'high-street' }],
    ['the platform has no such SKU', '', { changes: [{ sku: 'JUG', units: -1 }] }],
  ])('is refused for good when %s', async (_, code, change) => {
    const shop = new FakeShop();
    shop.refuseWith = code;
    const performed = shop.perform(new KeptSteps(), command(change));
    await expect(performed).rejects.toMatchObject({ retry: 'never' });
    expect(shop.units).toBe(30);
  });
});

it('a pack at such a place is shown by us, and so is everything at other places', () => {
  const places = new OwnPlaces(configuration, 'shop');
  expect(places.masteredBy({ locationId: COUNTER, sku: 'MUG' })).toBe('counter');
  expect(places.masteredBy({ locationId: COUNTER, sku: 'CASE' })).toBeUndefined();
  expect(places.masteredBy({ locationId: 'gid://shopify/Location/1', sku: 'MUG' })).toBeUndefined();
  expect(places.locationIds).toEqual([COUNTER]);
});
