import type { GraphQLResolveInfo } from 'graphql';

import { recordCall } from '../wire/simulated-world.js';
import type { SimulatedWorld } from '../wire/simulated-world.js';
import type { BulkOperations } from './bulk-operations.js';
import type { ViewContext } from './catalogue-views.js';
import { DraftView } from './draft-view.js';
import { fulfilmentOrderStatus, FulfilmentView } from './fulfilment-views.js';
import { InventoryAdjust } from './inventory-adjust.js';
import type { AdjustQuantitiesInput } from './inventory-adjust.js';
import { InventorySet } from './inventory-set.js';
import type { SetQuantitiesInput } from './inventory-set.js';
import { remainingQuantity } from './order-record.js';
import type { LineRecord, OrderRecord } from './order-record.js';
import { SubscriptionView } from './webhook-subscription-view.js';
import type { WebhookSubscriptions } from './webhook-subscriptions.js';

interface FulfilmentInput {
  readonly lineItemsByFulfillmentOrder: readonly {
    readonly fulfillmentOrderId: string;
    readonly fulfillmentOrderLineItems?:
      readonly { readonly id: string; readonly quantity: number }[] | null;
  }[];
  readonly trackingInfo?: {
    readonly company?: string | null;
    readonly number?: string | null;
  } | null;
}

type KnownFulfilment = NonNullable<ReturnType<ViewContext['shop']['fulfilment']>>;
type Sent = { line: LineRecord; quantity: number }[];

/** The fields of Mutation that the simulator performs. */
export class MutationRoot {
  readonly __typename = 'Mutation';
  private readonly inventorySet: InventorySet;
  private readonly inventoryAdjust: InventoryAdjust;

  constructor(
    private readonly world: SimulatedWorld,
    private readonly context: ViewContext,
    private readonly subscriptions: WebhookSubscriptions,
    private readonly bulk: () => BulkOperations,
  ) {
    this.inventorySet = new InventorySet(world, context);
    this.inventoryAdjust = new InventoryAdjust(world, context);
  }

  inventorySetQuantities(
    args: { input: SetQuantitiesInput },
    _context: unknown,
    info: GraphQLResolveInfo,
  ) {
    return this.inventorySet.perform(args.input, info);
  }

  inventoryAdjustQuantities(
    args: { input: AdjustQuantitiesInput },
    _context: unknown,
    info: GraphQLResolveInfo,
  ) {
    return this.inventoryAdjust.perform(args.input, info);
  }

  bulkOperationRunQuery(args: { query: string; groupObjects: boolean }) {
    return this.bulk().run(args);
  }

  /** Not idempotent: a repeat of a partial dispatch sends the same again while units are left. */
  fulfillmentCreate({ fulfillment }: { fulfillment: FulfilmentInput }) {
    const planned = this.planFulfilment(fulfillment);
    if ('refused' in planned) {
      this.journal('fulfillmentCreate', false, { ...fulfillment, refused: planned.refused });
      const field = ['fulfillment'];
      return { fulfillment: null, userErrors: [toUserError(field, planned.refused)] };
    }
    const { order, sent } = planned;
    const made = this.context.shop.fulfil(order, sent, {
      carrier: fulfillment.trackingInfo?.company ?? null,
      trackingNumber: fulfillment.trackingInfo?.number ?? null,
    });
    this.journal('fulfillmentCreate', true, {
      orderId: order.id,
      fulfilmentId: made.id,
      lines: sent.map(({ line, quantity }) => ({ lineId: line.id, quantity })),
    });
    return { fulfillment: new FulfilmentView(order, made, this.context), userErrors: [] };
  }

  /** Its units can be sent again, with another fulfilment. */
  fulfillmentCancel({ id }: { id: string }) {
    const found = this.context.shop.fulfilment(id);
    if (found === undefined || found.fulfilment.cancelledAtMs !== null) {
      const message = found === undefined ? 'Fulfillment not found.' : 'Fulfillment is cancelled.';
      return this.refuseFulfilment('fulfillmentCancel', id, message);
    }
    this.context.shop.cancelFulfilment(found.order, found.fulfilment);
    return this.changedFulfilment('fulfillmentCancel', found);
  }

  fulfillmentTrackingInfoUpdate(args: {
    fulfillmentId: string;
    trackingInfoInput: { company?: string | null; number?: string | null };
  }) {
    const found = this.context.shop.fulfilment(args.fulfillmentId);
    if (found === undefined || found.fulfilment.cancelledAtMs !== null) {
      const message = 'Fulfillment not found.';
      return this.refuseFulfilment('fulfillmentTrackingInfoUpdate', args.fulfillmentId, message);
    }
    const { company, number } = args.trackingInfoInput;
    this.context.shop.renumberFulfilment(found.order, found.fulfilment, {
      carrier: company ?? null,
      trackingNumber: number ?? null,
    });
    return this.changedFulfilment('fulfillmentTrackingInfoUpdate', found);
  }

