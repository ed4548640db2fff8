import { mutation, query, type Operation } from './operation.js';
import type {
  CancelFulfilmentAnswer,
  CreateFulfilmentAnswer,
  FulfilmentLines,
  FulfilmentOrdersAnswer,
  FulfilmentsAnswer,
  MoreFulfilmentLinesAnswer,
  UpdateTrackingAnswer,
} from './shopify.answers.js';

export const FULFILMENT_ORDERS = query<
  { id: string; after: string | null },
  FulfilmentOrdersAnswer
>(
  'FulfilmentOrders',
  `query FulfilmentOrders($id: ID!, $after: String) {
    order(id: $id) {
      fulfillments(first: 100) { id status }
      fulfillmentOrders(first: 5, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id status
          assignedLocation { location { id } }
          lineItems(first: 30) {
            pageInfo { hasNextPage endCursor }
            nodes { id remainingQuantity lineItem { id } }
          }
        }
      }
    }
  }`,
  () => 101 + 5 * (3 + 2 * 30),
);

export const MORE_FULFILMENT_LINES = query<
  { id: string; after: string },
  MoreFulfilmentLinesAnswer
>(
  'MoreFulfilmentLines',
  `query MoreFulfilmentLines($id: ID!, $after: String!) {
    fulfillmentOrder(id: $id) {
      lineItems(first: 200, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { id remainingQuantity lineItem { id } }
      }
    }
  }`,
  () => 1 + 2 * 200,
);

/** The shipments of an order, to see which are new when an answer was lost. */
export const FULFILMENTS = query<{ id: string }, FulfilmentsAnswer>(
  'Fulfilments',
  'query Fulfilments($id: ID!) { order(id: $id) { fulfillments(first: 100) { id status } } }',
  () => 101,
);

export const FULFILMENT_LINES = query<
  { id: string; after: string | null },
  { node: FulfilmentLines | null }
>(
  'FulfilmentLines',
  `query FulfilmentLines($id: ID!, $after: String) {
    node(id: $id) {
      ... on Fulfillment {
        fulfillmentLineItems(first: 200, after: $after) {
          pageInfo { hasNextPage endCursor }
          nodes { quantity lineItem { id } }
        }
      }
    }
  }`,
  () => 1 + 2 * 200,
);

export const CREATE_FULFILMENT = mutation<
  { fulfillment: Record<string, unknown> },
  CreateFulfilmentAnswer
>(
  'CreateFulfilment',
  `mutation CreateFulfilment($fulfillment: FulfillmentInput!) {
    fulfillmentCreate(fulfillment: $fulfillment) {
      fulfillment { id status }
      userErrors { field message }
    }
  }`,
);

export const CANCEL_FULFILMENT = mutation<{ id: string }, CancelFulfilmentAnswer>(
  'CancelFulfilment',
  `mutation CancelFulfilment($id: ID!) {
    fulfillmentCancel(id: $id) {
      fulfillment { id status }
      userErrors { field message }
    }
  }`,
);

export const UPDATE_TRACKING = mutation<
  { id: string; tracking: Record<string, unknown> },
  UpdateTrackingAnswer
>(
  'UpdateTracking',
  `mutation UpdateTracking($id: ID!, $tracking: FulfillmentTrackingInput!) {
    fulfillmentTrackingInfoUpdate(
      fulfillmentId: $id, trackingInfoInput: $tracking, notifyCustomer: false
    ) {
      fulfillment { id status }
      userErrors { field message }
    }
  }`,
);

/** Every request about fulfilments. */
export const FULFILMENT_OPERATIONS: readonly Operation<never, unknown>[] = [
  FULFILMENT_ORDERS,
  MORE_FULFILMENT_LINES,
  FULFILMENTS,
  FULFILMENT_LINES,
  CREATE_FULFILMENT,
  CANCEL_FULFILMENT,
  UPDATE_TRACKING,
];
