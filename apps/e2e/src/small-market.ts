import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '@tillbridge/embedded';
import { ShopifySim, SparkLayerSim } from '@tillbridge/simulators';
import {
  dayConfiguration,
  Hub,
  Market,
  posOrdersOf,
  settle,
  SHOP_LOCATION,
  STORE_LOCATIONS,
  type DayPlan,
  type PosOrder,
} from '@tillbridge/day';
import { parse, stringify } from 'yaml';

const OUTLET_LOCATION = 'gid://shopify/Location/9001';
const STORES = ['high-street', 'dockside'] as const;

interface Wanted {
  readonly sku: string | null;
  readonly quantity: number;
  readonly unitPriceMinor?: number;
}

interface Purchase {
  readonly lines: readonly Wanted[];
  readonly paymentType?: string;
}

const product = (sku: string) => ({
  sku,
  title: sku,
  priceMinor: 2_000,
  opening: { 'high-street': 200, dockside: 100 },
  short: false,
});

/** Two products, a case, a kit and one customer: enough to see what one order does. */
const PLAN: DayPlan = {
  seed: 7,
  currency: 'GBP',
  products: [product('TEA-1'), product('JAM-1')],
  assemblies: [
    {
      kind: 'case',
      sku: 'TEA-1-CASE12',
      title: 'Tea, case of 12',
      priceMinor: 24_000,
      components: [{ sku: 'TEA-1', units: 12 }],
    },
    {
      kind: 'kit',
      sku: 'KIT-JAM-1',
      title: 'Jam and two teas',
      priceMinor: 6_000,
      components: [
        { sku: 'JAM-1', units: 1 },
        { sku: 'TEA-1', units: 2 },
      ],
    },
  ],
  customers: [{ id: 'c1', atTheTill: true }],
  events: [],
  rowsRead: 0,
  fates: new Map(),
  parts: new Map(),
  counts: {
    rows: 0,
    invoices: 0,
    b2bOrders: 0,
    retailOrders: 0,
    tillSales: 0,
    cancellations: 0,
    returns: 0,
    edits: 0,
    addedLines: 0,
    cancelledOrders: 0,
    partDispatches: 0,
    nonStockLines: 0,
    rejected: [],
  },
};

/** The built hub with simulated vendors around it, for tests that let single things happen. */
export class SmallMarket {
  private orders = 0;

  private constructor(
    readonly market: Market,
    readonly hub: Hub,
    private readonly outlet: ShopifySim,
    private readonly outletTrade: SparkLayerSim,
    private readonly outletCustomer: string,
    private readonly connectorUrl: string,
    private readonly dataDir: string,
  ) {}

