import type { BulkOperations } from './bulk-operations.js';
import {
  CustomerView,
  InventoryItemView,
  InventoryLevelView,
  LocationView,
  VariantView,
} from './catalogue-views.js';
import type { ViewContext } from './catalogue-views.js';
import type { Variant } from './catalogue.js';
import { toConnection } from './connection.js';
import type { PageArguments } from './connection.js';
import { DraftView } from './draft-view.js';
import { FulfilmentOrderView, FulfilmentView } from './fulfilment-views.js';
import { numberOf, typeOf } from './gid.js';
import { financialStateOf, fulfilmentStateOf, totalsOf } from './order-record.js';
import type { DraftRecord, OrderRecord } from './order-record.js';
import { OrderView } from './order-view.js';
import { RefundView } from './refund-view.js';
import { toFilter } from './search-filter.js';
import type { SearchFields } from './search-filter.js';
import { toSeconds } from './timestamp.js';
import type { WebhookSubscriptions } from './webhook-subscriptions.js';
import { SubscriptionView } from './webhook-subscription-view.js';

interface SearchArguments extends PageArguments {
  readonly query?: string | null;
  readonly sortKey?: string | null;
}

/** The fields of QueryRoot that the simulator answers. */
export class QueryRoot {
  readonly __typename = 'QueryRoot';

  constructor(
    private readonly context: ViewContext & { readonly shopDomain: string },
    private readonly subscriptions: WebhookSubscriptions,
    private readonly bulk: () => BulkOperations,
  ) {}

  get shop() {
    const { shopDomain, currency } = this.context;
    return {
      ...{ __typename: 'Shop', id: 'gid://shopify/Shop/1', name: shopDomain.split('.')[0] },
      ...{ myshopifyDomain: shopDomain, currencyCode: currency, taxesIncluded: false },
      ...{ email: `owner@${shopDomain}`, url: `https://${shopDomain}`, ianaTimezone: 'Etc/UTC' },
    };
  }

  orders(args: SearchArguments) {
    const matches = toFilter(args.query, ORDER_FIELDS);
    return toConnection(
      [...this.context.shop.orders.values()].filter(matches),
      args,
      (order) => ({ value: orderSortValue(order, args.sortKey), id: numberOf(order.id) }),
      (order) => new OrderView(order, this.context),
    );
  }

  draftOrders(args: SearchArguments) {
    const matches = toFilter(args.query, DRAFT_FIELDS);
    return toConnection(
      [...this.context.shop.drafts.values()].filter(
        (draft) => draft.status !== 'deleted' && matches(draft),
      ),
      args,
      (draft) => ({ value: draftSortValue(draft, args.sortKey), id: numberOf(draft.id) }),
      (draft) => new DraftView(draft, this.context),
    );
  }

  productVariants(args: SearchArguments) {
    const matches = toFilter(args.query, VARIANT_FIELDS);
    return toConnection(
      [...this.context.shop.catalogue.variants.values()].filter(matches),
      args,
      (variant) => ({
        value: args.sortKey === 'SKU' ? variant.sku : 0,
        id: numberOf(variant.id),
      }),
      (variant) => new VariantView(variant, this.context),
    );
  }

  inventoryItems(args: SearchArguments) {
    const matches = toFilter(args.query, VARIANT_FIELDS);
    return toConnection(
      [...this.context.shop.catalogue.variants.values()].filter(matches),
      args,
      (variant) => ({ value: 0, id: numberOf(variant.inventoryItemId) }),
      (variant) => new InventoryItemView(variant, this.context),
    );
  }

  locations(args: SearchArguments) {
    return toConnection(
      [...this.context.shop.catalogue.locations.values()],
      args,
      (location) => ({
        value: args.sortKey === 'ID' ? 0 : location.name,
        id: numberOf(location.id),
      }),
      (location) => new LocationView(location, this.context),
    );
  }

  webhookSubscriptions(args: PageArguments & { topics?: string[] | null; uri?: string | null }) {
    return toConnection(
      this.subscriptions.all().filter(
        (each) =>
          // No topics given means all of them.
          (args.topics?.includes(each.topic) ?? true) && (args.uri ?? each.uri) === each.uri,
      ),
      args,
      (each) => ({ value: each.createdAtMs, id: numberOf(each.id) }),
      (each) => new SubscriptionView(each),
    );
  }

  get inventoryProperties() {
    const names = ['available', 'committed', 'incoming', 'on_hand', 'reserved'];
    const quantityNames = names.map((name) => ({
      ...{ name, displayName: name, isInUse: true, belongsTo: [], comprises: [] },
    }));
    return { __typename: 'InventoryProperties', quantityNames };
  }

  order({ id }: { id: string }) {
    return this.node({ id: this.expect('Order', id) });
  }
  draftOrder({ id }: { id: string }) {
    return this.node({ id: this.expect('DraftOrder', id) });
  }
  productVariant({ id }: { id: string }) {
    return this.node({ id: this.expect('ProductVariant', id) });
  }
  inventoryItem({ id }: { id: string }) {
    return this.node({ id: this.expect('InventoryItem', id) });
  }
  inventoryLevel({ id }: { id: string }) {
    return this.node({ id: this.expect('InventoryLevel', id) });
  }
  fulfillmentOrder({ id }: { id: string }) {
    return this.node({ id: this.expect('FulfillmentOrder', id) });
  }
  fulfillment({ id }: { id: string }) {
    return this.node({ id: this.expect('Fulfillment', id) });
  }
  customer({ id }: { id: string }) {
    return this.node({ id: this.expect('Customer', id) });
  }
  location({ id }: { id?: string | null }) {
    const [first] = this.context.shop.catalogue.locations.keys();
    return this.node({ id: this.expect('Location', id ?? first ?? '') });
  }

