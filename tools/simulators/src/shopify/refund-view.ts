import { LocationView } from './catalogue-views.js';
import type { ViewContext } from './catalogue-views.js';
import { toListConnection } from './connection.js';
import type { PageArguments } from './connection.js';
import { numberOf } from './gid.js';
import { toMoney, toMoneyBag } from './money.js';
import type { OrderRecord } from './order-record.js';
import type { RefundRecord } from './order-refund.js';
import { LineItemView, OrderView } from './order-view.js';
import { toTimestamp } from './timestamp.js';

/** Goods or money that went back. */
export class RefundView {
  readonly __typename = 'Refund';
  readonly note = null;
  readonly staffMember = null;
  readonly duties = [];

  constructor(
    private readonly record: OrderRecord,
    private readonly refund: RefundRecord,
    private readonly context: ViewContext,
  ) {}

  get id() {
    return this.refund.id;
  }
  get legacyResourceId() {
    return String(numberOf(this.refund.id));
  }
  get createdAt() {
    return toTimestamp(this.refund.atMs);
  }
  get processedAt() {
    return toTimestamp(this.refund.atMs);
  }
  get updatedAt() {
    return toTimestamp(this.refund.atMs);
  }
  get order() {
    return new OrderView(this.record, this.context);
  }
  get totalRefunded() {
    return toMoney(this.refund.paidBackMinor, this.context.currency);
  }
  get totalRefundedSet() {
    return this.bag(this.refund.paidBackMinor);
  }
  orderAdjustments(args: PageArguments) {
    const { discrepancyMinor } = this.refund;
    return toListConnection(discrepancyMinor === 0 ? [] : [discrepancyMinor], args, (minor) => ({
      __typename: 'OrderAdjustment',
      id: `gid://shopify/OrderAdjustment/${numberOf(this.refund.id)}`,
      ...{ amountSet: this.bag(minor), taxAmountSet: this.bag(0) },
      reason: 'REFUND_DISCREPANCY',
    }));
  }
  refundLineItems(args: PageArguments) {
    const { lines } = this.refund;
    return toListConnection(lines, args, ({ id, lineId, quantity, restockType, subtotalMinor }) => {
      const line = this.record.lines.find((each) => each.id === lineId);
      if (line === undefined) throw new Error(`${this.record.name} has no line ${lineId}.`);
      const restocked = restockType !== 'NO_RESTOCK';
      const location = this.context.shop.catalogue.locations.get(this.record.locationId);
      return {
        __typename: 'RefundLineItem',
        ...{ id, quantity, restockType, restocked },
        lineItem: new LineItemView(line, this.context),
        location:
          restocked && location !== undefined ? new LocationView(location, this.context) : null,
        subtotalSet: this.bag(subtotalMinor),
        totalTaxSet: this.bag(0),
      };
    });
  }

  private bag(minor: number) {
    return toMoneyBag(minor, this.context.currency);
  }
}
