import { randomUUID } from 'node:crypto';

import { ServerKit } from '../wire/server-kit.js';
import type { Answer, Call } from '../wire/server-kit.js';
import { recordEffect } from '../wire/simulated-world.js';
import type { SimulatedWorld, StockEffect } from '../wire/simulated-world.js';
import type { BucketUse } from '../wire/token-bucket.js';
import { loadAdminSchema } from './admin-schema.js';
import { BulkOperations } from './bulk-operations.js';
import type { ShopLocation } from './catalogue.js';
import { numberOf } from './gid.js';
import { GraphqlEndpoint } from './graphql-endpoint.js';
import { MutationRoot } from './mutation-root.js';
import { remainingQuantity } from './order-record.js';
import type { WantedRefund } from './order-refund.js';
import type { FulfilmentRecord, OrderRecord } from './order-record.js';
import { QueryRoot } from './query-root.js';
import { toDraftBook, toOrderBook } from './shop-books.js';
import type { ShopifyDraftBook, ShopifyOrderBook } from './shop-books.js';
import { Shop } from './shop.js';
import type { ShopEvent } from './shop-event.js';
import type { StockLevel } from './stock-book.js';
import {
  toDeletedPayload,
  toDraftPayload,
  toFulfilmentPayload,
  toLevelPayload,
  toOrderPayload,
  toRefundPayload,
} from './webhook-payloads.js';
import { WebhookSubscriptions } from './webhook-subscriptions.js';

export interface ShopifySimOptions {
  readonly world: SimulatedWorld;
  readonly apiVersion: string;
  readonly shopDomain: string;
  readonly accessToken: string;
  readonly webhookSecret: string;
  /** Ids are global ids: gid://shopify/Location/7001. */
  readonly locations: readonly ShopLocation[];
  /** Cost points a second. */
  readonly restoreRate: number;
  readonly maximumAvailable: number;
}

/** Changes of one level within this time are told as one. Real time. */
const LEVEL_TOLD_AFTER_MS = 100;

const EFFECT_KINDS = {
  'order-placed': 'order-placed',
  'order-edited': 'order-edited',
  'order-cancelled': 'order-cancelled',
  'order-fulfilled': 'fulfilled',
  'order-refunded': 'refunded',
  'fulfilment-cancelled': 'fulfilment-cancelled',
  'draft-placed': 'draft-placed',
  'draft-edited': 'order-edited',
  'draft-completed': 'draft-completed',
  'draft-deleted': 'draft-deleted',
} as const;

/** A shop on the platform: an Admin API over HTTP, webhooks, and people who buy, sell and send. */
export class ShopifySim {
  /** For the trade shop, which sells through the platform. */
  readonly shop: Shop;
  private readonly subscriptions: WebhookSubscriptions;
  private readonly endpoint: GraphqlEndpoint;
  private readonly server: ServerKit;
  /** Pages of the books that are still true: people look into them all the time. */
  private readonly orderBooks = new Map<string, ShopifyOrderBook>();
  private readonly draftBooks = new Map<string, ShopifyDraftBook>();
  private readonly untold = new Set<StockLevel>();
  private tellLevels: NodeJS.Timeout | null = null;

  constructor(private readonly options: ShopifySimOptions) {
    const { world, shopDomain, apiVersion } = options;
    this.shop = new Shop(
      options.locations,
      () => world.now(),
      (event) => this.react(event),
    );
    const secret = options.webhookSecret;
    this.subscriptions = new WebhookSubscriptions({ world, secret, shopDomain, apiVersion });
    const context = { shop: this.shop, currency: world.currency, shopDomain };
    const query: QueryRoot = new QueryRoot(context, this.subscriptions, () => bulk);
    const schema = loadAdminSchema(apiVersion);
    const baseUrl = (): string => this.url;
    const bulk: BulkOperations = new BulkOperations({ world, apiVersion, schema, query, baseUrl });
    this.endpoint = new GraphqlEndpoint({
      ...{ world, apiVersion, query },
      restoreRate: options.restoreRate,
      maximumAvailable: options.maximumAvailable,
      mutation: new MutationRoot(world, context, this.subscriptions, () => bulk),
    });
    this.server = new ServerKit({
      ...{ world, vendor: 'shopify' },
      throttled: (call) =>
        call.method === 'GET' ? bulk.busy() : this.endpoint.throttle(call.rawBody),
      broken: () => ({ status: 500, body: { errors: 'Internal Server Error' } }),
      unknown: () => ({ status: 404, body: { errors: 'Not Found' } }),
    });
    this.server.route('POST', `/admin/api/${apiVersion}/graphql.json`, (call) => this.admit(call));
    this.server.route('GET', bulk.path, (call) => bulk.serve(call));
  }

