import { FULFILMENT_OPERATIONS } from './fulfilment.documents.js';
import { mutation, query, type Operation } from './operation.js';
import { REFUND_OPERATIONS } from './refund.documents.js';
import type {
  AdjustQuantitiesAnswer,
  ChangedAnswer,
  CompletedDrafts,
  CompleteDraftAnswer,
  DraftLink,
  DraftNode,
  DraftStatusAnswer,
  ItemLevelNode,
  ListedAnswer,
  LocationLevels,
  MoreDraftLinesAnswer,
  MoreOrderLinesAnswer,
  OrderNode,
  SetQuantitiesAnswer,
  SubscribeAnswer,
  SubscriptionsAnswer,
  Variants,
} from './shopify.answers.js';
import { SHOPIFY } from './shopify.capabilities.js';

/** Lines that come with an order or a draft; an order costs about 4 points a line. */
const FIRST_LINES = 50;
const MORE_LINES = 150;
/** Orders in one query: 4 × (29 + 4 × 50) stays under the 1,000 that one query may cost. */
export const ORDERS_AT_ONCE = 4;
export const DRAFTS_AT_ONCE = 4;
/** Orders or drafts read side by side, in several such queries. */
export const READ_AT_ONCE = 16;
/** 3 points each. */
export const LEVELS_AT_ONCE = 200;
export const NODES_AT_ONCE = SHOPIFY.listInput;

const MONEY = '{ shopMoney { amount currencyCode } }';

const ADDRESS = 'company name address1 address2 city province provinceCode zip countryCodeV2';

/** 4 points, of which an order has one schedule as a rule. */
const TERMS = `paymentTerms {
    paymentTermsName paymentTermsType dueInDays paymentSchedules(first: 1) { nodes { dueAt } }
  }`;

const ORDER_LINES = `pageInfo { hasNextPage endCursor }
  nodes {
    id sku title quantity currentQuantity unfulfilledQuantity
    variant { id }
    discountedTotalSet ${MONEY}
    taxLines(first: 5) { priceSet ${MONEY} }
  }`;

const DRAFT_LINES = `pageInfo { hasNextPage endCursor }
  nodes { id sku title quantity custom variant { id } discountedTotalSet ${MONEY} }`;

export const ORDERS = query<{ ids: string[] }, { nodes: (OrderNode | null)[] }>(
  'Orders',
  `query Orders($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Order {
        id name createdAt processedAt updatedAt cancelledAt closedAt
        currencyCode taxesIncluded sourceName poNumber note tags displayFinancialStatus
        ${TERMS}
        customAttributes { key value }
        customer { id }
        shippingAddress { ${ADDRESS} }
        currentTotalPriceSet ${MONEY}
        currentTotalTaxSet ${MONEY}
        shippingLines(first: 5) { nodes { title currentDiscountedPriceSet ${MONEY} } }
        refunds(first: 1) { id }
        lineItems(first: ${FIRST_LINES}) { ${ORDER_LINES} }
      }
    }
  }`,
  ({ ids }) => ids.length * (29 + 4 * FIRST_LINES),
);

export const MORE_ORDER_LINES = query<{ id: string; after: string }, MoreOrderLinesAnswer>(
  'MoreOrderLines',
  `query MoreOrderLines($id: ID!, $after: String!) {
    order(id: $id) { lineItems(first: ${MORE_LINES}, after: $after) { ${ORDER_LINES} } }
  }`,
  () => 1 + 4 * MORE_LINES,
);

export const DRAFTS = query<{ ids: string[] }, { nodes: (DraftNode | null)[] }>(
  'Drafts',
  `query Drafts($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on DraftOrder {
        id name status createdAt updatedAt currencyCode taxesIncluded poNumber note2 tags
        ${TERMS}
        order { id }
        customAttributes { key value }
        customer { id }
        shippingAddress { ${ADDRESS} }
        totalPriceSet ${MONEY}
        totalTaxSet ${MONEY}
        appliedDiscount { title }
        shippingLine { title discountedPriceSet ${MONEY} }
        lineItems(first: ${FIRST_LINES}) { ${DRAFT_LINES} }
      }
    }
  }`,
  ({ ids }) => ids.length * (18 + 4 * FIRST_LINES),
);

export const MORE_DRAFT_LINES = query<{ id: string; after: string }, MoreDraftLinesAnswer>(
  'MoreDraftLines',
  `query MoreDraftLines($id: ID!, $after: String!) {
    draftOrder(id: $id) { lineItems(first: ${MORE_LINES}, after: $after) { ${DRAFT_LINES} } }
  }`,
  () => 1 + 4 * MORE_LINES,
);

export const CHANGED_ORDERS = query<{ query: string; after: string | null }, ChangedAnswer>(
  'ChangedOrders',
  `query ChangedOrders($query: String!, $after: String) {
    changed: orders(first: 250, after: $after, query: $query, sortKey: UPDATED_AT) {
      pageInfo { hasNextPage endCursor }
      nodes { id updatedAt }
    }
  }`,
  () => 250,
);

export const CHANGED_DRAFTS = query<{ query: string; after: string | null }, ChangedAnswer>(
  'ChangedDrafts',
  `query ChangedDrafts($query: String!, $after: String) {
    changed: draftOrders(first: 250, after: $after, query: $query, sortKey: UPDATED_AT) {
      pageInfo { hasNextPage endCursor }
      nodes { id updatedAt }
    }
  }`,
  () => 250,
);

