import { VariantView } from './catalogue-views.js';
import type { ViewContext } from './catalogue-views.js';
import type { PageArguments } from './connection.js';
import { toMoney, toMoneyBag } from './money.js';
import { shownLines } from './order-record.js';
import type { DraftRecord, LineRecord } from './order-record.js';
import { OrderView } from './order-view.js';
import { SaleView } from './sale-views.js';
import { toTimestamp } from './timestamp.js';

export class DraftView extends SaleView<DraftRecord> {
  readonly __typename = 'DraftOrder';
  readonly invoiceSentAt = null;
  readonly ready = true;
  readonly reserveInventoryUntil = null;
  readonly visibleToCustomer = false;

  get name() {
    return this.record.name;
  }
  get note2() {
    return this.record.note;
  }
  get status() {
    return this.record.status === 'completed' ? 'COMPLETED' : 'OPEN';
  }
  get createdAt() {
    return toTimestamp(this.record.createdAtMs);
  }
  get updatedAt() {
    return toTimestamp(this.record.updatedAtMs);
  }
  get completedAt() {
    const { completedAtMs } = this.record;
    return completedAtMs === null ? null : toTimestamp(completedAtMs);
  }
  get order() {
    const { orderId } = this.record;
    if (orderId === null) return null;
    return new OrderView(this.context.shop.order(orderId), this.context);
  }
  get totalQuantityOfLineItems() {
    return this.record.lines.reduce((sum, line) => sum + line.quantity, 0);
  }
  get lineItemsSubtotalPrice() {
    return this.bag(this.original.linesMinor);
  }
  get totalLineItemsPriceSet() {
    return this.bag(this.original.linesMinor + this.original.lineDiscountsMinor);
  }
  get appliedDiscount() {
    const { discountMinor } = this.record;
    if (discountMinor === 0) return null;
    return toAppliedDiscount(discountMinor, this.context.currency);
  }
  lineItems(args: PageArguments) {
    return this.list(
      shownLines(this.record),
      args,
      (line) => new DraftLineView(line, this.context),
    );
  }
}

class DraftLineView {
  readonly __typename = 'DraftOrderLineItem';
  readonly isGiftCard = false;
  readonly taxable = false;
  readonly taxLines = [];
  readonly variantTitle = null;
  readonly vendor = null;

  constructor(
    private readonly line: LineRecord,
    private readonly context: ViewContext,
  ) {}

  get id() {
    return this.line.id;
  }
  get uuid() {
    return this.line.id;
  }
  get name() {
    return this.line.title;
  }
  get title() {
    return this.line.title;
  }
  get requiresShipping() {
    return this.line.variant !== null;
  }
  get custom() {
    return this.line.variant === null;
  }
  get sku() {
    return this.line.variant?.sku ?? null;
  }
  get variant() {
    const { variant } = this.line;
    return variant === null ? null : new VariantView(variant, this.context);
  }
  get product() {
    return this.variant?.product ?? null;
  }
  get quantity() {
    return this.line.quantity;
  }
  get customAttributes() {
    return this.line.attributes;
  }
  get originalUnitPriceSet() {
    return this.bag(this.line.retailUnitMinor);
  }
  get originalUnitPriceWithCurrency() {
    return toMoney(this.line.retailUnitMinor, this.context.currency);
  }
  get originalTotalSet() {
    return this.bag(this.line.retailUnitMinor * this.line.quantity);
  }
  get discountedTotalSet() {
    return this.bag(this.line.totalMinor);
  }
  get approximateDiscountedUnitPriceSet() {
    return this.bag(Math.round(this.line.totalMinor / this.line.quantity));
  }
  get totalDiscountSet() {
    return this.bag(this.discountMinor);
  }
  get appliedDiscount() {
    if (this.discountMinor === 0) return null;
    return toAppliedDiscount(this.discountMinor, this.context.currency);
  }

  private get discountMinor() {
    return this.line.retailUnitMinor * this.line.quantity - this.line.totalMinor;
  }

  private bag(minor: number) {
    return toMoneyBag(minor, this.context.currency);
  }
}

function toAppliedDiscount(minor: number, currency: string) {
  const amountSet = toMoneyBag(minor, currency);
  return {
    __typename: 'DraftOrderAppliedDiscount',
    ...{ title: 'Trade', description: 'Trade', valueType: 'FIXED_AMOUNT', value: minor / 100 },
    ...{ amountSet, amountV2: amountSet.shopMoney },
  };
}
