/** What the documents answer: only what they ask for, spelled as the published schema has it. */

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

export interface Page<N> {
  readonly pageInfo: PageInfo;
  readonly nodes: readonly N[];
}

export interface MoneyBag {
  readonly shopMoney: { readonly amount: string; readonly currencyCode: string };
}

export interface Attribute {
  readonly key: string;
  readonly value: string | null;
}

export interface OrderLineNode {
  readonly id: string;
  readonly sku: string | null;
  readonly title: string;
  readonly quantity: number;
  readonly currentQuantity: number;
  readonly unfulfilledQuantity: number;
  readonly variant: { readonly id: string } | null;
  readonly discountedTotalSet: MoneyBag;
  /** Of all that was ever on the line, as its total is. */
  readonly taxLines: readonly { readonly priceSet: MoneyBag }[];
  /** Never asked for: set where the line is sold from a place that the platform counts itself. */
  readonly channelLocationId?: string;
}

export interface DraftLineNode {
  readonly id: string;
  readonly sku: string | null;
  readonly title: string;
  readonly quantity: number;
  readonly custom: boolean;
  readonly variant: { readonly id: string } | null;
  readonly discountedTotalSet: MoneyBag;
}

export interface PaymentTermsNode {
  readonly paymentTermsName: string;
  readonly paymentTermsType: 'FIXED' | 'FULFILLMENT' | 'NET' | 'RECEIPT' | 'UNKNOWN';
  readonly dueInDays: number | null;
  readonly paymentSchedules: { readonly nodes: readonly { readonly dueAt: string | null }[] };
}

/** What an order and a draft have in common. */
interface SaleNode {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly currencyCode: string;
  readonly taxesIncluded: boolean;
  readonly paymentTerms: PaymentTermsNode | null;
  readonly poNumber: string | null;
  readonly tags: readonly string[];
  readonly customAttributes: readonly Attribute[];
  readonly customer: { readonly id: string } | null;
  readonly shippingAddress: {
    readonly company: string | null;
    readonly name: string | null;
    readonly address1: string | null;
    readonly address2: string | null;
    readonly city: string | null;
    readonly province: string | null;
    readonly provinceCode: string | null;
    readonly zip: string | null;
    readonly countryCodeV2: string | null;
  } | null;
}

export interface OrderNode extends SaleNode {
  readonly processedAt: string;
  readonly cancelledAt: string | null;
  readonly closedAt: string | null;
  readonly sourceName: string | null;
  readonly displayFinancialStatus:
    | 'AUTHORIZED'
    | 'EXPIRED'
    | 'PAID'
    | 'PARTIALLY_PAID'
    | 'PARTIALLY_REFUNDED'
    | 'PENDING'
    | 'REFUNDED'
    | 'VOIDED'
    | null;
  readonly note: string | null;
  readonly currentTotalPriceSet: MoneyBag;
  readonly currentTotalTaxSet: MoneyBag;
  readonly shippingLines: {
    readonly nodes: readonly {
      readonly title: string;
      readonly currentDiscountedPriceSet: MoneyBag;
    }[];
  };
  readonly lineItems: Page<OrderLineNode>;
  /** The first only: whether there are any. */
  readonly refunds: readonly { readonly id: string }[];
}

export interface RefundLineNode {
  readonly quantity: number;
  readonly restockType: 'CANCEL' | 'LEGACY_RESTOCK' | 'NO_RESTOCK' | 'RETURN';
  readonly restocked: boolean;
  readonly location: { readonly id: string } | null;
  readonly lineItem: { readonly id: string };
  readonly subtotalSet: MoneyBag;
  readonly totalTaxSet: MoneyBag;
}

export interface RefundNode {
  readonly id: string;
  readonly processedAt: string;
  readonly totalRefundedSet: MoneyBag;
  readonly orderAdjustments: {
    readonly nodes: readonly { readonly amountSet: MoneyBag; readonly taxAmountSet: MoneyBag }[];
  };
  readonly refundLineItems: Page<RefundLineNode>;
}

export interface RefundIdsAnswer {
  readonly order: { readonly refunds: readonly { readonly id: string }[] } | null;
}

export interface DraftNode extends SaleNode {
  readonly status: 'OPEN' | 'INVOICE_SENT' | 'COMPLETED';
  readonly note2: string | null;
  readonly order: { readonly id: string } | null;
  readonly totalPriceSet: MoneyBag;
  readonly totalTaxSet: MoneyBag;
  readonly appliedDiscount: { readonly title: string | null } | null;
  readonly shippingLine: { readonly title: string; readonly discountedPriceSet: MoneyBag } | null;
  readonly lineItems: Page<DraftLineNode>;
}

export interface MoreOrderLinesAnswer {
  readonly order: { readonly lineItems: Page<OrderLineNode> } | null;
}

export interface MoreDraftLinesAnswer {
  readonly draftOrder: { readonly lineItems: Page<DraftLineNode> } | null;
}