  start(port?: number): Promise<void> {
    return this.server.start(port);
  }

  async stop(): Promise<void> {
    if (this.tellLevels !== null) clearTimeout(this.tellLevels);
    await Promise.all([this.server.stop(), this.subscriptions.stop()]);
  }

  get url(): string {
    return this.server.url;
  }

  /** Stock is the opening stock per location id; a location that is not named starts at zero. */
  addVariant(given: {
    sku: string;
    title: string;
    priceMinor: number;
    stock: Readonly<Record<string, number>>;
  }): void {
    const variant = this.shop.catalogue.addVariant({ ...given, atMs: this.options.world.now() });
    for (const { id } of this.options.locations) {
      this.shop.stock.open(variant.inventoryItemId, id, given.stock[id] ?? 0);
    }
  }

  /** The customer's number, as text. */
  addCustomer(given: { email: string; companyName: string; tags: readonly string[] }): string {
    const createdAtMs = this.options.world.now();
    const customer = this.shop.catalogue.addCustomer({ ...given, createdAtMs });
    return String(numberOf(customer.id));
  }

  available(locationId: string, sku: string): number {
    const variant = this.shop.catalogue.variantOfSku(sku);
    return this.shop.stock.level(variant.inventoryItemId, locationId).available;
  }

  /** A paid order of somebody on the street; takes what there is, null when there is nothing. */
  placeRetailOrder(order: {
    locationId: string;
    lines: readonly { sku: string; quantity: number }[];
  }): { orderId: string; accepted: { sku: string; quantity: number }[] } | null {
    const accepted = this.takeAvailable(order.locationId, order.lines);
    if (accepted.length === 0) return null;
    const placed = this.shop.placeOrder(
      {
        locationId: order.locationId,
        ...{ customer: null, shippingMinor: null, discountMinor: 0, attributes: [], tags: [] },
        ...{ note: null, poNumber: null, paymentTerms: null },
        lines: accepted.map(({ sku, quantity }) => {
          const variant = this.shop.catalogue.variantOfSku(sku);
          const { title, priceMinor: unitPriceMinor } = variant;
          return { variant, title, quantity, unitPriceMinor, attributes: [] };
        }),
      },
      { sourceName: 'web', paid: true },
    );
    return { orderId: placed.id, accepted };
  }

  /** Staff turn a draft into an order, payment pending. Answers the order's id. */
  completeDraft(draftId: string): string {
    return this.shop.completeDraft(this.shop.draft(draftId), { paid: false }).id;
  }

  /** Staff send all that is left of an order. */
  fulfilRemaining(orderId: string): void {
    const order = this.shop.order(orderId);
    const sent = order.lines
      .filter((line) => remainingQuantity(line) > 0)
      .map((line) => ({ line, quantity: remainingQuantity(line) }));
    if (sent.length === 0) throw new Error(`${order.name} has nothing left to send.`);
    this.shop.fulfil(order, sent, { carrier: null, trackingNumber: null });
  }

  /** On an order only unsent units can be taken off; they go back on sale. */
  editLine(orderOrDraftId: string, lineId: string, newQuantity: number): void {
    if (orderOrDraftId.includes('/DraftOrder/')) {
      this.shop.edits.editDraftLine(this.shop.draft(orderOrDraftId), lineId, newQuantity);
    } else {
      this.shop.edits.editOrderLine(this.shop.order(orderOrDraftId), lineId, newQuantity);
    }
  }

