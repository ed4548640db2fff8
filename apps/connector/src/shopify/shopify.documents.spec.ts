import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import {
  buildClientSchema,
  NoDeprecatedCustomRule,
  parse,
  validate,
  type GraphQLSchema,
} from 'graphql';

import { OPERATIONS, ORDERS_AT_ONCE } from './shopify.documents.js';

/** Nobody may spend more on one query; above it the platform refuses. */
const MAX_COST = 1_000;

describe('the requests we send', () => {
  const schema = publishedSchema('2026-04');

  it.each(OPERATIONS.map((operation) => [operation.name, operation] as const))(
    '%s is valid against the published schema of 2026-04',
    (_name, operation) => {
      expect(validate(schema, parse(operation.document)).map((error) => error.message)).toEqual([]);
    },
  );

  // Completing a draft without payment terms as 'pending' has no other way than the old argument.
  const upToDate = OPERATIONS.filter(({ name }) => name !== 'CompleteDraft');

  it.each(upToDate.map((operation) => [operation.name, operation] as const))(
    '%s uses no field that is deprecated',
    (_name, operation) => {
      const errors = validate(schema, parse(operation.document), [NoDeprecatedCustomRule]);
      expect(errors.map((error) => error.message)).toEqual([]);
    },
  );

  it('has one document for each name', () => {
    expect(new Set(OPERATIONS.map(({ name }) => name)).size).toBe(OPERATIONS.length);
    for (const { name, document, kind } of OPERATIONS) {
      expect(document).toMatch(new RegExp(`^${kind} ${name}\\b`));
    }
  });

  it('stays under what one query may cost, whole batches included', () => {
    const batch = { ids: Array.from({ length: ORDERS_AT_ONCE }, (_, index) => `${index}`) };
    for (const operation of OPERATIONS) {
      expect(operation.cost(batch as never)).toBeLessThan(MAX_COST);
    }
  });
});

/** The introspection that the platform's own developer tools ship. */
function publishedSchema(version: string): GraphQLSchema {
  const data = '../../../../node_modules/@shopify/dev-mcp/dist/data/';
  const packed = readFileSync(new URL(`${data}admin_${version}.json.gz`, import.meta.url));
  return buildClientSchema(JSON.parse(gunzipSync(packed).toString('utf8')).data);
}
