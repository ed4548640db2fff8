import { Failure, type SetStock, type StockSet } from '@tillbridge/contracts';

import { LevelReader } from './level-reader.js';
import { SetStockAct } from './set-stock.act.js';
import { aRun, someRefs } from './shop-builders.js';
import { SHOPIFY } from './shopify.capabilities.js';
import type { ShopifyClient } from './shopify.client.js';
import { VariantBook } from './variant-book.js';

const LEEDS = 'gid://shopify/Location/7001';

describe('setting the figures of the platform', () => {
  it('sets them all in one call and tells the figure with the revision it got', async () => {
    const shop = new FakeShop({ TEA: 48, CUP: 5 });
    const results = await shop.set({ TEA: [48, 36], CUP: [5, 4] });
    expect(results).toEqual([
      told('TEA', { outcome: 'set', availableUnits: 36, revision: 2 }),
      told('CUP', { outcome: 'set', availableUnits: 4, revision: 2 }),
    ]);
    expect(shop.figures).toEqual({ TEA: 36, CUP: 4 });
    expect(shop.keys).toHaveLength(1);
  });

  it('names no more of them in one call than the platform takes', async () => {
    const skus = Array.from({ length: SHOPIFY.listInput + 1 }, (_, at) => `SKU-${at}`);
    const shop = new FakeShop(Object.fromEntries(skus.map((sku) => [sku, 2])));
    await shop.set(Object.fromEntries(skus.map((sku) => [sku, [2, 1]])));
    const sizes = shop.bodies.map((body) => JSON.parse(body).quantities.length);
    expect(sizes).toEqual([SHOPIFY.listInput, 1]);
  });

  it('leaves one that has moved, tells what it is, and still sets the others', async () => {
    const shop = new FakeShop({ TEA: 47, CUP: 5 });
    const results = await shop.set({ TEA: [48, 36], CUP: [5, 4] });
    expect(results).toEqual([
      told('TEA', { outcome: 'stale', availableUnits: 47, revision: 2 }),
      told('CUP', { outcome: 'set', availableUnits: 4, revision: 2 }),
    ]);
    expect(shop.figures).toEqual({ TEA: 47, CUP: 4 });
    expect(new Set(shop.keys).size).toBe(2); // A refused call is over: the next one is new.
  });

  it('sends the others on at once and reads the one that moved afterwards', async () => {
    const shop = new FakeShop({ TEA: 47, CUP: 5 });
    await shop.set({ TEA: [48, 36], CUP: [5, 4] });
    expect(shop.calls.slice(-3)).toEqual(['SetQuantities', 'SetQuantities', 'ItemLevels']);
  });

  it('finds out which had moved when the platform does not name them', async () => {
    const shop = new FakeShop({ TEA: 47, CUP: 5 });
    shop.namesPlaces = false;
    const results = await shop.set({ TEA: [48, 36], CUP: [5, 4] });
    expect(results.map(({ outcome }) => outcome)).toEqual(['stale', 'set']);
    expect(shop.figures).toEqual({ TEA: 47, CUP: 4 });
  });

  it('takes a figure that is already as wanted for set', async () => {
    const shop = new FakeShop({ TEA: 36 });
    const [result] = await shop.set({ TEA: [48, 36] });
    expect(result).toMatchObject({ outcome: 'set', availableUnits: 36 });
  });

  it('repeats the same call under the same key when the answer was lost', async () => {
    const shop = new FakeShop({ TEA: 48 });
    shop.loseAnswers = 1;
    const steps = new Map<string, unknown>();
    await expect(shop.set({ TEA: [48, 36] }, 1, steps)).rejects.toThrow(Failure);
    expect(shop.figures).toEqual({ TEA: 36 });
    const [result] = await shop.set({ TEA: [48, 36] }, 2, steps);
    expect(result).toMatchObject({ outcome: 'set', availableUnits: 36 });
    expect(shop.keys[0]).toBe(shop.keys[1]);
    expect(shop.bodies[0]).toBe(shop.bodies[1]);
  });

  it('refuses only the item that the platform refuses', async () => {
    const shop = new FakeShop({ TEA: 48, BUNDLE: 5 });
    shop.readOnly = 'BUNDLE';
    const results = await shop.set({ BUNDLE: [5, 4], TEA: [48, 36] });
    expect(results).toEqual([
      told('BUNDLE', { outcome: 'refused', reason: 'NON_MUTABLE_INVENTORY_ITEM: a parent' }),
      told('TEA', { outcome: 'set', availableUnits: 36, revision: 2 }),
    ]);
  });

  it('refuses a SKU that the platform does not have', async () => {
    const shop = new FakeShop({ TEA: 48 });
    const [result] = await shop.set({ NONE: [1, 2] });
    expect(result).toEqual(
      told('NONE', { outcome: 'refused', reason: 'the platform has no such SKU' }),
    );
    expect(shop.keys).toEqual([]);
  });

  it('takes a new key when the platform says that the first attempt failed', async () => {
    const shop = new FakeShop({ TEA: 48 });
    shop.failNext = 'IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED';
    const [result] = await shop.set({ TEA: [48, 36] });
    expect(result).toMatchObject({ outcome: 'set' });
    expect(new Set(shop.keys).size).toBe(2);
  });

  it('waits with the same key while the same call is under way', async () => {
    const shop = new FakeShop({ TEA: 48 });
    shop.failNext = 'IDEMPOTENCY_CONCURRENT_REQUEST';
    const steps = new Map<string, unknown>();
    await expect(shop.set({ TEA: [48, 36] }, 1, steps)).rejects.toMatchObject({
      code: 'vendor-conflict',
      retry: { afterMs: expect.any(Number) },
    });
    await shop.set({ TEA: [48, 36] }, 2, steps);
    expect(new Set(shop.keys).size).toBe(1);
  });

  it('gives up after some rounds on a figure that never stands still', async () => {
    const shop = new FakeShop({ TEA: 48 });
    shop.restless = true;
    const [result] = await shop.set({ TEA: [48, 36] });
    expect(result).toMatchObject({ outcome: 'stale' });
    expect(shop.keys.length).toBeLessThan(10);
  });

  it('sends nothing when the connection only observes', () => {
    const shop = new FakeShop({ TEA: 48 });
    const [message] = shop.act().notSent(command({ TEA: [48, 36] })) as [StockSet];
    expect(message.results).toEqual([told('TEA', { outcome: 'not-sent' })]);
  });
});

