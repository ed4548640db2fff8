import { createWorld, ShopifySim, SquareSim, type SimulatedWorld } from '@tillbridge/simulators';
import { SHOP, WEBHOOK_SECRET } from '../bench-configuration.js';
import { ONLINE, SECRETS, SHOP_API_VERSION, STORES } from './stock-configuration.js';
import type { Sale, ShopCall } from './told-sales.js';

/** Calls a second that the till takes, and how many at once. */
export const TILL_RATE = { requestsPerSecond: 10, burst: 20 };
const SKUS = 1_000;
const OPENING_UNITS = 1_000;
const WHILE_OPENING = { restoreRate: 2_000, maximumAvailable: 40_000 };
/** What the platform asks for a call that sets stock. */
const SET_POINTS = 10;

/** Two stores with tills and a shop, simulated, with the same goods. */
export class Market {
  readonly square: SquareSim;
  readonly shop: ShopifySim;
  private readonly world: SimulatedWorld;
  private readonly left = new Map<string, number>();
  private sold = 0;

  constructor() {
    this.world = createWorld({ seed: 1 });
    const { world } = this;
    this.square = new SquareSim({
      ...{ world, accessToken: SECRETS.tillToken, signatureKey: SECRETS.tillKey, ...TILL_RATE },
      locations: STORES.map(({ id, vendorLocationId }) => ({ id: vendorLocationId, name: id })),
    });
    this.shop = new ShopifySim({
      ...{ world, apiVersion: SHOP_API_VERSION, shopDomain: SHOP.domain, ...WHILE_OPENING },
      accessToken: SECRETS.shopToken,
      webhookSecret: WEBHOOK_SECRET,
      locations: [{ id: ONLINE, name: 'Online' }],
    });
  }

  get offers(): number {
    return SKUS;
  }

  async open(): Promise<void> {
    for (let at = 0; at < SKUS; at += 1) {
      const [sku, online] = [`SKU-${at}`, STORES.length * OPENING_UNITS];
      const stock = Object.fromEntries(
        STORES.map((store) => [store.vendorLocationId, OPENING_UNITS]),
      );
      this.square.addVariation({ sku, name: sku, priceMinor: 450, stock });
      this.shop.addVariant({ sku, title: sku, priceMinor: 450, stock: { [ONLINE]: online } });
      this.left.set(sku, online);
    }
    await this.square.start();
    await this.shop.start();
  }

  async close(): Promise<void> {
    await this.shop.stop();
    await this.square.stop();
  }

  /** From now on the shop takes so many calls that set stock, and saves up no more than a second's. */
  allowSetCalls(perSecond: number): void {
    const points = perSecond * SET_POINTS;
    this.shop.allow({ restoreRate: points, maximumAvailable: points });
  }

  /** Somebody buys one thing in a store; the next SKU each time, in the stores by turns. */
  sell(): Sale {
    this.sold += 1;
    const sku = `SKU-${(this.sold * 7) % SKUS}`;
    const store = STORES[this.sold % STORES.length] ?? STORES[0];
    const mostUnits = (this.left.get(sku) ?? 0) - 1;
    this.left.set(sku, mostUnits);
    this.square.tillSale(store.vendorLocationId, [{ sku, units: 1, priceMinor: 450 }]);
    return { sku, atMs: this.world.effects.at(-1)?.atMs ?? this.world.now(), mostUnits };
  }

  /** Calls that set stock so far, refused ones too. */
  shopCalls(): ShopCall[] {
    return this.world.journal
      .filter(({ vendor, call }) => vendor === 'shopify' && SET_CALLS.has(call))
      .map(({ atMs, accepted, detail }) => {
        const { quantities = [] } = detail as { quantities?: ShopCall['figures'] };
        return { atMs, accepted, figures: quantities };
      });
  }
}

const SET_CALLS = new Set(['inventorySetQuantities', 'throttled']);
