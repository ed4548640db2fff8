import type { Catalogue } from './catalogue.js';
import { priceOrder } from './order-pricing.js';
import { applyOrderUpdate, moveFulfilment } from './order-update.js';
import type { OrderUpdate } from './order-update.js';
import type { SquareClock } from './square-clock.js';
import { invalid, notFound, SquareError } from './square-error.js';
import type { SquareIds } from './square-ids.js';
import { totalMinor } from './square-order.js';
import type { Fulfilment, FulfilmentState, OrderLine, SquareOrder } from './square-order.js';
import type { SquareWebhooks } from './square-webhooks.js';

/** An order and what the simulator alone knows about it. */
export interface OrderRecord {
  readonly order: SquareOrder;
  readonly createdByApi: boolean;
  readonly createdAtMs: number;
  dispatchedAtMs: number | null;
  /** Paid in full. An order of nothing owes nothing and still has to be paid. */
  paid: boolean;
  /** Whether its lines have left the stock. */
  deducted: boolean;
}

/** What a request says about a line; the rest is worked out. */
export type WantedLine = Partial<OrderLine> & Pick<OrderLine, 'quantity'>;

export type WantedOrder = Omit<
  Partial<SquareOrder>,
  'line_items' | 'discounts' | 'fulfillments'
> & {
  location_id: string;
  line_items?: WantedLine[];
  discounts?: NonNullable<SquareOrder['discounts']>;
  fulfillments?: Partial<Fulfilment>[];
};

export class OrderBook {
  private readonly records = new Map<string, OrderRecord>();

  constructor(
    private readonly clock: SquareClock,
    private readonly ids: SquareIds,
    private readonly catalogue: Catalogue,
    private readonly webhooks: SquareWebhooks,
    private readonly currency: string,
    private readonly locationIds: ReadonlySet<string>,
    /** Called when an order has become complete. */
    private readonly completed: (record: OrderRecord) => void,
  ) {}

  /** Takes an order from the API: open, with a version, owing its total. */
  create(wanted: WantedOrder): OrderRecord {
    if (!this.locationIds.has(wanted.location_id)) {
      throw notFound('Location', wanted.location_id, 'order.location_id');
    }
    if (wanted.state !== undefined && wanted.state !== 'OPEN') {
      throw invalid('INVALID_VALUE', 'Orders are created in state OPEN.', 'order.state');
    }
    const { line_items: lines, fulfillments, ...rest } = wanted;
    const at = this.clock.stampMs();
    const order: SquareOrder = {
      ...rest,
      id: this.ids.next(),
      version: 1,
      state: 'OPEN',
      created_at: at,
      updated_at: at,
      line_items: (lines ?? []).map((line, index) => this.toLine(line, index)),
      discounts: (wanted.discounts ?? []).map((discount) => ({
        ...discount,
        uid: discount.uid ?? this.ids.next(),
        scope: 'ORDER',
      })),
      fulfillments: (fulfillments ?? []).map((fulfilment) => this.toFulfilment(fulfilment)),
    };
    assertUniqueUids(order);
    priceOrder(order, this.currency);
    return this.add(order, true);
  }

  /** Puts a finished order of the till into the books. */
  addTillOrder(order: SquareOrder): OrderRecord {
    return this.add(order, false);
  }

  /** @throws SquareError NOT_FOUND */
  record(id: string): OrderRecord {
    const record = this.records.get(id);
    if (record === undefined) throw notFound('Order', id);
    return record;
  }

  find(id: string): OrderRecord | undefined {
    return this.records.get(id);
  }

  all(): OrderRecord[] {
    return [...this.records.values()];
  }

  /** A sparse update from the API. Refused as a whole or done as a whole. */
  update(id: string, update: OrderUpdate): SquareOrder {
    const record = this.record(id);
    const { order } = record;
    if (order.version === undefined) {
      throw invalid('BAD_REQUEST', 'Orders rung up on the till cannot be updated.', 'order_id');
    }
    if (update.order.version === undefined) {
      throw invalid('MISSING_REQUIRED_PARAMETER', 'The version is needed.', 'order.version');
    }
    this.assertVersion(order, update.order.version, 'order.version');
    if (order.state !== 'OPEN') {
      throw invalid('BAD_REQUEST', `An order in state ${order.state} takes no updates.`, 'order');
    }
    const draft = structuredClone(order);
    const changes = applyOrderUpdate(draft, update, {
      toLine: (line, index) => this.toLine(line, index),
      now: () => this.clock.stampMs(),
      isPaid: record.paid,
    });
    assertUniqueUids(draft);
    priceOrder(draft, this.currency);
    for (const name of Object.keys(order))
      delete (order as unknown as Record<string, unknown>)[name];
    Object.assign(order, draft);
    this.touch(record, changes);
    return order;
  }

  /** @throws SquareError VERSION_MISMATCH */
  assertVersion(order: SquareOrder, version: number, field: string): void {
    if (order.version === version) return;
    const detail = `The latest version is ${order.version}, the request names ${version}.`;
    throw new SquareError(409, 'VERSION_MISMATCH', detail, field);
  }

