import { numberOf } from '../shopify/gid.js';
import { attributeOf, remainingQuantity, shareOf, totalsOf } from '../shopify/order-record.js';
import type { OrderRecord } from '../shopify/order-record.js';
import type { ShopifySim } from '../shopify/shopify-sim.js';
import { ServerKit } from '../wire/server-kit.js';
import type { Answer, Call } from '../wire/server-kit.js';
import type { SimulatedWorld } from '../wire/simulated-world.js';
import { Checkout } from './checkout.js';
import type { CheckoutInput, CheckoutResult, SparkPaymentType } from './checkout.js';
import { problem } from './problem.js';
import { PurchaseBook } from './purchase-book.js';
import { PurchaseEndpoints } from './purchase-endpoints.js';
import { calculatedFulfilmentStatus, calculatedTotal, fromHundredths } from './purchase-record.js';
import type { PurchasePackage, PurchaseRecord, PurchaseType } from './purchase-record.js';
import { StockEndpoints } from './stock-endpoints.js';
import { TokenDesk } from './token-desk.js';

export interface SparkLayerSimOptions {
  readonly world: SimulatedWorld;
  readonly siteId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly shop: ShopifySim;
  /** How often the shop's orders are copied into the purchases. Real time. */
  readonly lagMs: number;
  /** Pay-later checkouts arrive as unpaid orders at once. */
  readonly autoCompleteDrafts: boolean;
  /** Errors come without any body, as some do. */
  readonly emptyErrorBodies?: boolean;
}

export interface SparkLayerPurchaseBook {
  readonly cartId: string;
  /** The order's number at the shop, as text. */
  readonly platformOrderId: string | null;
  readonly type: PurchaseType;
  readonly customerReference: string | null;
  readonly paymentMethod: string | null;
  readonly fulfilmentStatus: string;
  /** A decimal string. */
  readonly total: string;
}

const PAYMENT_METHODS: Readonly<Record<SparkPaymentType, string>> = {
  paymentOnAccount: 'on_account',
  paymentByInvoice: 'invoice',
  upfrontPayment: 'platform_upfront',
};

/** The trade shop on top of the platform: carts, purchases, its API. It has no webhooks. */
export class SparkLayerSim {
  private readonly purchaseBook = new PurchaseBook();
  private readonly desk: TokenDesk;
  private readonly server: ServerKit;
  private readonly buying: Checkout;
  private readonly stock: StockEndpoints;
  private copying: NodeJS.Timeout | null = null;

  constructor(private readonly options: SparkLayerSimOptions) {
    const { world, shop, siteId, clientId, clientSecret } = options;
    this.desk = new TokenDesk({ siteId, clientId, clientSecret, now: () => world.now() });
    this.buying = new Checkout(world, shop, options.autoCompleteDrafts);
    this.stock = new StockEndpoints(world);
    this.server = new ServerKit({
      ...{ world, vendor: 'sparklayer' },
      throttled: () => ({
        ...this.shown(problem(429, 'Too many requests', 'Try again later.')),
        headers: { 'retry-after': '1' },
      }),
      broken: () => this.shown(problem(503, 'Service unavailable', 'Try again later.')),
      unknown: () => this.shown(problem(404, 'Not found', 'There is no such page.')),
    });
    this.addRoutes();
  }

  async start(port?: number): Promise<void> {
    await this.server.start(port);
    this.copying = setInterval(() => this.copyOrders(), this.options.lagMs);
    this.copying.unref();
  }

  async stop(): Promise<void> {
    if (this.copying !== null) clearInterval(this.copying);
    await this.server.stop();
  }

  get url(): string {
    return this.server.url;
  }

  checkout(input: CheckoutInput): CheckoutResult | null {
    const result = this.buying.perform(input);
    if (result !== null) this.purchaseBook.put(this.toPurchase(input, result));
    return result;
  }

  purchases(): SparkLayerPurchaseBook[] {
    return this.purchaseBook.all().map((purchase) => ({
      cartId: purchase.purchase_identifiers.sparklayer,
      platformOrderId: purchase.purchase_identifiers.platform ?? null,
      type: purchase.type,
      customerReference: purchase.customer_reference ?? null,
      paymentMethod: purchase.payment_method ?? null,
      fulfilmentStatus: calculatedFulfilmentStatus(purchase),
      total: calculatedTotal(purchase).number,
    }));
  }

  /** What the API was told to show at one of its own stock locations. */
  stockLevel(externalId: string, sku: string): number | null {
    return this.stock.level(externalId, sku);
  }

  /** Ends every token before its time. */
  expireTokens(): void {
    this.desk.expireAll();
  }

  /**
   * The trade shop's connector job: copies each order of a cart into its purchase, and overwrites
   * what was put there through the API. Of two orders with one cart, the first is copied.
   */
  copyOrders(): void {
    const { shop } = this.options.shop;
    for (const order of shop.orders.values()) {
      const purchase = this.purchaseOf(order);
      if (purchase !== undefined) this.copyOrder(order, purchase);
    }
  }

  private purchaseOf(order: OrderRecord): PurchaseRecord | undefined {
    const cartId = attributeOf(order, 'sparkCartId');
    const purchase = cartId === null ? undefined : this.purchaseBook.find('sparklayer', cartId);
    const held = purchase?.purchase_identifiers.platform;
    return held === undefined || held === String(numberOf(order.id)) ? purchase : undefined;
  }

