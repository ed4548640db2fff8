import { getOperationAST, parse } from 'graphql';

import { loadAdminSchema } from './admin-schema.js';
import { actualCost, requestedCost } from './query-cost.js';

const schema = loadAdminSchema('2026-04');

function costOf(query: string, variables: Record<string, unknown> = {}, data?: unknown): number {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (operation == null) throw new Error('No operation');
  return data === undefined
    ? requestedCost(schema, document, operation, variables)
    : actualCost(schema, document, operation, variables, data);
}

it.each([
  ['an entity', '{ shop { name } }', 1],
  ['a connection', '{ productVariants(first: 20) { nodes { id } } }', 7],
  ['a connection by its edges', '{ productVariants(first: 20) { edges { node { id } } } }', 7],
  // Measured costs that the connector of a large vendor has published.
  ['lines of ten', '{ order(id: 1) { lineItems(first: 10) { nodes { id variant { id } } } } }', 11],
  ['money in it', '{ orders(first: 3) { nodes { totalPriceSet { shopMoney { amount } } } } }', 4],
  [
    'the dearest kind',
    '{ node(id: 1) { ... on Order { customer { id } } ... on Shop { id } } }',
    2,
  ],
  ['a mutation', 'mutation { webhookSubscriptionDelete(id: 1) { userErrors { message } } }', 10],
])('charges for %s', (_what, query, cost) => {
  expect(costOf(query)).toBe(cost);
});

it('reads sizes from variables, and counts every id', () => {
  const page = 'query($n: Int) { orders(first: $n) { nodes { id } } }';
  expect(costOf(page, { n: 100 })).toBe(11);
  expect(costOf('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['1', '2', '3'] })).toBe(
    3,
  );
});

it('charges in the end for what came', () => {
  const page = '{ orders(first: 250) { nodes { id customer { id } } } }';
  const nodes = [
    { id: '1', customer: null },
    { id: '2', customer: { id: '3' } },
  ];
  expect(costOf(page)).toBe(24);
  expect(costOf(page, {}, { orders: { nodes } })).toBe(4);
  expect(costOf(page, {}, { orders: { nodes: [] } })).toBe(2);
});