  /** Staff move the fulfilment along; the last step completes a paid order. */
  fulfil(id: string, state: FulfilmentState, details: Record<string, unknown>): void {
    const record = this.record(id);
    const fulfilment = record.order.fulfillments?.[0];
    if (fulfilment === undefined) throw new Error(`Order ${id} has nothing to fulfil.`);
    const changes = moveFulfilment(fulfilment, state, details, this.clock.stampMs());
    if (record.paid && state === 'COMPLETED') record.order.state = 'COMPLETED';
    this.touch(record, changes);
  }

  /** After every change: next version, and the webhooks that tell of it. */
  touch(record: OrderRecord, fulfilmentChanges: readonly object[] = []): void {
    const { order } = record;
    order.updated_at = this.clock.stampMs();
    if (order.version !== undefined) order.version += 1;
    if (order.state !== 'OPEN') order.closed_at ??= order.updated_at;
    const isDispatched = order.fulfillments?.[0]?.state === 'COMPLETED';
    if (isDispatched) record.dispatchedAtMs ??= this.clock.now();
    const about = {
      order_id: order.id,
      version: order.version,
      location_id: order.location_id,
      state: order.state,
      created_at: order.created_at,
      updated_at: order.updated_at,
    };
    if (order.state === 'COMPLETED') this.completed(record);
    if (fulfilmentChanges.length > 0) {
      this.webhooks.emit('order.fulfillment.updated', {
        type: 'order_fulfillment_updated',
        id: order.id,
        object: {
          order_fulfillment_updated: { ...about, fulfillment_update: fulfilmentChanges },
        },
      });
    }
    this.webhooks.emit('order.updated', {
      type: 'order_updated',
      id: order.id,
      object: { order_updated: about },
    });
  }

  private add(order: SquareOrder, createdByApi: boolean): OrderRecord {
    const record: OrderRecord = {
      order,
      createdByApi,
      createdAtMs: this.clock.now(),
      dispatchedAtMs: null,
      paid: !createdByApi,
      deducted: !createdByApi,
    };
    this.records.set(order.id, record);
    this.webhooks.emit('order.created', {
      type: 'order_created',
      id: order.id,
      object: {
        order_created: {
          order_id: order.id,
          version: order.version,
          location_id: order.location_id,
          state: order.state,
          created_at: order.created_at,
        },
      },
    });
    return record;
  }

  private toLine(wanted: WantedLine, index: number): OrderLine {
    const field = `order.line_items[${index}]`;
    if (Number(wanted.quantity) < 1) {
      throw invalid('VALUE_TOO_LOW', 'The quantity must be above zero.', `${field}.quantity`);
    }
    const item =
      wanted.catalog_object_id === undefined
        ? undefined
        : this.catalogue.variation(wanted.catalog_object_id, `${field}.catalog_object_id`);
    const name = wanted.name ?? item?.name;
    if (name === undefined) {
      throw invalid('MISSING_REQUIRED_PARAMETER', 'An ad hoc line needs a name.', `${field}.name`);
    }
    const price = wanted.base_price_money ?? this.priceOf(item?.priceMinor, field);
    const nothing = { amount: 0, currency: this.currency };
    return {
      ...wanted,
      uid: wanted.uid ?? this.ids.next(),
      name,
      ...(item === undefined ? {} : { variation_name: 'Regular', catalog_version: item.version }),
      item_type: 'ITEM',
      base_price_money: price,
      gross_sales_money: nothing,
      total_discount_money: nothing,
      total_tax_money: nothing,
      total_money: nothing,
    };
  }

  private priceOf(amount: number | undefined, field: string): { amount: number; currency: string } {
    if (amount !== undefined) return { amount, currency: this.currency };
    const detail = 'An ad hoc line needs a price.';
    throw invalid('MISSING_REQUIRED_PARAMETER', detail, `${field}.base_price_money`);
  }

  private toFulfilment(wanted: Partial<Fulfilment>): Fulfilment {
    const at = this.clock.stampMs();
    const type = wanted.type ?? 'SHIPMENT';
    const details = type === 'PICKUP' ? 'pickup_details' : 'shipment_details';
    return {
      ...wanted,
      uid: wanted.uid ?? this.ids.next(),
      type,
      state: wanted.state ?? 'PROPOSED',
      [details]: { ...wanted[details], placed_at: at },
    };
  }
}

function assertUniqueUids(order: SquareOrder): void {
  for (const field of ['line_items', 'discounts', 'fulfillments'] as const) {
    const uids = (order[field] ?? []).map(({ uid }) => uid);
    if (new Set(uids).size < uids.length) {
      throw invalid('INVALID_VALUE', 'Each uid may be used once.', `order.${field}.uid`);
    }
  }
  if (totalMinor(order) > Number.MAX_SAFE_INTEGER) {
    throw invalid('VALUE_TOO_HIGH', 'The order is too large.', 'order');
  }
}