  /** Puts more of something else on it, at this price. */
  addLine(
    orderOrDraftId: string,
    line: { sku: string; quantity: number; unitPriceMinor: number },
  ): void {
    const variant = this.shop.catalogue.variantOfSku(line.sku);
    const added = { ...line, variant, title: variant.title, attributes: [] };
    if (orderOrDraftId.includes('/DraftOrder/')) {
      this.shop.edits.addDraftLine(this.shop.draft(orderOrDraftId), added);
    } else {
      this.shop.edits.addOrderLine(this.shop.order(orderOrDraftId), added);
    }
  }

  /** Staff refund goods that were sent or not, money, or both. Answers the refund's id. */
  refundOrder(orderId: string, wanted: WantedRefund): string {
    return this.shop.refundOrder(this.shop.order(orderId), wanted).id;
  }

  /** Throws once anything of the order was sent. */
  cancelOrder(orderId: string, options: { restock: boolean }): void {
    this.shop.cancelOrder(this.shop.order(orderId), options);
  }

  deleteDraft(draftId: string): void {
    this.shop.deleteDraft(this.shop.draft(draftId));
  }

  duplicateDraft(draftId: string): string {
    return this.shop.duplicateDraft(this.shop.draft(draftId)).id;
  }

  orders(): ShopifyOrderBook[] {
    return [...this.shop.orders.values()].map((order) => {
      const book = this.orderBooks.get(order.id) ?? toOrderBook(order);
      this.orderBooks.set(order.id, book);
      return book;
    });
  }

  drafts(): ShopifyDraftBook[] {
    return [...this.shop.drafts.values()].map((draft) => {
      const book = this.draftBooks.get(draft.id) ?? toDraftBook(draft);
      this.draftBooks.set(draft.id, book);
      return book;
    });
  }

  /** Calls and points that the hub spent, by operation. */
  spending(): ReturnType<GraphqlEndpoint['spending']> {
    return this.endpoint.spending();
  }

  /** What callers made of the rate limit, in points. */
  budget(): BucketUse {
    return this.endpoint.budget();
  }

  /** The merchant is on another plan from now on. */
  allow(points: Pick<ShopifySimOptions, 'restoreRate' | 'maximumAvailable'>): void {
    this.endpoint.allow(points);
  }

  pendingWebhooks(): number {
    return this.subscriptions.pending() + this.untold.size;
  }

  /** Cuts each line to what is still available, lines of one SKU one after the other. */
  takeAvailable<L extends { sku: string; quantity: number }>(
    locationId: string,
    lines: readonly L[],
  ): L[] {
    const left = new Map<string, number>();
    return lines.flatMap((line) => {
      const available = left.get(line.sku) ?? this.available(locationId, line.sku);
      const quantity = Math.max(0, Math.min(line.quantity, available));
      left.set(line.sku, available - quantity);
      return quantity === 0 ? [] : [{ ...line, quantity }];
    });
  }

  private admit(call: Call): Answer {
    if (call.headers['x-shopify-access-token'] !== this.options.accessToken) {
      const errors = '[API] Invalid API key or access token (unrecognized login or wrong password)';
      return { status: 401, body: { errors } };
    }
    return this.endpoint.answer(call.rawBody);
  }

  private react(event: ShopEvent): void {
    if (event.kind === 'level-changed') {
      this.tellLater(event.level);
      return;
    }
    if ('order' in event) this.orderBooks.delete(event.order.id);
    if ('draft' in event) this.draftBooks.delete(event.draft.id);
    if (event.kind === 'fulfilment-renumbered') return this.announceFulfilment(event);
    const { world } = this.options;
    const sale = 'draft' in event ? event.draft : event.order;
    const effect = recordEffect(world, {
      vendor: 'shopify',
      kind: EFFECT_KINDS[event.kind],
      locationId: sale.locationId,
      ref: sale.id,
      lines: event.lines,
    });
    this.announce(event, effect);
  }