export interface ChangedNode {
  readonly id: string;
  readonly updatedAt: string;
}

export interface ChangedAnswer {
  readonly changed: Page<ChangedNode>;
}

export interface ListedNode {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly tags: readonly string[];
  readonly customAttributes: readonly Attribute[];
}

export interface ListedAnswer {
  readonly listed: Page<ListedNode>;
}

export interface DraftLink {
  readonly id: string;
  readonly updatedAt: string;
  readonly order: { readonly id: string } | null;
}

export interface CompletedDrafts {
  readonly draftOrders: Page<DraftLink>;
}

export interface VariantNode {
  readonly id: string;
  readonly sku: string | null;
  readonly inventoryItem: { readonly id: string };
}

interface Quantities {
  readonly quantities: readonly {
    readonly quantity: number;
    readonly updatedAt: string | null;
  }[];
}

export interface LocationLevels {
  readonly location: { readonly inventoryLevels: Page<InventoryLevelNode> } | null;
}

export interface RunBulkAnswer {
  readonly bulkOperationRunQuery: {
    readonly bulkOperation: { readonly id: string } | null;
    readonly userErrors: readonly { readonly code: string | null; readonly message: string }[];
  };
}

export interface BulkOperationAnswer {
  readonly bulkOperation: {
    readonly status:
      'CREATED' | 'RUNNING' | 'COMPLETED' | 'CANCELING' | 'CANCELED' | 'FAILED' | 'EXPIRED';
    readonly errorCode: string | null;
    /** Null when nothing was found. */
    readonly url: string | null;
  } | null;
}

export interface Variants {
  readonly productVariants: Page<VariantNode>;
}

export interface ItemLevelNode {
  readonly id: string;
  readonly sku: string | null;
  readonly inventoryLevel: Quantities | null;
}

export interface InventoryLevelNode extends Quantities {
  readonly item: { readonly id: string; readonly sku: string | null };
}

export interface UserError {
  readonly field: readonly string[] | null;
  readonly message: string;
  readonly code?: string | null;
}

export interface AdjustQuantitiesAnswer {
  readonly inventoryAdjustQuantities: { readonly userErrors: readonly UserError[] } | null;
}

export interface SetQuantitiesAnswer {
  readonly inventorySetQuantities: {
    readonly inventoryAdjustmentGroup: { readonly id: string } | null;
    readonly userErrors: readonly UserError[];
  } | null;
}

export interface FulfilmentOrderLineNode {
  readonly id: string;
  readonly remainingQuantity: number;
  readonly lineItem: { readonly id: string };
}

export interface FulfilmentOrderNode {
  readonly id: string;
  readonly status: string;
  readonly assignedLocation: { readonly location: { readonly id: string } | null };
  readonly lineItems: Page<FulfilmentOrderLineNode>;
}

export interface FulfilmentOrdersAnswer {
  readonly order: {
    readonly fulfillments: readonly FulfilmentStatus[];
    readonly fulfillmentOrders: Page<FulfilmentOrderNode>;
  } | null;
}

export interface MoreFulfilmentLinesAnswer {
  readonly fulfillmentOrder: { readonly lineItems: Page<FulfilmentOrderLineNode> } | null;
}

export interface FulfilmentStatus {
  readonly id: string;
  readonly status: string;
}

export interface FulfilmentsAnswer {
  readonly order: { readonly fulfillments: readonly FulfilmentStatus[] } | null;
}

export interface FulfilmentLines {
  readonly fulfillmentLineItems: Page<{
    readonly quantity: number | null;
    readonly lineItem: { readonly id: string };
  }>;
}

export interface CreateFulfilmentAnswer {
  readonly fulfillmentCreate: {
    readonly fulfillment: { readonly id: string; readonly status: string } | null;
    readonly userErrors: readonly UserError[];
  } | null;
}

interface ChangedFulfilment {
  readonly fulfillment: { readonly id: string; readonly status: string } | null;
  readonly userErrors: readonly UserError[];
}

export interface CancelFulfilmentAnswer {
  readonly fulfillmentCancel: ChangedFulfilment | null;
}

export interface UpdateTrackingAnswer {
  readonly fulfillmentTrackingInfoUpdate: ChangedFulfilment | null;
}

export interface DraftStatusAnswer {
  readonly draftOrder: { readonly id: string; readonly status: DraftNode['status'] } | null;
}

export interface CompleteDraftAnswer {
  readonly draftOrderComplete: {
    readonly draftOrder: { readonly id: string; readonly status: DraftNode['status'] } | null;
    readonly userErrors: readonly UserError[];
  } | null;
}

export interface SubscriptionsAnswer {
  readonly webhookSubscriptions: Page<{
    readonly id: string;
    readonly topic: string;
    readonly uri: string;
  }>;
}

export interface SubscribeAnswer {
  readonly webhookSubscriptionCreate: {
    readonly webhookSubscription: { readonly id: string } | null;
    readonly userErrors: readonly UserError[];
  } | null;
}
