import type { SimulatedWorld } from '../wire/simulated-world.js';
import { ServerKit } from '../wire/server-kit.js';
import type { BucketUse } from '../wire/token-bucket.js';
import { catalogEndpoints } from './catalog-endpoints.js';
import { customerEndpoints } from './customer-endpoints.js';
import { inventoryEndpoints } from './inventory-endpoints.js';
import { orderEndpoints } from './order-endpoints.js';
import { paymentEndpoints } from './payment-endpoints.js';
import { SquareAccount } from './square-account.js';
import { internalError, notFound, rateLimited } from './square-error.js';
import { SquareGate } from './square-gate.js';
import { toOrderBook } from './square-order-book.js';
import type { SquareOrderBook } from './square-order-book.js';
import { StoreStaff } from './store-staff.js';
import type { TillLine } from './store-staff.js';
import { webhookEndpoints } from './webhook-endpoints.js';

export interface SquareSimOptions {
  readonly world: SimulatedWorld;
  readonly accessToken: string;
  readonly signatureKey: string;
  readonly locations: readonly { readonly id: string; readonly name: string }[];
  readonly requestsPerSecond: number;
  readonly burst: number;
  /** When the lines of an API order leave the stock: at full payment, unless said otherwise. */
  readonly deductOn?: 'paid' | 'completed';
  /** Faults that nothing may hide: a run with one of them has to be found wrong. */
  readonly controls?: {
    /** As if every call had a fresh idempotency key. */
    readonly ignoreIdempotencyKeys?: boolean;
    /** A paid API order is deducted a second time, by an adjustment that names no cause. */
    readonly deductTwice?: boolean;
  };
}

/** A Square account with stores: the API over HTTP, the people in the stores as methods. */
export class SquareSim {
  private readonly account: SquareAccount;
  private readonly staff: StoreStaff;
  private readonly kit: ServerKit;
  private readonly gate: SquareGate;

  constructor(options: SquareSimOptions) {
    const { world, controls = {} } = options;
    this.account = new SquareAccount({
      world,
      signatureKey: options.signatureKey,
      locations: options.locations,
      deductOn: options.deductOn ?? 'paid',
      deductTwice: controls.deductTwice ?? false,
    });
    this.staff = new StoreStaff(this.account);
    this.kit = new ServerKit({
      world,
      vendor: 'square',
      throttled: () => rateLimited().toAnswer(),
      broken: () => internalError().toAnswer(),
      unknown: (call) => notFound('Endpoint', `${call.method} ${call.url}`).toAnswer(),
    });
    this.gate = new SquareGate({
      world,
      accessToken: options.accessToken,
      requestsPerSecond: options.requestsPerSecond,
      burst: options.burst,
      ignoreIdempotencyKeys: controls.ignoreIdempotencyKeys ?? false,
    });
    for (const endpoint of [
      ...catalogEndpoints(this.account),
      ...inventoryEndpoints(this.account),
      ...orderEndpoints(this.account),
      ...paymentEndpoints(this.account),
      ...customerEndpoints(this.account),
      ...webhookEndpoints(this.account),
    ]) {
      this.kit.route(endpoint.method, endpoint.path, (call) => this.gate.answer(endpoint, call));
    }
  }

  async start(port?: number): Promise<void> {
    await this.kit.start(port);
  }

  async stop(): Promise<void> {
    await Promise.all([this.kit.stop(), this.account.webhooks.stop()]);
  }

  get url(): string {
    return this.kit.url;
  }

  /** What callers made of the rate limit, in calls. */
  budget(): BucketUse {
    return this.gate.budget();
  }

  /** Puts an item into the catalogue, with its opening stock. Returns the catalog object id. */
  addVariation(v: {
    sku: string;
    name: string;
    priceMinor: number;
    stock: Record<string, number>;
  }): string {
    const { id } = this.account.catalogue.add(v);
    for (const [locationId, units] of Object.entries(v.stock)) {
      this.staff.assertLocation(locationId);
      this.account.inventory.open(id, locationId, units);
    }
    return id;
  }

  addCustomer(c: { referenceId?: string; companyName: string; email: string }): string {
    const wanted = {
      company_name: c.companyName,
      email_address: c.email,
      ...(c.referenceId === undefined ? {} : { reference_id: c.referenceId }),
    };
    return this.account.customers.add(wanted, 'DIRECTORY').id;
  }

  /**
   * Somebody buys in the store; returns the order id. With `soldAtMs` the till was offline, and the
   * sale arrives now with the time it was rung up.
   */
  tillSale(locationId: string, lines: readonly TillLine[], soldAtMs?: number): string {
    return this.staff.sell(locationId, lines, soldAtMs);
  }

  /** Somebody brings goods back without a receipt; they go onto the shelf again. */
  tillReturn(locationId: string, lines: readonly TillLine[]): string {
    return this.staff.takeBack(locationId, lines);
  }

  receive(locationId: string, sku: string, units: number): void {
    this.staff.receive(locationId, sku, units);
  }

  waste(locationId: string, sku: string, units: number): void {
    this.staff.waste(locationId, sku, units);
  }

  /** Staff count the shelf: from now on this is the figure. */
  recount(locationId: string, sku: string, units: number): void {
    this.staff.recount(locationId, sku, units);
  }

  /** Staff begin to pick an order, or have it packed. */
  prepare(orderId: string, state: 'RESERVED' | 'PREPARED'): void {
    this.account.orders.fulfil(orderId, state, {});
  }

  /** Staff hand the goods over; a paid order is complete then. */
  dispatch(orderId: string, tracking?: { carrier: string; trackingNumber: string }): void {
    this.account.orders.fulfil(orderId, 'COMPLETED', {
      ...(tracking === undefined
        ? {}
        : { carrier: tracking.carrier, tracking_number: tracking.trackingNumber }),
    });
  }

  count(locationId: string, sku: string): number {
    return this.account.inventory.count(this.account.catalogue.withSku(sku).id, locationId);
  }

  /** All, or those whose metadata is wanted: who asks often asks for few. */
  orders(wanted?: (metadata: Readonly<Record<string, string>>) => boolean): SquareOrderBook[] {
    return this.account.orders
      .all()
      .filter(({ order }) => wanted === undefined || wanted(order.metadata ?? {}))
      .map((record) => toOrderBook(record, this.account));
  }

  /** What was ordered over the API and has not been handed over; what was called off too. */
  undispatchedOrders(): SquareOrderBook[] {
    return this.account.orders
      .all()
      .filter((record) => record.createdByApi && record.dispatchedAtMs === null)
      .map((record) => toOrderBook(record, this.account));
  }

  pendingWebhooks(): number {
    return this.account.webhooks.pending();
  }
}