  private announce(
    event: Exclude<ShopEvent, { kind: 'level-changed' | 'fulfilment-renumbered' }>,
    effect: StockEffect,
  ): void {
    const { currency } = this.options.world;
    const eventId = randomUUID();
    const tell = (topic: string, payload: () => unknown) => {
      if (!this.subscriptions.hears(topic)) return;
      this.subscriptions.publish(topic, eventId, payload(), (atMs) => {
        effect.deliveredAtMs ??= atMs;
      });
    };
    const tellOrder = (topic: string, order: OrderRecord) =>
      tell(topic, () => toOrderPayload(order, currency));
    switch (event.kind) {
      case 'order-placed':
        tellOrder('ORDERS_CREATE', event.order);
        if (event.order.paid) tellOrder('ORDERS_PAID', event.order);
        return;
      case 'order-edited':
        tell('ORDERS_EDITED', () => toEditPayload(event.order));
        tellOrder('ORDERS_UPDATED', event.order);
        return;
      case 'order-cancelled':
        tellOrder('ORDERS_CANCELLED', event.order);
        tellOrder('ORDERS_UPDATED', event.order);
        return;
      case 'order-fulfilled': {
        const { order, fulfilment } = event;
        const isWhole = !order.lines.some((line) => remainingQuantity(line) > 0);
        tell('FULFILLMENTS_CREATE', () => toFulfilmentPayload(order, fulfilment, currency));
        tellOrder(isWhole ? 'ORDERS_FULFILLED' : 'ORDERS_PARTIALLY_FULFILLED', order);
        tellOrder('ORDERS_UPDATED', order);
        return;
      }
      case 'order-refunded':
        tell('REFUNDS_CREATE', () => toRefundPayload(event.order, event.refund, currency));
        tellOrder('ORDERS_UPDATED', event.order);
        return;
      case 'fulfilment-cancelled':
        return this.announceFulfilment(event);
      case 'draft-placed':
        tell('DRAFT_ORDERS_CREATE', () => toDraftPayload(event.draft, currency));
        return;
      case 'draft-edited':
        tell('DRAFT_ORDERS_UPDATE', () => toDraftPayload(event.draft, currency));
        return;
      case 'draft-completed':
        tell('DRAFT_ORDERS_UPDATE', () => toDraftPayload(event.draft, currency));
        tellOrder('ORDERS_CREATE', event.order);
        return;
      case 'draft-deleted':
        tell('DRAFT_ORDERS_DELETE', () => toDeletedPayload(event.draft));
        return;
    }
  }

  /** A fulfilment that changed after it was made. */
  private announceFulfilment(event: { order: OrderRecord; fulfilment: FulfilmentRecord }): void {
    const { currency } = this.options.world;
    const payloads = {
      FULFILLMENTS_UPDATE: () => toFulfilmentPayload(event.order, event.fulfilment, currency),
      ORDERS_UPDATED: () => toOrderPayload(event.order, currency),
    };
    const eventId = randomUUID();
    for (const [topic, payload] of Object.entries(payloads)) {
      if (!this.subscriptions.hears(topic)) continue;
      this.subscriptions.publish(topic, eventId, payload(), () => {});
    }
  }

  private tellLater(level: StockLevel): void {
    if (!this.subscriptions.hears('INVENTORY_LEVELS_UPDATE')) return;
    this.untold.add(level);
    this.tellLevels ??= setTimeout(() => {
      this.tellLevels = null;
      for (const each of this.untold) {
        const payload = toLevelPayload(each);
        this.subscriptions.publish('INVENTORY_LEVELS_UPDATE', randomUUID(), payload, () => {});
      }
      this.untold.clear();
    }, LEVEL_TOLD_AFTER_MS);
  }
}

/** Tells that an order was edited, not how it is now. */
function toEditPayload(order: OrderRecord) {
  const order_edit = {
    id: numberOf(order.id),
    order_id: numberOf(order.id),
    notify_customer: false,
  };
  return { order_edit };
}
