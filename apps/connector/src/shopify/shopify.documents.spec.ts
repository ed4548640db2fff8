import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import {
  buildClientSchema,
  NoDeprecatedCustomRule,
  parse,
  validate,
  type GraphQLSchema,
} from 'graphql';

import { ALL_LEVELS, BULK_OPERATIONS } from './bulk-levels.js';
import { SHOPIFY } from './shopify.capabilities.js';
import { OPERATIONS as LISTED, ORDERS_AT_ONCE } from './shopify.documents.js';

const OPERATIONS = [...LISTED, ...BULK_OPERATIONS];

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

  it('reads in bulk what the schema has, in few connections', () => {
    expect(validate(schema, parse(ALL_LEVELS)).map((error) => error.message)).toEqual([]);
    expect(validate(schema, parse(ALL_LEVELS), [NoDeprecatedCustomRule])).toEqual([]);
    expect(ALL_LEVELS.match(/edges/g)).toHaveLength(2);
  });

  it('has one document for each name', () => {
    expect(new Set(OPERATIONS.map(({ name }) => name)).size).toBe(OPERATIONS.length);
    for (const { name, document, kind } of OPERATIONS) {
      expect(document).toMatch(new RegExp(`^${kind} ${name}\\b`));
    }
  });

  it('asks for no more nodes in a page than the platform gives', () => {
    const pages = OPERATIONS.flatMap(({ document }) => [...document.matchAll(/first: (\d+)/g)]);
    expect(pages.length).toBeGreaterThan(10);
    for (const [, nodes] of pages) expect(Number(nodes)).toBeLessThanOrEqual(SHOPIFY.page);
  });

  it('stays under what one query may cost, whole batches included', () => {
    const batch = { ids: Array.from({ length: ORDERS_AT_ONCE }, (_, index) => `${index}`) };
    for (const operation of OPERATIONS) {
      expect(operation.cost(batch as never)).toBeLessThan(SHOPIFY.queryCost);
    }
  });
});

/** The introspection that the platform's own developer tools ship. */
function publishedSchema(version: string): GraphQLSchema {
  const data = '../../../../node_modules/@shopify/dev-mcp/dist/data/';
  const packed = readFileSync(new URL(`${data}admin_${version}.json.gz`, import.meta.url));
  return buildClientSchema(JSON.parse(gunzipSync(packed).toString('utf8')).data);
}