  bulkOperation({ id }: { id: string }) {
    return this.bulk().find(id);
  }

  nodes({ ids }: { ids: readonly string[] }) {
    return ids.map((id) => this.node({ id }));
  }

  /** Null for what never was or is gone. */
  node({ id }: { id: string }): unknown {
    const { shop } = this.context;
    const { catalogue } = shop;
    switch (typeOf(id)) {
      case 'Order':
        return found(shop.orders.get(id), (order) => new OrderView(order, this.context));
      case 'DraftOrder': {
        const draft = shop.drafts.get(id);
        if (draft?.status === 'deleted') return null;
        return found(draft, (each) => new DraftView(each, this.context));
      }
      case 'ProductVariant':
        return found(catalogue.variants.get(id), (each) => new VariantView(each, this.context));
      case 'InventoryItem':
        return found(
          catalogue.variantOfItem(id),
          (each) => new InventoryItemView(each, this.context),
        );
      case 'InventoryLevel':
        return found(shop.stock.byId(id), (each) => new InventoryLevelView(each, this.context));
      case 'Location':
        return found(catalogue.locations.get(id), (each) => new LocationView(each, this.context));
      case 'Customer':
        return found(catalogue.customers.get(id), (each) => new CustomerView(each));
      case 'FulfillmentOrder':
        return found(
          shop.orderOfFulfilmentOrder(id),
          (order) => new FulfilmentOrderView(order, this.context),
        );
      case 'Refund':
        return found(
          shop.refund(id),
          ({ order, refund }) => new RefundView(order, refund, this.context),
        );
      case 'Fulfillment':
        return found(
          shop.fulfilment(id),
          ({ order, fulfilment }) => new FulfilmentView(order, fulfilment, this.context),
        );
      default:
        return null;
    }
  }

  /** Asking for one kind by the id of another finds nothing. */
  private expect(type: string, id: string): string {
    return typeOf(id) === type ? id : '';
  }
}

function found<R, V>(record: R | undefined, toView: (record: R) => V): V | null {
  return record === undefined ? null : toView(record);
}

function orderSortValue(order: OrderRecord, sortKey: string | null | undefined) {
  switch (sortKey) {
    case 'UPDATED_AT':
      return toSeconds(order.updatedAtMs);
    case 'ID':
    case 'ORDER_NUMBER':
      return 0;
    case 'TOTAL_PRICE':
      return totalsOf(order, 'original').totalMinor;
    default:
      return toSeconds(order.createdAtMs);
  }
}

function draftSortValue(draft: DraftRecord, sortKey: string | null | undefined) {
  return sortKey === 'UPDATED_AT' ? toSeconds(draft.updatedAtMs) : 0;
}

const ORDER_FIELDS: SearchFields<OrderRecord> = {
  id: { kind: 'number', read: (order) => numberOf(order.id) },
  name: { kind: 'text', read: (order) => [order.name, String(order.number)] },
  created_at: { kind: 'time', read: (order) => toSeconds(order.createdAtMs) },
  processed_at: { kind: 'time', read: (order) => toSeconds(order.createdAtMs) },
  updated_at: { kind: 'time', read: (order) => toSeconds(order.updatedAtMs) },
  po_number: { kind: 'text', read: (order) => [order.poNumber] },
  tag: { kind: 'text', read: (order) => order.tags },
  sku: { kind: 'text', read: (order) => order.lines.map((line) => line.variant?.sku ?? null) },
  customer_id: {
    kind: 'number',
    read: (order) => (order.customer === null ? 0 : numberOf(order.customer.id)),
  },
  status: {
    kind: 'choice',
    of: {
      any: () => true,
      open: (order) => order.cancelledAtMs === null,
      not_closed: () => true,
      closed: () => false,
      cancelled: (order) => order.cancelledAtMs !== null,
    },
  },
  financial_status: { kind: 'text', read: (order) => [financialStateOf(order)] },
  fulfillment_status: {
    kind: 'choice',
    of: {
      unfulfilled: (order) => fulfilmentStateOf(order) === 'UNFULFILLED',
      unshipped: (order) => fulfilmentStateOf(order) === 'UNFULFILLED',
      partial: (order) => fulfilmentStateOf(order) === 'PARTIALLY_FULFILLED',
      fulfilled: (order) => fulfilmentStateOf(order) === 'FULFILLED',
      shipped: (order) => fulfilmentStateOf(order) === 'FULFILLED',
    },
  },
};

const DRAFT_FIELDS: SearchFields<DraftRecord> = {
  id: { kind: 'number', read: (draft) => numberOf(draft.id) },
  created_at: { kind: 'time', read: (draft) => toSeconds(draft.createdAtMs) },
  updated_at: { kind: 'time', read: (draft) => toSeconds(draft.updatedAtMs) },
  tag: { kind: 'text', read: (draft) => draft.tags },
  customer_id: {
    kind: 'number',
    read: (draft) => (draft.customer === null ? 0 : numberOf(draft.customer.id)),
  },
  status: {
    kind: 'choice',
    of: {
      open: (draft) => draft.status === 'open',
      open_and_invoice_sent: (draft) => draft.status === 'open',
      invoice_sent: () => false,
      completed: (draft) => draft.status === 'completed',
    },
  },
};

const VARIANT_FIELDS: SearchFields<Variant> = {
  id: { kind: 'number', read: (variant) => numberOf(variant.id) },
  sku: { kind: 'text', read: (variant) => [variant.sku] },
  created_at: { kind: 'time', read: (variant) => toSeconds(variant.createdAtMs) },
  updated_at: { kind: 'time', read: (variant) => toSeconds(variant.createdAtMs) },
};
