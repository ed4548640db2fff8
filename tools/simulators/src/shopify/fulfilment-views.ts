import { InventoryItemView, LocationView, VariantView } from './catalogue-views.js';
import type { ViewContext } from './catalogue-views.js';
import { toListConnection } from './connection.js';
import type { PageArguments } from './connection.js';
import { numberOf } from './gid.js';
import { toMoneyBag } from './money.js';
import { remainingQuantity, shareOf, standingFulfilments } from './order-record.js';
import type { FulfilmentRecord, LineRecord, OrderRecord } from './order-record.js';
import { LineItemView, OrderView } from './order-view.js';
import { toTimestamp } from './timestamp.js';

/** What is to be sent from one location. */
export class FulfilmentOrderView {
  readonly __typename = 'FulfillmentOrder';
  readonly requestStatus = 'UNSUBMITTED';
  readonly fulfillmentHolds = [];
  readonly fulfillAt = null;

  constructor(
    private readonly record: OrderRecord,
    private readonly context: ViewContext,
  ) {}

  get id() {
    return this.record.fulfilmentOrderId;
  }
  get orderId() {
    return this.record.id;
  }
  get orderName() {
    return this.record.name;
  }
  get orderProcessedAt() {
    return toTimestamp(this.record.createdAtMs);
  }
  get order() {
    return new OrderView(this.record, this.context);
  }
  get createdAt() {
    return toTimestamp(this.record.createdAtMs);
  }
  get updatedAt() {
    return toTimestamp(this.record.updatedAtMs);
  }
  get status() {
    return fulfilmentOrderStatus(this.record);
  }
  get assignedLocation() {
    const location = this.context.shop.catalogue.locations.get(this.record.locationId);
    return {
      __typename: 'FulfillmentOrderAssignedLocation',
      name: location?.name ?? '',
      countryCode: 'GB',
      location: location === undefined ? null : new LocationView(location, this.context),
    };
  }
  lineItems(args: PageArguments) {
    return toListConnection(
      this.record.lines.filter((line) => askedQuantity(line) > 0),
      args,
      (line) => new FulfilmentOrderLineView(line, this.context),
    );
  }
  fulfillments(args: PageArguments) {
    return toListConnection(
      this.record.fulfilments,
      args,
      (fulfilment) => new FulfilmentView(this.record, fulfilment, this.context),
    );
  }
}

export function fulfilmentOrderStatus(order: OrderRecord) {
  if (order.cancelledAtMs !== null) return 'CANCELLED';
  if (!order.lines.some((line) => remainingQuantity(line) > 0)) return 'CLOSED';
  return standingFulfilments(order).length > 0 ? 'IN_PROGRESS' : 'OPEN';
}

/** What the place is to send or has sent; what came back was sent. */
function askedQuantity(line: LineRecord): number {
  return line.currentQuantity + line.returnedQuantity;
}

class FulfilmentOrderLineView {
  readonly __typename = 'FulfillmentOrderLineItem';
  readonly variantTitle = null;
  readonly vendor = null;

  constructor(
    private readonly line: LineRecord,
    private readonly context: ViewContext,
  ) {}

  get id() {
    return this.line.fulfilmentOrderLineId;
  }
  get lineItem() {
    return new LineItemView(this.line, this.context);
  }
  get requiresShipping() {
    return this.line.variant !== null;
  }
  get totalQuantity() {
    return askedQuantity(this.line);
  }
  get remainingQuantity() {
    return remainingQuantity(this.line);
  }
  get sku() {
    return this.line.variant?.sku ?? null;
  }
  get productTitle() {
    return this.line.title;
  }
  get variant() {
    const { variant } = this.line;
    return variant === null ? null : new VariantView(variant, this.context);
  }
  get inventoryItemId() {
    const { variant } = this.line;
    return variant === null ? null : new InventoryItemView(variant, this.context).id;
  }
}

/** Goods that were sent. */
export class FulfilmentView {
  readonly __typename = 'Fulfillment';
  readonly deliveredAt = null;
  readonly inTransitAt = null;
  readonly estimatedDeliveryAt = null;
  readonly requiresShipping = true;

  constructor(
    private readonly record: OrderRecord,
    private readonly fulfilment: FulfilmentRecord,
    private readonly context: ViewContext,
  ) {}

  get id() {
    return this.fulfilment.id;
  }
  get status() {
    return this.fulfilment.cancelledAtMs === null ? 'SUCCESS' : 'CANCELLED';
  }
  get displayStatus() {
    return this.fulfilment.cancelledAtMs === null ? 'FULFILLED' : 'CANCELED';
  }
  get legacyResourceId() {
    return String(numberOf(this.fulfilment.id));
  }
  get name() {
    return this.fulfilment.name;
  }
  get createdAt() {
    return toTimestamp(this.fulfilment.atMs);
  }
  get updatedAt() {
    return toTimestamp(this.fulfilment.atMs);
  }
  get order() {
    return new OrderView(this.record, this.context);
  }
  get location() {
    const location = this.context.shop.catalogue.locations.get(this.record.locationId);
    return location === undefined ? null : new LocationView(location, this.context);
  }
  get totalQuantity() {
    return this.fulfilment.lines.reduce((sum, line) => sum + line.quantity, 0);
  }
  trackingInfo() {
    const { carrier, trackingNumber } = this.fulfilment;
    if (carrier === null && trackingNumber === null) return [];
    return [{ company: carrier, number: trackingNumber, url: null }];
  }
  fulfillmentLineItems(args: PageArguments) {
    return toListConnection(this.fulfilment.lines, args, ({ id, lineId, quantity }) => {
      const line = this.record.lines.find((each) => each.id === lineId);
      if (line === undefined) throw new Error(`${this.fulfilment.name} names no line ${lineId}.`);
      const discounted = shareOf(line.totalMinor, quantity, line.quantity);
      return {
        __typename: 'FulfillmentLineItem',
        ...{ id, quantity, lineItem: new LineItemView(line, this.context) },
        discountedTotalSet: toMoneyBag(discounted, this.context.currency),
        originalTotalSet: toMoneyBag(line.retailUnitMinor * quantity, this.context.currency),
      };
    });
  }
  fulfillmentOrders(args: PageArguments) {
    return toListConnection(
      [this.record],
      args,
      (order) => new FulfilmentOrderView(order, this.context),
    );
  }
}