interface SetVariables {
  readonly key: string;
  readonly input: {
    readonly quantities: readonly {
      inventoryItemId: string;
      quantity: number;
      changeFromQuantity: number;
    }[];
  };
}

/** Stock at one place by the platform's rules: all or nothing, one outcome a key. */
class FakeShop {
  readonly keys: string[] = [];
  readonly bodies: string[] = [];
  readonly calls: string[] = [];
  /** Whether an error says which item it is about. */
  namesPlaces = true;
  private readonly answered = new Map<string, unknown>();
  loseAnswers = 0;
  readOnly = '';
  failNext = '';
  restless = false;

  constructor(readonly figures: Record<string, number>) {}

  act(): SetStockAct {
    const client = { send: this.send.bind(this) } as unknown as ShopifyClient;
    const variants = new VariantBook(client, someRefs());
    const levels = new LevelReader('shop', client, Date);
    return new SetStockAct({ client, variants, levels, timeScale: 60 });
  }

  async set(items: Record<string, [number, number]>, attempt = 1, steps = new Map()) {
    const result = await this.act().perform(command(items), aRun(attempt, steps));
    const revisions = new Map(
      (result.observations ?? []).map(({ key }) => [`${key.kind}|${key.id}`, 2]),
    );
    const [message] = result.messages(revisions) as [StockSet];
    return message.results;
  }

  private async send(operation: { name: string }, variables: never): Promise<unknown> {
    this.calls.push(operation.name);
    switch (operation.name) {
      case 'Variants':
        return this.variants();
      case 'ItemLevels':
        return this.levels(variables);
      default:
        return this.answer(variables);
    }
  }

  private variants() {
    const nodes = Object.keys(this.figures).map((sku) => ({
      id: `variant-${sku}`,
      sku,
      inventoryItem: { id: `item-${sku}` },
    }));
    return { productVariants: { nodes, pageInfo: { hasNextPage: false, endCursor: null } } };
  }

  private levels({ ids }: { ids: string[] }) {
    const nodes = ids.map((id) => {
      const sku = id.replace('item-', '');
      const quantity = this.figures[sku];
      return { id, sku, inventoryLevel: { quantities: [{ quantity }] } };
    });
    return { nodes };
  }

  private answer({ key, input }: SetVariables) {
    this.keys.push(key);
    this.bodies.push(JSON.stringify(input));
    if (this.failNext) {
      const code = this.failNext;
      this.failNext = '';
      return refusal([{ code, field: [], message: 'not now' }]);
    }
    const answer = this.answered.get(key) ?? this.apply(input);
    this.answered.set(key, answer);
    if (this.loseAnswers > 0) {
      this.loseAnswers -= 1;
      throw new Failure('vendor-unavailable', { afterMs: 1 }, 'lost');
    }
    return answer;
  }

  private apply({ quantities }: SetVariables['input']) {
    const errors = quantities.flatMap((wanted, index) => {
      const sku = wanted.inventoryItemId.replace('item-', '');
      const place = this.namesPlaces ? [String(index)] : [];
      const field = ['input', 'quantities', ...place, 'changeFromQuantity'];
      if (sku === this.readOnly) {
        return [{ code: 'NON_MUTABLE_INVENTORY_ITEM', field, message: 'a parent' }];
      }
      if (!this.restless && this.figures[sku] === wanted.changeFromQuantity) return [];
      return [{ code: 'CHANGE_FROM_QUANTITY_STALE', field, message: 'stale' }];
    });
    if (errors.length > 0) return refusal(errors);
    for (const { inventoryItemId, quantity } of quantities) {
      this.figures[inventoryItemId.replace('item-', '')] = quantity;
    }
    return refusal([]);
  }
}

function refusal(userErrors: readonly object[]) {
  return { inventorySetQuantities: { inventoryAdjustmentGroup: null, userErrors } };
}

function command(items: Record<string, [number, number]>): SetStock {
  return {
    batchId: '3a0a6a0e-2f8f-4f0e-9d57-2d1f0a0b0c01',
    connectionId: 'shop',
    items: Object.entries(items).map(([sku, [fromUnits, toUnits]]) => ({
      channelLocationId: LEEDS,
      sku,
      fromUnits,
      toUnits,
    })),
  };
}

function told(sku: string, result: object) {
  return { channelLocationId: LEEDS, sku, ...result };
}
