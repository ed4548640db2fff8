import { NO_REFUNDS, readRefunds } from './refund-reader.js';
import type { RefundLineNode, RefundNode } from './shopify.answers.js';
import type { ShopifyClient } from './shopify.client.js';
import { anOrder, money } from './shop-builders.js';

const LAST = { hasNextPage: false, endCursor: null };
const refundId = (number: number) => `gid://shopify/Refund/${number}`;

function aLine(lineId: string, restockType: RefundLineNode['restockType']): RefundLineNode {
  return {
    ...{ quantity: 1, restockType, restocked: restockType !== 'NO_RESTOCK', location: null },
    lineItem: { id: lineId },
    ...{ subtotalSet: money('1.00'), totalTaxSet: money('0.00') },
  };
}

/** A shop that refunded so often, each time of so many lines, of which it shows two at a time. */
function aShop(refunds: number, lines: readonly RefundLineNode[]) {
  const asked: string[] = [];
  const pageOf = (from: number) => ({
    nodes: lines.slice(from, from + 2),
    pageInfo: from + 2 < lines.length ? { hasNextPage: true, endCursor: String(from + 2) } : LAST,
  });
  const ids = Array.from({ length: refunds }, (_, at) => ({ id: refundId(at + 1) }));
  const answers: Record<string, (variables: { ids: string[]; after: string }) => unknown> = {
    RefundIds: () => ({ order: { refunds: ids } }),
    Refunds: (variables) => ({
      nodes: variables.ids.map((id) => ({ id, refundLineItems: pageOf(0) })),
    }),
    MoreRefundLines: ({ after }) => ({ node: { refundLineItems: pageOf(Number(after)) } }),
    Fulfilments: () => ({
      order: {
        fulfillments: [
          { id: 'sent', status: 'SUCCESS' },
          { id: 'called-off', status: 'CANCELLED' },
        ],
      },
    }),
    FulfilmentLines: () => ({
      node: {
        fulfillmentLineItems: { pageInfo: LAST, nodes: [{ quantity: 2, lineItem: { id: 'a' } }] },
      },
    }),
  };
  const client = {
    send: ({ name }: { name: string }, variables: { ids: string[]; after: string }) => {
      asked.push(name);
      return Promise.resolve(answers[name]?.(variables));
    },
  } as unknown as ShopifyClient;
  return { client, asked, node: anOrder({ refunds: ids.slice(0, 1) }) };
}

const idsOf = (refunds: readonly RefundNode[]) => refunds.map(({ id }) => id);

it('asks for nothing of an order without refunds', async () => {
  const { client, asked, node } = aShop(0, []);
  expect(await readRefunds(client, node)).toEqual(NO_REFUNDS);
  expect(asked).toEqual([]);
});

it('reads every refund of an order, and every line of each', async () => {
  const lines = ['a', 'b', 'c', 'd', 'e'].map((id) => aLine(id, 'RETURN'));
  const { client, asked, node } = aShop(5, lines);
  const { refunds, sent } = await readRefunds(client, node);
  expect(idsOf(refunds)).toEqual([1, 2, 3, 4, 5].map(refundId));
  for (const refund of refunds) expect(refund.refundLineItems.nodes).toEqual(lines);
  expect(sent).toBeUndefined();
  expect(asked.filter((name) => name === 'Refunds')).toHaveLength(2);
});

it('asks the shipments that stand what was sent, where nothing else tells', async () => {
  const { client, node } = aShop(1, [aLine('a', 'NO_RESTOCK')]);
  expect((await readRefunds(client, node)).sent).toEqual(new Map([['a', 2]]));
});
