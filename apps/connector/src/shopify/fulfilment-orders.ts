import { idsOfStanding } from './fulfilment-claims.js';
import type {
  FulfilmentOrderLineNode,
  FulfilmentOrderNode,
  FulfilmentOrdersAnswer,
  Page,
} from './shopify.answers.js';
import type { ShopifyClient } from './shopify.client.js';
import { FULFILMENT_ORDERS, MORE_FULFILMENT_LINES } from './fulfilment.documents.js';

export interface AskedToSend {
  readonly fulfilmentOrders: readonly FulfilmentOrderNode[];
  /** Fulfilments that stand, by id, as of the first page. */
  readonly standing: readonly string[];
}

/** What each place was asked to send of an order, with all its lines; null when there is no order. */
export async function readFulfilmentOrders(
  client: Pick<ShopifyClient, 'send'>,
  orderId: string,
): Promise<AskedToSend | null> {
  const read: FulfilmentOrderNode[] = [];
  let standing: string[] | undefined;
  let after: string | null = null;
  do {
    const answer: FulfilmentOrdersAnswer = await client.send(FULFILMENT_ORDERS, {
      id: orderId,
      after,
    });
    if (answer.order === null) return null;
    standing ??= idsOfStanding(answer.order.fulfillments);
    const { nodes, pageInfo } = answer.order.fulfillmentOrders;
    for (const node of nodes) read.push(await withAllLines(client, node));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return { fulfilmentOrders: read, standing: standing ?? [] };
}

async function withAllLines(
  client: Pick<ShopifyClient, 'send'>,
  node: FulfilmentOrderNode,
): Promise<FulfilmentOrderNode> {
  const nodes = [...node.lineItems.nodes];
  let { pageInfo } = node.lineItems;
  while (pageInfo.hasNextPage && pageInfo.endCursor !== null) {
    const { fulfillmentOrder } = await client.send(MORE_FULFILMENT_LINES, {
      id: node.id,
      after: pageInfo.endCursor,
    });
    if (fulfillmentOrder === null) break;
    const page: Page<FulfilmentOrderLineNode> = fulfillmentOrder.lineItems;
    nodes.push(...page.nodes);
    pageInfo = page.pageInfo;
  }
  return { ...node, lineItems: { nodes, pageInfo } };
}
