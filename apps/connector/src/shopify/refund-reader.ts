import { standingFulfilments } from './fulfilment-claims.js';
import { readFulfilmentLines, unitsByLine, type SentLine } from './fulfilment-lines.js';
import { partsOf } from './id-parts.js';
import type { OrderNode, Page, RefundLineNode, RefundNode } from './shopify.answers.js';
import type { ShopifyClient } from './shopify.client.js';
import { MORE_REFUND_LINES, REFUND_IDS, REFUNDS, REFUNDS_AT_ONCE } from './refund.documents.js';

/** The refunds of an order, whole, and what they need to be told apart. */
export interface ReadRefunds {
  readonly refunds: readonly RefundNode[];
  /** By line: what was sent, where only that tells what a refund was for. */
  readonly sent?: ReadonlyMap<string, number>;
}

export const NO_REFUNDS: ReadRefunds = { refunds: [] };

/**
 * Reads what was refunded of an order; most orders have nothing, and it costs them nothing. Goods that
 * were refunded without going back on sale may have been sent or not: then the shipments tell.
 */
export async function readRefunds(client: ShopifyClient, node: OrderNode): Promise<ReadRefunds> {
  if (node.refunds.length === 0) return NO_REFUNDS;
  const { order } = await client.send(REFUND_IDS, { id: node.id });
  const refunds: RefundNode[] = [];
  for (const ids of partsOf(
    (order?.refunds ?? []).map(({ id }) => id),
    REFUNDS_AT_ONCE,
  )) {
    const { nodes } = await client.send(REFUNDS, { ids });
    for (const each of nodes) if (each !== null) refunds.push(await withAllLines(client, each));
  }
  const lines = refunds.flatMap(({ refundLineItems }) => refundLineItems.nodes);
  if (!lines.some(({ restockType }) => restockType === 'NO_RESTOCK')) return { refunds };
  return { refunds, sent: await readSent(client, node.id) };
}

/** By line: what the shipments that stand hold. */
async function readSent(
  client: ShopifyClient,
  orderId: string,
): Promise<ReadonlyMap<string, number>> {
  const sent: SentLine[] = [];
  for (const id of await standingFulfilments(client, orderId)) {
    sent.push(...(await readFulfilmentLines(client, id)));
  }
  return unitsByLine(sent);
}

async function withAllLines(client: ShopifyClient, refund: RefundNode): Promise<RefundNode> {
  const nodes = [...refund.refundLineItems.nodes];
  let { pageInfo } = refund.refundLineItems;
  while (pageInfo.hasNextPage && pageInfo.endCursor !== null) {
    const answer = await client.send(MORE_REFUND_LINES, {
      id: refund.id,
      after: pageInfo.endCursor,
    });
    if (answer.node === null) break;
    const page: Page<RefundLineNode> = answer.node.refundLineItems;
    nodes.push(...page.nodes);
    pageInfo = page.pageInfo;
  }
  return { ...refund, refundLineItems: { nodes, pageInfo } };
}