  draftOrderComplete(args: {
    id: string;
    paymentPending?: boolean | null;
    sourceName?: string | null;
  }) {
    const draft = this.context.shop.drafts.get(args.id);
    if (draft === undefined || draft.status === 'deleted') {
      return this.refuseDraft(args.id, 'Draft order does not exist');
    }
    if (draft.status === 'completed') {
      return this.refuseDraft(args.id, 'This draft order has already been completed');
    }
    const order = this.context.shop.completeDraft(draft, {
      paid: args.paymentPending !== true && draft.paymentTerms === null,
      sourceName: args.sourceName ?? undefined,
    });
    this.journal('draftOrderComplete', true, { draftId: draft.id, orderId: order.id });
    return { draftOrder: new DraftView(draft, this.context), userErrors: [] };
  }

  webhookSubscriptionCreate(args: {
    topic: string;
    webhookSubscription: {
      uri?: string | null;
      callbackUrl?: string | null;
      format?: string | null;
    };
  }) {
    const uri = args.webhookSubscription.uri ?? args.webhookSubscription.callbackUrl ?? '';
    const refuse = (message: string) => {
      this.journal('webhookSubscriptionCreate', false, { topic: args.topic, uri, message });
      const field = ['webhookSubscription', 'uri'];
      return { webhookSubscription: null, userErrors: [toUserError(field, message)] };
    };
    // Plain http is allowed here, though not at the platform: the hub listens on this machine.
    if (!/^https?:/.test(uri) || !URL.canParse(uri)) return refuse('Address is invalid');
    const created = this.subscriptions.create({
      ...{ topic: args.topic, uri },
      format: args.webhookSubscription.format ?? 'JSON',
    });
    if (created === null) return refuse('Address for this topic has already been taken');
    this.journal('webhookSubscriptionCreate', true, { topic: args.topic, uri });
    return { webhookSubscription: new SubscriptionView(created), userErrors: [] };
  }

  webhookSubscriptionDelete({ id }: { id: string }) {
    const deleted = this.subscriptions.delete(id);
    this.journal('webhookSubscriptionDelete', deleted, { id });
    return {
      deletedWebhookSubscriptionId: deleted ? id : null,
      userErrors: deleted ? [] : [toUserError(['id'], 'Webhook subscription does not exist')],
    };
  }

  /** All named fulfilment orders must be of one order; here that means one fulfilment order. */
  private planFulfilment(
    input: FulfilmentInput,
  ): { order: OrderRecord; sent: Sent } | { refused: string } {
    const [named, ...others] = input.lineItemsByFulfillmentOrder;
    if (named === undefined) return { refused: 'Line items by fulfillment order are required' };
    if (others.some((other) => other.fulfillmentOrderId !== named.fulfillmentOrderId)) {
      return { refused: 'All fulfillment orders must belong to the same order and location' };
    }
    const order = this.context.shop.orderOfFulfilmentOrder(named.fulfillmentOrderId);
    if (order === undefined) return { refused: 'Fulfillment order does not exist.' };
    const status = fulfilmentOrderStatus(order);
    if (status !== 'OPEN' && status !== 'IN_PROGRESS') {
      return {
        refused: `Fulfillment order ${named.fulfillmentOrderId} has an unfulfillable status= ${status.toLowerCase()}.`,
      };
    }
    const asked = input.lineItemsByFulfillmentOrder.flatMap(
      (group) => group.fulfillmentOrderLineItems ?? [],
    );
    return planLines(order, asked);
  }

  private changedFulfilment(call: string, { order, fulfilment }: KnownFulfilment) {
    this.journal(call, true, { orderId: order.id, fulfilmentId: fulfilment.id });
    return { fulfillment: new FulfilmentView(order, fulfilment, this.context), userErrors: [] };
  }

  private refuseFulfilment(call: string, id: string, message: string) {
    this.journal(call, false, { fulfilmentId: id, message });
    return { fulfillment: null, userErrors: [toUserError(['id'], message)] };
  }

  private refuseDraft(id: string, message: string) {
    this.journal('draftOrderComplete', false, { draftId: id, message });
    return { draftOrder: null, userErrors: [toUserError(null, message)] };
  }

  private journal(call: string, accepted: boolean, detail: unknown): void {
    recordCall(this.world, { vendor: 'shopify', call, accepted, detail });
  }
}

/** Without lines, all that is left is sent. */
function planLines(
  order: OrderRecord,
  asked: readonly { id: string; quantity: number }[],
): { order: OrderRecord; sent: Sent } | { refused: string } {
  if (asked.length === 0) {
    const open = order.lines.filter((line) => remainingQuantity(line) > 0);
    return { order, sent: open.map((line) => ({ line, quantity: remainingQuantity(line) })) };
  }
  const byLine = new Map<LineRecord, number>();
  for (const { id, quantity } of asked) {
    const line = order.lines.find((each) => each.fulfilmentOrderLineId === id);
    if (line === undefined) return { refused: 'Fulfillment order line item does not exist.' };
    if (quantity < 1) return { refused: 'Quantity must be greater than 0.' };
    byLine.set(line, (byLine.get(line) ?? 0) + quantity);
  }
  for (const [line, quantity] of byLine) {
    if (quantity > remainingQuantity(line)) {
      return { refused: 'Invalid fulfillment order line item quantity requested.' };
    }
  }
  return { order, sent: [...byLine].map(([line, quantity]) => ({ line, quantity })) };
}

function toUserError(field: readonly string[] | null, message: string) {
  return { __typename: 'UserError', field, message };
}
