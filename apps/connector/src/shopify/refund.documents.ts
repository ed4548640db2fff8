import { query, type Operation } from './operation.js';
import type { Page, RefundIdsAnswer, RefundLineNode, RefundNode } from './shopify.answers.js';

/** Refunds read in one query: 4 × (20 + 3 × 60) points at most. */
export const REFUNDS_AT_ONCE = 4;
const FIRST_LINES = 60;
const MORE_LINES = 250;

const MONEY = '{ shopMoney { amount currencyCode } }';

const REFUND_LINES = `pageInfo { hasNextPage endCursor }
  nodes {
    quantity restockType restocked location { id } lineItem { id }
    subtotalSet ${MONEY} totalTaxSet ${MONEY}
  }`;

export const REFUND_IDS = query<{ id: string }, RefundIdsAnswer>(
  'RefundIds',
  'query RefundIds($id: ID!) { order(id: $id) { refunds(first: 250) { id } } }',
  () => 251,
);

export const REFUNDS = query<{ ids: string[] }, { nodes: (RefundNode | null)[] }>(
  'Refunds',
  `query Refunds($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Refund {
        id processedAt totalRefundedSet ${MONEY}
        orderAdjustments(first: 10) { nodes { amountSet ${MONEY} taxAmountSet ${MONEY} } }
        refundLineItems(first: ${FIRST_LINES}) { ${REFUND_LINES} }
      }
    }
  }`,
  ({ ids }) => ids.length * (20 + 3 * FIRST_LINES),
);

export const MORE_REFUND_LINES = query<
  { id: string; after: string },
  { node: { refundLineItems: Page<RefundLineNode> } | null }
>(
  'MoreRefundLines',
  `query MoreRefundLines($id: ID!, $after: String!) {
    node(id: $id) {
      ... on Refund { refundLineItems(first: ${MORE_LINES}, after: $after) { ${REFUND_LINES} } }
    }
  }`,
  () => 1 + 3 * MORE_LINES,
);

/** Every request about refunds. */
export const REFUND_OPERATIONS: readonly Operation<never, unknown>[] = [
  REFUND_IDS,
  REFUNDS,
  MORE_REFUND_LINES,
];
