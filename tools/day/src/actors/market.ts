import { createHmac } from 'node:crypto';
import {
  createWorld,
  ShopifySim,
  SparkLayerSim,
  SquareSim,
  type FaultLevel,
  type SimulatedWorld,
  type BucketUse,
} from '@tillbridge/simulators';
import { STORES, type DayPlan, type StoreId } from '../plan/day-plan.js';

/** Ways to break the world on purpose, to see that the oracle notices. */
export interface Controls {
  /** The POS forgets idempotency keys, as if callers had left them out. */
  readonly ignoreIdempotencyKeys?: boolean;
  /** The POS deducts every paid order a second time. */
  readonly deductTwice?: boolean;
  /** The hub tells the shop no stock. */
  readonly publicationOff?: boolean;
}

export interface MarketOptions {
  readonly seed: number;
  readonly faults: FaultLevel;
  /** Vendors' delays and retries are divided by it. */
  readonly timeScale: number;
  readonly controls: Controls;
}

/** Ids and secrets of the simulated accounts: derived from the seed, worth nothing elsewhere. */
export interface MarketAccounts {
  readonly siteId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly shopDomain: string;
  readonly shopToken: string;
  readonly shopWebhookSecret: string;
  readonly tillToken: string;
  readonly tillSignatureKey: string;
}

export const API_VERSION = '2026-04';
export const SHOP_LOCATION = 'gid://shopify/Location/7001';
export const STORE_LOCATIONS: Readonly<Record<StoreId, string>> = {
  'high-street': 'LHIGHSTREET01',
  dockside: 'LDOCKSIDE0001',
};

/** Square publishes no number: taken as 20 calls a second with bursts of 40. */
const TILL_RATE = { requestsPerSecond: 20, burst: 40 };
/** A merchant on Shopify's enterprise plan: five days of trade come in a minute. */
const SHOP_RATE = { restoreRate: 2000, maximumAvailable: 40_000 };
const SPARK_LAG_MINUTES = 10;

/** The three vendors with a merchant's products and customers in them, before the day begins. */
export class Market {
  readonly world: SimulatedWorld;
  readonly accounts: MarketAccounts;
  readonly square: SquareSim;
  readonly shop: ShopifySim;
  readonly spark: SparkLayerSim;
  /** How long SparkLayer takes to copy from the shop. */
  readonly sparkLagMs: number;
  private readonly shopCustomers = new Map<string, string>();

  constructor(
    readonly plan: DayPlan,
    readonly options: MarketOptions,
  ) {
    const { seed, faults, timeScale, controls } = options;
    this.world = createWorld({ seed, timeScale, currency: plan.currency, faults });
    this.accounts = accountsOf(seed);
    this.square = new SquareSim({
      world: this.world,
      accessToken: this.accounts.tillToken,
      signatureKey: this.accounts.tillSignatureKey,
      locations: STORES.map((store) => ({ id: STORE_LOCATIONS[store], name: store })),
      ...TILL_RATE,
      controls: {
        ignoreIdempotencyKeys: controls.ignoreIdempotencyKeys ?? false,
        deductTwice: controls.deductTwice ?? false,
      },
    });
    this.shop = new ShopifySim({
      world: this.world,
      apiVersion: API_VERSION,
      shopDomain: this.accounts.shopDomain,
      accessToken: this.accounts.shopToken,
      webhookSecret: this.accounts.shopWebhookSecret,
      locations: [{ id: SHOP_LOCATION, name: 'Online' }],
      ...SHOP_RATE,
    });
    this.sparkLagMs = (SPARK_LAG_MINUTES * 60_000) / timeScale;
    this.spark = new SparkLayerSim({
      world: this.world,
      siteId: this.accounts.siteId,
      clientId: this.accounts.clientId,
      clientSecret: this.accounts.clientSecret,
      shop: this.shop,
      lagMs: this.sparkLagMs,
      autoCompleteDrafts: false,
    });
  }

  async open(): Promise<void> {
    this.stockShelves();
    this.invite();
    await this.square.start();
    await this.shop.start();
    await this.spark.start();
  }

  async close(): Promise<void> {
    await this.spark.stop();
    await this.shop.stop();
    await this.square.stop();
  }

  /** What the hub made of each vendor's rate limit, by connection; SparkLayer names none. */
  budgets(): Readonly<Record<'till' | 'shop', BucketUse>> {
    return { till: this.square.budget(), shop: this.shop.budget() };
  }

  /** The shop's id of a customer of the plan. */
  customerId(planned: string): string {
    const id = this.shopCustomers.get(planned);
    if (id === undefined) throw new Error(`The plan has no customer ${planned}`);
    return id;
  }

  private stockShelves(): void {
    for (const { sku, title, priceMinor, opening } of this.plan.products) {
      const stock = Object.fromEntries(STORES.map((s) => [STORE_LOCATIONS[s], opening[s]]));
      this.square.addVariation({ sku, name: title, priceMinor, stock });
      const online = STORES.reduce((sum, store) => sum + opening[store], 0);
      this.shop.addVariant({ sku, title, priceMinor, stock: { [SHOP_LOCATION]: online } });
    }
    const openings = new Map(this.plan.products.map((p) => [p.sku, p.opening]));
    for (const { sku, title, priceMinor, components } of this.plan.assemblies) {
      const online = STORES.reduce((sum, store) => {
        const each = components.map((c) =>
          Math.floor((openings.get(c.sku)?.[store] ?? 0) / c.units),
        );
        return sum + Math.min(...each);
      }, 0);
      this.shop.addVariant({ sku, title, priceMinor, stock: { [SHOP_LOCATION]: online } });
    }
  }

  private invite(): void {
    for (const { id, atTheTill } of this.plan.customers) {
      const companyName = `Trade customer ${id}`;
      const email = `buyer-${id}@trade.example`;
      const shopId = this.shop.addCustomer({ email, companyName, tags: ['b2b', 'b2b-trade'] });
      this.shopCustomers.set(id, shopId);
      if (atTheTill) this.square.addCustomer({ referenceId: shopId, companyName, email });
    }
  }
}

function accountsOf(seed: number): MarketAccounts {
  const secret = (name: string): string =>
    createHmac('sha256', `day ${seed}`).update(name).digest('hex').slice(0, 32);
  return {
    siteId: 'day-trade',
    clientId: `client-${secret('client').slice(0, 8)}`,
    clientSecret: secret('client secret'),
    shopDomain: 'day-trade.myshopify.com',
    shopToken: secret('shop token'),
    shopWebhookSecret: secret('shop webhooks'),
    tillToken: secret('till token'),
    tillSignatureKey: secret('till webhooks'),
  };
}
