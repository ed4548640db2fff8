import type { SimulatedWorld } from '../wire/simulated-world.js';
import { Catalogue } from './catalogue.js';
import { CustomerBook } from './customer-book.js';
import { InventoryBook } from './inventory-book.js';
import type { NewChange } from './inventory-book.js';
import { OrderBook } from './order-book.js';
import type { OrderRecord } from './order-book.js';
import { PaymentBook } from './payment-book.js';
import { SquareClock } from './square-clock.js';
import { SquareIds } from './square-ids.js';
import { SquareWebhooks } from './square-webhooks.js';
import { StockRoom } from './stock-room.js';

export interface SquareAccountOptions {
  readonly world: SimulatedWorld;
  readonly signatureKey: string;
  readonly locations: readonly { readonly id: string; readonly name: string }[];
  /** When an order's lines leave the stock; Square's own pages disagree. */
  readonly deductOn: 'paid' | 'completed';
  readonly deductTwice: boolean;
}

/** The books of one seller, and how they hang together. */
export class SquareAccount {
  readonly world: SimulatedWorld;
  readonly currency: string;
  readonly merchantId: string;
  readonly applicationId: string;
  readonly ids: SquareIds;
  readonly clock: SquareClock;
  readonly webhooks: SquareWebhooks;
  readonly catalogue: Catalogue;
  readonly inventory: InventoryBook;
  readonly stock: StockRoom;
  readonly orders: OrderBook;
  readonly payments: PaymentBook;
  readonly customers: CustomerBook;

  constructor(readonly options: SquareAccountOptions) {
    const { world } = options;
    this.world = world;
    this.currency = world.currency;
    this.ids = new SquareIds(world.seed);
    this.merchantId = `ML${this.ids.next()}`;
    this.applicationId = `sq0idp-${this.ids.next()}`;
    this.clock = new SquareClock(() => world.now());
    this.webhooks = new SquareWebhooks(
      world,
      this.clock,
      this.ids,
      options.signatureKey,
      this.merchantId,
    );
    this.catalogue = new Catalogue(this.clock, this.ids, this.currency);
    this.inventory = new InventoryBook(this.clock, this.ids);
    this.stock = new StockRoom(world, this.ids, this.catalogue, this.inventory, this.webhooks);
    this.orders = new OrderBook(
      this.clock,
      this.ids,
      this.catalogue,
      this.webhooks,
      this.currency,
      new Set(options.locations.map(({ id }) => id)),
      (record) => this.deductWhen('completed', record),
    );
    this.payments = new PaymentBook(
      this.clock,
      this.ids,
      this.orders,
      this.webhooks,
      this.currency,
      (record) => this.deductWhen('paid', record),
    );
    this.customers = new CustomerBook(this.clock, this.ids, this.webhooks);
  }

  hasLocation(id: string): boolean {
    return this.options.locations.some((location) => location.id === id);
  }

  private deductWhen(moment: 'paid' | 'completed', record: OrderRecord): void {
    if (moment !== this.options.deductOn || record.deducted) return;
    // An order that was cancelled or never paid takes nothing out.
    if (!record.paid) return;
    record.deducted = true;
    const { order } = record;
    const changes = (order.line_items ?? []).flatMap(
      ({ catalog_object_id: variationId, quantity }): NewChange[] =>
        variationId === undefined
          ? []
          : [
              {
                type: 'ADJUSTMENT',
                from: 'IN_STOCK',
                to: 'SOLD',
                variationId,
                locationId: order.location_id,
                units: Number(quantity),
                product: 'EXTERNAL_API',
                transactionId: order.id,
              },
            ],
    );
    this.stock.move('deduct', changes, order.id);
    if (this.options.deductTwice) {
      // The control: a second deduction that names no cause.
      const again = changes.map(({ transactionId: _cause, ...change }) => change as NewChange);
      this.stock.move('deduct', again, order.id);
    }
  }
}
