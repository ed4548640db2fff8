import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

import { buildClientSchema, defaultTypeResolver, GraphQLError } from 'graphql';
import type { GraphQLFieldResolver, GraphQLSchema, IntrospectionQuery } from 'graphql';

const loaded = new Map<string, GraphQLSchema>();

/**
 * The platform's own Admin schema of one version, from its published introspection. Custom scalars
 * pass through as they are.
 */
export function loadAdminSchema(apiVersion: string): GraphQLSchema {
  let schema = loaded.get(apiVersion);
  if (schema === undefined) {
    const path = installed(`@shopify/dev-mcp/dist/data/admin_${apiVersion}.json.gz`);
    const published = JSON.parse(gunzipSync(readFileSync(path)).toString()) as {
      data: IntrospectionQuery;
    };
    // The document is the platform's own, so it is not checked again: that takes most of a second.
    schema = buildClientSchema(published.data, { assumeValid: true });
    loaded.set(apiVersion, schema);
  }
  return schema;
}

/**
 * Reads a field from a view: a property, a getter or a method taking the field's arguments. What
 * the schema has and the simulator does not keep is an error, never a silent null.
 */
export const readField: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
  const value: unknown = (source as Record<string, unknown>)[info.fieldName];
  if (value === undefined) {
    throw new GraphQLError(
      `The simulator does not keep ${info.parentType.name}.${info.fieldName}.`,
      { extensions: { code: 'NOT_SIMULATED' } },
    );
  }
  return typeof value === 'function' ? (value.call(source, args, context, info) as unknown) : value;
};

/** Views name their type in `__typename`. */
export const readType = defaultTypeResolver;

/** Finds a file of an installed package that the package does not export. */
function installed(path: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = join(folder, 'node_modules', path);
    if (existsSync(candidate)) return candidate;
    const above = dirname(folder);
    if (above === folder) throw new Error(`${path} is not installed.`);
    folder = above;
  }
}
