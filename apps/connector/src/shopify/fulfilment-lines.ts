import { FULFILMENT_LINES } from './fulfilment.documents.js';
import type { FulfilmentLines } from './shopify.answers.js';
import type { ShopifyClient } from './shopify.client.js';

/** Some of a platform line. */
export interface SentLine {
  readonly lineId: string;
  readonly quantity: number;
}

/** What one shipment holds; nothing when it is gone. */
export async function readFulfilmentLines(
  client: Pick<ShopifyClient, 'send'>,
  id: string,
): Promise<SentLine[]> {
  const lines: SentLine[] = [];
  let after: string | null = null;
  do {
    const answer: { node: FulfilmentLines | null } = await client.send(FULFILMENT_LINES, {
      id,
      after,
    });
    if (answer.node === null) break;
    const { nodes, pageInfo } = answer.node.fulfillmentLineItems;
    for (const { lineItem, quantity } of nodes) {
      lines.push({ lineId: lineItem.id, quantity: quantity ?? 0 });
    }
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return lines;
}

export function unitsByLine(lines: readonly SentLine[]): ReadonlyMap<string, number> {
  const units = new Map<string, number>();
  for (const { lineId, quantity } of lines) {
    units.set(lineId, (units.get(lineId) ?? 0) + quantity);
  }
  return units;
}
