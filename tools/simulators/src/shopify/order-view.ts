import { VariantView } from './catalogue-views.js';
import type { ViewContext } from './catalogue-views.js';
import type { PageArguments } from './connection.js';
import { FulfilmentOrderView, FulfilmentView } from './fulfilment-views.js';
import { toMoneyBag } from './money.js';
import {
  currentLineTotal,
  financialStateOf,
  fulfilmentStateOf,
  remainingQuantity,
  shareOf,
  shownLines,
  totalsOf,
} from './order-record.js';
import type { LineRecord, OrderRecord } from './order-record.js';
import { RefundView } from './refund-view.js';
import { SaleView } from './sale-views.js';
import { toTimestamp } from './timestamp.js';

export class OrderView extends SaleView<OrderRecord> {
  readonly __typename = 'Order';
  readonly closed = false;
  readonly closedAt = null;
  readonly confirmed = true;
  readonly test = false;
  readonly retailLocation = null;
  readonly sourceIdentifier = null;
  readonly returnStatus = 'NO_RETURN';

  get name() {
    return this.record.name;
  }
  get number() {
    return this.record.number;
  }
  get note() {
    return this.record.note;
  }
  get createdAt() {
    return toTimestamp(this.record.createdAtMs);
  }
  get processedAt() {
    return toTimestamp(this.record.createdAtMs);
  }
  get updatedAt() {
    return toTimestamp(this.record.updatedAtMs);
  }
  get cancelledAt() {
    const { cancelledAtMs } = this.record;
    return cancelledAtMs === null ? null : toTimestamp(cancelledAtMs);
  }
  get cancelReason() {
    return this.record.cancelledAtMs === null ? null : 'CUSTOMER';
  }
  get edited() {
    return this.record.edited;
  }
  get sourceName() {
    return this.record.sourceName;
  }
  get displayFinancialStatus() {
    return financialStateOf(this.record);
  }
  get displayFulfillmentStatus() {
    return fulfilmentStateOf(this.record);
  }
  get fullyPaid() {
    return this.record.paid;
  }
  get unpaid() {
    return !this.record.paid;
  }
  get fulfillable() {
    return this.record.lines.some((line) => remainingQuantity(line) > 0);
  }
  get requiresShipping() {
    return true;
  }
  get subtotalLineItemsQuantity() {
    return this.record.lines.reduce((sum, line) => sum + line.quantity, 0);
  }
  get currentSubtotalLineItemsQuantity() {
    return this.record.lines.reduce((sum, line) => sum + line.currentQuantity, 0);
  }
  get originalTotalPriceSet() {
    return this.totalPriceSet;
  }
  get currentTotalPriceSet() {
    return this.bag(this.current.totalMinor);
  }
  get currentSubtotalPriceSet() {
    return this.bag(this.current.linesMinor - this.current.cartDiscountMinor);
  }
  get currentTotalDiscountsSet() {
    return this.bag(this.current.lineDiscountsMinor + this.current.cartDiscountMinor);
  }
  get cartDiscountAmountSet() {
    return this.bag(this.original.cartDiscountMinor);
  }
  get currentCartDiscountAmountSet() {
    return this.bag(this.current.cartDiscountMinor);
  }
  get currentShippingPriceSet() {
    return this.bag(this.current.shippingMinor);
  }
  get currentTotalTaxSet() {
    return this.bag(0);
  }
  get totalReceivedSet() {
    return this.bag(this.record.paid ? this.original.totalMinor : 0);
  }
  get totalRefundedSet() {
    const { paid, cancelledAtMs, refunds } = this.record;
    if (!paid) return this.bag(0);
    if (cancelledAtMs !== null) return this.bag(this.original.totalMinor - this.current.totalMinor);
    return this.bag(refunds.reduce((sum, { paidBackMinor }) => sum + paidBackMinor, 0));
  }
  get totalOutstandingSet() {
    return this.bag(this.record.paid ? 0 : this.current.totalMinor);
  }
  get fulfillmentsCount() {
    return { __typename: 'Count', count: this.record.fulfilments.length, precision: 'EXACT' };
  }