/** Enough of each order to tell whether it is the trade's. */
export const LISTED_ORDERS = query<{ query: string; after: string | null }, ListedAnswer>(
  'ListedOrders',
  `query ListedOrders($query: String!, $after: String) {
    listed: orders(first: 250, after: $after, query: $query, sortKey: CREATED_AT) {
      pageInfo { hasNextPage endCursor }
      nodes { id name createdAt tags customAttributes { key value } }
    }
  }`,
  () => 250,
);

/** Which of these still exist. */
export const EXISTING = query<{ ids: string[] }, { nodes: ({ id: string } | null)[] }>(
  'Existing',
  'query Existing($ids: [ID!]!) { nodes(ids: $ids) { id } }',
  ({ ids }) => ids.length,
);

export const DRAFT_LINKS = query<{ ids: string[] }, { nodes: (DraftLink | null)[] }>(
  'DraftLinks',
  `query DraftLinks($ids: [ID!]!) {
    nodes(ids: $ids) { ... on DraftOrder { id updatedAt order { id } } }
  }`,
  ({ ids }) => 2 * ids.length,
);

/** Completed drafts, the newest first. */
export const COMPLETED_DRAFTS = query<{ query: string; after: string | null }, CompletedDrafts>(
  'CompletedDrafts',
  `query CompletedDrafts($query: String!, $after: String) {
    draftOrders(first: 100, after: $after, query: $query, sortKey: UPDATED_AT, reverse: true) {
      pageInfo { hasNextPage endCursor }
      nodes { id updatedAt order { id } }
    }
  }`,
  () => 200,
);

export const VARIANTS = query<{ query: string | null; after: string | null }, Variants>(
  'Variants',
  `query Variants($query: String, $after: String) {
    productVariants(first: 250, after: $after, query: $query) {
      pageInfo { hasNextPage endCursor }
      nodes { id sku inventoryItem { id } }
    }
  }`,
  () => 500,
);

export const ITEM_LEVELS = query<
  { ids: string[]; locationId: string },
  { nodes: (ItemLevelNode | null)[] }
>(
  'ItemLevels',
  `query ItemLevels($ids: [ID!]!, $locationId: ID!) {
    nodes(ids: $ids) {
      ... on InventoryItem {
        id sku
        inventoryLevel(locationId: $locationId) { quantities(names: ["available"]) { quantity updatedAt } }
      }
    }
  }`,
  ({ ids }) => 3 * ids.length,
);

export const LOCATION_LEVELS = query<
  { id: string; query: string | null; after: string | null },
  LocationLevels
>(
  'LocationLevels',
  `query LocationLevels($id: ID!, $query: String, $after: String) {
    location(id: $id) {
      inventoryLevels(first: 250, after: $after, query: $query) {
        pageInfo { hasNextPage endCursor }
        nodes { item { id sku } quantities(names: ["available"]) { quantity updatedAt } }
      }
    }
  }`,
  () => 751,
);

export const SET_QUANTITIES = mutation<
  { input: Record<string, unknown>; key: string },
  SetQuantitiesAnswer
>(
  'SetQuantities',
  `mutation SetQuantities($input: InventorySetQuantitiesInput!, $key: String!) {
    inventorySetQuantities(input: $input) @idempotent(key: $key) {
      inventoryAdjustmentGroup { id }
      userErrors { field message code }
    }
  }`,
);

export const ADJUST_QUANTITIES = mutation<
  { input: Record<string, unknown>; key: string },
  AdjustQuantitiesAnswer
>(
  'AdjustQuantities',
  `mutation AdjustQuantities($input: InventoryAdjustQuantitiesInput!, $key: String!) {
    inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {
      userErrors { field message code }
    }
  }`,
);

export const DRAFT_STATUS = query<{ id: string }, DraftStatusAnswer>(
  'DraftStatus',
  'query DraftStatus($id: ID!) { draftOrder(id: $id) { id status } }',
  () => 1,
);

export const COMPLETE_DRAFT = mutation<{ id: string }, CompleteDraftAnswer>(
  'CompleteDraft',
  `mutation CompleteDraft($id: ID!) {
    draftOrderComplete(id: $id, paymentPending: true) {
      draftOrder { id status }
      userErrors { field message }
    }
  }`,
);

export const SUBSCRIPTIONS = query<{ after: string | null }, SubscriptionsAnswer>(
  'Subscriptions',
  `query Subscriptions($after: String) {
    webhookSubscriptions(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { id topic uri }
    }
  }`,
  () => 100,
);

export const SUBSCRIBE = mutation<{ topic: string; uri: string }, SubscribeAnswer>(
  'Subscribe',
  `mutation Subscribe($topic: WebhookSubscriptionTopic!, $uri: String!) {
    webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri, format: JSON }) {
      webhookSubscription { id }
      userErrors { field message }
    }
  }`,
);

/** Every request that this folder sends; a spec holds each against the published schema. */
export const OPERATIONS: readonly Operation<never, unknown>[] = [
  ORDERS,
  MORE_ORDER_LINES,
  DRAFTS,
  MORE_DRAFT_LINES,
  CHANGED_ORDERS,
  CHANGED_DRAFTS,
  LISTED_ORDERS,
  EXISTING,
  DRAFT_LINKS,
  COMPLETED_DRAFTS,
  VARIANTS,
  ITEM_LEVELS,
  LOCATION_LEVELS,
  SET_QUANTITIES,
  ADJUST_QUANTITIES,
  ...FULFILMENT_OPERATIONS,
  ...REFUND_OPERATIONS,
  DRAFT_STATUS,
  COMPLETE_DRAFT,
  SUBSCRIPTIONS,
  SUBSCRIBE,
];