  private copyOrder(order: OrderRecord, purchase: PurchaseRecord): void {
    const platform = String(numberOf(order.id));
    const copied: PurchaseRecord = {
      ...purchase,
      type: 'order',
      purchase_identifiers: { ...purchase.purchase_identifiers, platform, visible: order.name },
      packages: this.toPackages(order),
    };
    if (JSON.stringify(copied) === JSON.stringify(purchase)) return;
    const updated_at = this.nowText();
    this.purchaseBook.put({ ...copied, dates: { ...copied.dates, updated_at } });
  }

  /**
   * What is sent is in one package, what is not in another; together they are the order. Manual
   * lines are money, so they wait for nobody.
   */
  private toPackages(order: OrderRecord): PurchasePackage[] {
    if (order.cancelledAtMs !== null) return [this.toPackage(order, 'cancelled', 'ordered')];
    const goods = order.lines.filter((line) => line.variant !== null);
    const sent = order.lines.some((line) => line.fulfilledQuantity > 0);
    if (!sent) return [this.toPackage(order, 'processing', 'ordered')];
    if (goods.every((line) => remainingQuantity(line) === 0))
      return [this.toPackage(order, 'shipped', 'ordered')];
    return [
      this.toPackage(order, 'shipped', 'sent'),
      this.toPackage(order, 'processing', 'unsent'),
    ];
  }

  private toPackage(
    order: OrderRecord,
    type: string,
    which: 'ordered' | 'sent' | 'unsent',
  ): PurchasePackage {
    const currency = this.options.world.currency;
    const lines = order.lines.flatMap((line) => {
      const ordered = type === 'cancelled' ? line.quantity : line.currentQuantity;
      const sent = line.fulfilledQuantity;
      const quantity = which === 'ordered' ? ordered : which === 'sent' ? sent : ordered - sent;
      if (quantity === 0) return [];
      // Cents that do not divide stay with the units that are not sent.
      const sentMinor = shareOf(line.totalMinor, sent, line.quantity);
      const orderedMinor = shareOf(line.totalMinor, ordered, line.quantity);
      const minor =
        which === 'ordered'
          ? orderedMinor
          : which === 'sent'
            ? sentMinor
            : orderedMinor - sentMinor;
      return [
        {
          identifiers: { sku: line.variant?.sku ?? null, platform: String(numberOf(line.id)) },
          name_parent: line.title,
          quantity,
          line_total: { total_net: { number: fromHundredths(minor), currency } },
          custom_attributes: line.attributes,
        },
      ];
    });
    const { shippingMinor } = totalsOf(order, 'current');
    const total_net = { number: fromHundredths(shippingMinor), currency };
    const isFirst = which !== 'unsent';
    return {
      type,
      identifiers: {},
      line_items: lines,
      shipping_method: isFirst ? { name: 'Delivery', line_total: { total_net } } : null,
      shipments: order.fulfilments
        .filter(() => type === 'shipped')
        .map(({ carrier, trackingNumber }) => ({ carrier, tracking_number: trackingNumber })),
    };
  }

  /** At checkout the cart becomes an order that the shop has not confirmed yet. */
  private toPurchase(input: CheckoutInput, result: CheckoutResult): PurchaseRecord {
    const now = this.nowText();
    const { currency } = this.options.world;
    return {
      type: 'order_unconfirmed',
      purchase_identifiers: { sparklayer: result.cartId },
      customer_identifiers: { sparklayer: `cu_${input.customerId}` },
      payment_method: PAYMENT_METHODS[input.paymentType],
      customer_reference: input.poNumber,
      currency_code: currency,
      packages: [
        {
          type: 'incoming',
          identifiers: {},
          line_items: result.accepted.flatMap(({ index, quantity }) => {
            const line = input.lines[index];
            if (line === undefined) return [];
            const number = fromHundredths(line.unitPriceMinor * quantity);
            return [
              {
                identifiers: { sku: line.sku },
                name_parent: line.title,
                quantity,
                line_total: { total_net: { number, currency } },
              },
            ];
          }),
          shipments: [],
        },
      ],
      accounting_files: [],
      custom_fields: [],
      metadata: [],
      dates: { created_at: now, updated_at: now, placed_at: now },
    };
  }

  private addRoutes(): void {
    const purchases = new PurchaseEndpoints(this.options.world, this.purchaseBook);
    const { stock } = this;
    const one = '/api/v1/purchases/:lookupBy/:identifier';
    this.server.route('POST', '/api/auth/token', (call) => this.shown(this.desk.issue(call)));
    this.guarded('GET', '/api/v1/purchases', (call) => purchases.list(call));
    this.guarded('GET', one, (call) => purchases.get(call));
    this.guarded('PUT', one, (call) => purchases.put(call));
    this.guarded('DELETE', one, (call) => purchases.delete(call));
    this.guarded('POST', '/api/v1/batch-fetch-stock', (call) => stock.fetch(call));
    this.guarded('POST', '/api/v1/batch-update-stock', (call) => stock.update(call));
    this.guarded('POST', '/api/v1/batch-delete-stock', (call) => stock.delete(call));
    this.guarded('GET', '/api/v1/stock-locations', () => stock.listLocations());
    this.guarded('POST', '/api/v1/stock-locations', (call) => stock.createLocation(call));
    this.guarded('DELETE', '/api/v1/stock-locations/:id', (call) => stock.deleteLocation(call));
  }

  private guarded(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    handler: (call: Call) => Answer,
  ): void {
    this.server.route(method, path, (call) => this.shown(this.desk.refuse(call) ?? handler(call)));
  }

  private shown(answer: Answer): Answer {
    const isBare = this.options.emptyErrorBodies === true && answer.status >= 400;
    return isBare ? { status: answer.status } : answer;
  }

  private nowText(): string {
    return new Date(this.options.world.now()).toISOString();
  }
}