  lineItems(args: PageArguments) {
    return this.list(shownLines(this.record), args, (line) => new LineItemView(line, this.context));
  }
  /** One location serves the whole order, so there is one fulfilment order. */
  fulfillmentOrders(args: PageArguments) {
    return this.list([this.record], args, (order) => new FulfilmentOrderView(order, this.context));
  }
  fulfillments(args: { first?: number | null }) {
    return this.record.fulfilments
      .slice(0, args.first ?? undefined)
      .map((fulfilment) => new FulfilmentView(this.record, fulfilment, this.context));
  }
  refunds(args: { first?: number | null }) {
    return this.record.refunds
      .slice(0, args.first ?? undefined)
      .map((refund) => new RefundView(this.record, refund, this.context));
  }
  shippingLines(args: PageArguments) {
    const line = this.shippingLine;
    return this.list(line === null ? [] : [line], args, (each) => each);
  }

  protected override get issuedAtMs() {
    return this.record.createdAtMs;
  }
  private get current() {
    return totalsOf(this.record, 'current');
  }
}

export class LineItemView {
  readonly __typename = 'LineItem';
  readonly isGiftCard = false;
  readonly nonFulfillableQuantity = 0;
  readonly taxLines = [];
  readonly taxable = false;
  readonly variantTitle = null;
  readonly vendor = null;

  constructor(
    private readonly line: LineRecord,
    private readonly context: ViewContext,
  ) {}

  get id() {
    return this.line.id;
  }
  get name() {
    return this.line.title;
  }
  get title() {
    return this.line.title;
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
  /** A manual line is money, not goods. */
  get requiresShipping() {
    return this.line.variant !== null;
  }
  get quantity() {
    return this.line.quantity;
  }
  get currentQuantity() {
    return this.line.currentQuantity;
  }
  get refundableQuantity() {
    return this.line.currentQuantity;
  }
  get unfulfilledQuantity() {
    return remainingQuantity(this.line);
  }
  get customAttributes() {
    return this.line.attributes;
  }
  get originalUnitPriceSet() {
    return this.bag(this.line.retailUnitMinor);
  }
  get originalTotalSet() {
    return this.bag(this.line.retailUnitMinor * this.line.quantity);
  }
  get discountedTotalSet() {
    return this.bag(this.line.totalMinor);
  }
  /** Rounded to the cent: the total is exact, this is not. */
  get discountedUnitPriceSet() {
    return this.bag(Math.round(this.line.totalMinor / this.line.quantity));
  }
  get discountedUnitPriceAfterAllDiscountsSet() {
    const { totalMinor, cartDiscountMinor, quantity } = this.line;
    return this.bag(Math.round((totalMinor - cartDiscountMinor) / quantity));
  }
  get totalDiscountSet() {
    return this.bag(this.line.retailUnitMinor * this.line.quantity - this.line.totalMinor);
  }
  get unfulfilledDiscountedTotalSet() {
    const { currentQuantity } = this.line;
    const total = currentLineTotal(this.line);
    return this.bag(shareOf(total, remainingQuantity(this.line), currentQuantity));
  }
  get unfulfilledOriginalTotalSet() {
    return this.bag(this.line.retailUnitMinor * remainingQuantity(this.line));
  }
  get discountAllocations() {
    const lineDiscount = this.line.retailUnitMinor * this.line.quantity - this.line.totalMinor;
    return [
      { minor: lineDiscount, targetSelection: 'EXPLICIT', index: 0 },
      { minor: this.line.cartDiscountMinor, targetSelection: 'ALL', index: 1 },
    ].flatMap(({ minor, targetSelection, index }) => {
      if (minor === 0) return [];
      const allocatedAmountSet = this.bag(minor);
      const allocation = { allocationMethod: 'ACROSS', targetType: 'LINE_ITEM', title: 'Trade' };
      return [
        {
          __typename: 'DiscountAllocation',
          allocatedAmountSet,
          allocatedAmount: allocatedAmountSet.shopMoney,
          discountApplication: {
            __typename: 'ManualDiscountApplication',
            ...{ ...allocation, targetSelection, index },
          },
        },
      ];
    });
  }

  private bag(minor: number) {
    return toMoneyBag(minor, this.context.currency);
  }
}
