import { priceOrder } from './order-pricing.js';
import type { NewChange } from './inventory-book.js';
import type { SquareAccount } from './square-account.js';
import { toSortable } from './square-clock.js';
import type { Money, OrderLine, SquareOrder } from './square-order.js';

export interface TillLine {
  /** Null for money without stock: postage, a manual amount. */
  readonly sku: string | null;
  /** What the receipt says; the catalogue's name when left out. */
  readonly title?: string;
  readonly units: number;
  readonly priceMinor: number;
}

/** What people do in the stores. It happens at once, and the webhooks tell of it. */
export class StoreStaff {
  constructor(private readonly account: SquareAccount) {}

  sell(locationId: string, lines: readonly TillLine[], soldAtMs?: number): string {
    const { account } = this;
    const order = this.toTillOrder(locationId, lines, soldAtMs);
    const changes = stockLinesOf(lines).map((line): NewChange => ({
      ...this.toChange(locationId, line.sku, line.units, this.timeOf(soldAtMs)),
      type: 'ADJUSTMENT',
      from: 'IN_STOCK',
      to: 'SOLD',
      transactionId: order.id,
    }));
    order.line_items = lines.map((line) => this.toLine(line));
    priceOrder(order, account.currency);
    const payment = account.payments.takeAtTill(order, order.total_money?.amount ?? 0);
    order.tenders = [
      {
        id: payment.id,
        location_id: locationId,
        transaction_id: order.id,
        created_at: payment.created_at,
        amount_money: payment.amount_money,
        type: 'CASH',
        payment_id: payment.id,
      },
    ];
    priceOrder(order, account.currency);
    account.orders.addTillOrder(order);
    if (changes.length > 0) account.stock.move('till-sale', changes, order.id);
    return order.id;
  }

  takeBack(locationId: string, lines: readonly TillLine[]): string {
    const { account } = this;
    const order = this.toTillOrder(locationId, lines);
    const refundId = account.ids.next();
    const changes = stockLinesOf(lines).map((line): NewChange => ({
      ...this.toChange(locationId, line.sku, line.units),
      type: 'ADJUSTMENT',
      from: 'UNLINKED_RETURN',
      to: 'IN_STOCK',
      transactionId: order.id,
      refundId,
    }));
    order.returns = [{ uid: account.ids.next(), return_line_items: lines.map(this.toReturnLine) }];
    priceOrder(order, account.currency);
    order.net_amounts = netOfReturn(lines, account.currency);
    account.orders.addTillOrder(order);
    if (changes.length > 0) account.stock.move('till-return', changes, order.id);
    return order.id;
  }

  receive(locationId: string, sku: string, units: number): void {
    const change = this.toChange(locationId, sku, units);
    this.account.stock.move('receipt', [
      { ...change, type: 'ADJUSTMENT', from: 'NONE', to: 'IN_STOCK' },
    ]);
  }

  waste(locationId: string, sku: string, units: number): void {
    const change = this.toChange(locationId, sku, units);
    this.account.stock.move('waste', [
      { ...change, type: 'ADJUSTMENT', from: 'IN_STOCK', to: 'WASTE' },
    ]);
  }

  recount(locationId: string, sku: string, units: number): void {
    const change = this.toChange(locationId, sku, units, undefined, 0);
    this.account.stock.move('count', [{ ...change, type: 'PHYSICAL_COUNT' }]);
  }

  assertLocation(locationId: string): void {
    if (!this.account.hasLocation(locationId)) {
      throw new Error(`There is no store '${locationId}'.`);
    }
  }

  private toChange(
    locationId: string,
    sku: string,
    units: number,
    occurredAt?: string,
    atLeast = 1,
  ): Pick<NewChange, 'variationId' | 'locationId' | 'units' | 'product' | 'occurredAt'> {
    this.assertLocation(locationId);
    if (!Number.isSafeInteger(units) || units < atLeast) {
      throw new Error(`${units} units of '${sku}' cannot be moved.`);
    }
    return {
      variationId: this.account.catalogue.withSku(sku).id,
      locationId,
      units,
      product: 'SQUARE_POS',
      ...(occurredAt === undefined ? {} : { occurredAt }),
    };
  }

  /** Without a version: such orders cannot be updated through the API. */
  private toTillOrder(
    locationId: string,
    lines: readonly TillLine[],
    soldAtMs?: number,
  ): SquareOrder {
    this.assertLocation(locationId);
    if (lines.length === 0) throw new Error('Nothing was put on the counter.');
    const now = this.account.clock.stampMs();
    const soldAt = soldAtMs === undefined ? now : new Date(soldAtMs).toISOString();
    return {
      id: this.account.ids.next(),
      location_id: locationId,
      source: { name: 'Point of Sale' },
      created_at: soldAt,
      updated_at: now,
      closed_at: soldAt,
      state: 'COMPLETED',
    };
  }

  private toLine(line: TillLine): OrderLine {
    const item = line.sku === null ? null : this.account.catalogue.withSku(line.sku);
    const { currency } = this.account;
    const nothing = { amount: 0, currency };
    return {
      uid: this.account.ids.next(),
      name: line.title ?? item?.name ?? 'Manual amount',
      ...(item === null ? {} : { variation_name: 'Regular', catalog_object_id: item.id }),
      quantity: String(line.units),
      item_type: item === null ? 'CUSTOM_AMOUNT' : 'ITEM',
      base_price_money: { amount: line.priceMinor, currency },
      gross_sales_money: nothing,
      total_discount_money: nothing,
      total_tax_money: nothing,
      total_money: nothing,
    };
  }

  private readonly toReturnLine = (line: TillLine): object => {
    const item = line.sku === null ? null : this.account.catalogue.withSku(line.sku);
    return {
      uid: this.account.ids.next(),
      name: line.title ?? item?.name ?? 'Manual amount',
      quantity: String(line.units),
      ...(item === null ? {} : { catalog_object_id: item.id }),
      base_price_money: { amount: line.priceMinor, currency: this.account.currency },
      total_money: { amount: line.priceMinor * line.units, currency: this.account.currency },
    };
  };

  private timeOf(soldAtMs: number | undefined): string | undefined {
    if (soldAtMs === undefined) return undefined;
    return toSortable(new Date(soldAtMs).toISOString());
  }
}

/** What was sold, nothing, less what came back. */
function netOfReturn(lines: readonly TillLine[], currency: string): Record<string, Money> {
  const backMinor = lines.reduce((sum, { units, priceMinor }) => sum + units * priceMinor, 0);
  const none = { amount: 0, currency };
  return {
    total_money: { amount: 0 - backMinor, currency },
    tax_money: none,
    discount_money: none,
    tip_money: none,
    service_charge_money: none,
  };
}

const stockLinesOf = (lines: readonly TillLine[]): (TillLine & { readonly sku: string })[] =>
  lines.filter((line): line is TillLine & { readonly sku: string } => line.sku !== null);