  static async open(): Promise<SmallMarket> {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'tillbridge-e2e-'));
    const market = new Market(PLAN, { seed: 7, faults: 'off', timeScale: 60, controls: {} });
    await market.open();
    const { outlet, outletTrade } = anOutlet(market);
    await outlet.start();
    await outletTrade.start();
    const outletCustomer = outlet.addCustomer({
      email: 'outlet@trade.example',
      companyName: 'Outlet',
      tags: ['b2b'],
    });
    const connectorPort = await freePort();
    const connectorUrl = `http://127.0.0.1:${connectorPort}`;
    const { yaml, environment } = dayConfiguration(market, connectorUrl);
    const hub = await Hub.start({
      dataDir,
      reset: false,
      durable: false,
      timeScale: 60,
      configuration: { yaml: withOutlet(yaml, outlet, connectorUrl) },
      environment,
      connectorPort,
      report: () => undefined,
    });
    const toDo = (): number => 0;
    await settle({ hub, market, toDo, withinMs: 60_000 });
    return new SmallMarket(market, hub, outlet, outletTrade, outletCustomer, connectorUrl, dataDir);
  }

  async close(): Promise<void> {
    await this.hub.stop();
    await this.outletTrade.stop();
    await this.outlet.stop();
    await this.market.close();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  webhook(
    connection: string,
    body: Buffer | string,
    headers: Record<string, string>,
  ): Promise<Response> {
    const url = `${this.connectorUrl}/webhooks/${connection}`;
    return fetch(url, { method: 'POST', body: new Uint8Array(Buffer.from(body)), headers });
  }

  /** A trade order; card unless said otherwise, so that it is an order at once. */
  buy(purchase: Purchase): { poNumber: string; draftId: string } {
    return this.checkout(this.market.spark, this.market.customerId('c1'), SHOP_LOCATION, purchase);
  }

  buyAtOutlet(purchase: Purchase): { poNumber: string; draftId: string } {
    return this.checkout(this.outletTrade, this.outletCustomer, OUTLET_LOCATION, purchase);
  }

  private checkout(
    trade: SparkLayerSim,
    customerId: string,
    locationId: string,
    { lines, paymentType = 'upfrontPayment' }: Purchase,
  ): { poNumber: string; draftId: string } {
    this.orders += 1;
    const poNumber = `PO-T${this.orders}-77`;
    const placed = trade.checkout({
      customerId,
      locationId,
      paymentType: paymentType as 'upfrontPayment',
      poNumber,
      lines: lines.map(({ sku, quantity, unitPriceMinor = 1_500 }) => ({
        sku,
        title: sku ?? 'Manual line',
        quantity,
        unitPriceMinor,
      })),
    });
    if (placed === null) throw new Error('The shop had nothing of it');
    return { poNumber, draftId: placed.draftId ?? '' };
  }

  buyRetail(lines: { sku: string; quantity: number }[]): string {
    const placed = this.market.shop.placeRetailOrder({ locationId: SHOP_LOCATION, lines });
    if (placed === null) throw new Error('The shop had nothing of it');
    return placed.orderId;
  }

  offerOnlineOnly(sku: string): void {
    this.market.shop.addVariant({
      sku,
      title: sku,
      priceMinor: 900,
      stock: { [SHOP_LOCATION]: 10 },
    });
  }

  posOrdersOf(poNumber: string): PosOrder[] {
    return posOrdersOf(this.market, poNumber);
  }

  /** Base units that left the shelves since the opening. */
  onHandTaken(sku: string): number {
    const left = STORES.reduce((n, s) => n + this.market.square.count(STORE_LOCATIONS[s], sku), 0);
    return 300 - left;
  }

  /** What the shop shows when the hub has nothing left to do. */
  async restingAvailable(sku: string): Promise<number> {
    const settled = await settle({
      hub: this.hub,
      market: this.market,
      toDo: () => 0,
      withinMs: 30_000,
    });
    if (!settled) throw new Error('The hub does not come to rest');
    return this.market.shop.available(SHOP_LOCATION, sku);
  }

  async expectException(code: string): Promise<void> {
    const open = await this.hub.queries.openExceptions();
    expect(open.map((exception) => exception.code)).toContain(code);
  }

  /** Held with its named exception, and nothing of it in the POS. */
  async expectHeld(poNumber: string, code: string): Promise<void> {
    const order = (await this.hub.queries.orders(['held'])).find((o) => o.poNumber === poNumber);
    expect(order).toBeDefined();
    const open = await this.hub.queries.openExceptions();
    expect(open.filter((e) => e.subject === order?.orderId).map((e) => e.code)).toContain(code);
    expect(this.posOrdersOf(poNumber)).toHaveLength(0);
  }
}

function anOutlet(market: Market): { outlet: ShopifySim; outletTrade: SparkLayerSim } {
  const { accounts, world } = market;
  const outlet = new ShopifySim({
    world,
    apiVersion: '2026-04',
    shopDomain: 'outlet-trade.myshopify.com',
    accessToken: accounts.shopToken,
    webhookSecret: accounts.shopWebhookSecret,
    locations: [{ id: OUTLET_LOCATION, name: 'Outlet' }],
    restoreRate: 1000,
    maximumAvailable: 20_000,
  });
  outlet.addVariant({
    sku: 'TEA-1',
    title: 'Tea',
    priceMinor: 2_000,
    stock: { [OUTLET_LOCATION]: 10 },
  });
  const outletTrade = new SparkLayerSim({
    world,
    siteId: 'outlet-trade',
    clientId: accounts.clientId,
    clientSecret: accounts.clientSecret,
    shop: outlet,
    lagMs: 10_000,
    autoCompleteDrafts: false,
  });
  return { outlet, outletTrade };
}

/** The day's configuration with a second shop that no store feeds. */
function withOutlet(yaml: string, outlet: ShopifySim, connectorUrl: string): string {
  const document = parse(yaml) as { connections: Record<string, unknown>[] };
  const shop = document.connections.find((connection) => connection['id'] === 'shop');
  document.connections.push({
    ...shop,
    id: 'outlet',
    baseUrl: outlet.url,
    webhookUrl: `${connectorUrl}/webhooks/outlet`,
    shopDomain: 'outlet-trade.myshopify.com',
    publishStock: false,
  });
  return stringify(document);
}
