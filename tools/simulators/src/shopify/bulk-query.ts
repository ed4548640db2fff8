import {
  execute,
  getNamedType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
} from 'graphql';

import { readField, readType } from './admin-schema.js';

type Json = Readonly<Record<string, unknown>>;

interface Edges {
  readonly edges: readonly { readonly node: Json }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export interface BulkResult {
  /** One object a line; those below another name it in `__parentId`. */
  readonly lines: readonly string[];
  readonly rootObjects: number;
}

const PAGE = 250;

/** How many connections a document has, one in another or beside it. */
export function connectionsIn(schema: GraphQLSchema, document: DocumentNode): number {
  let found = 0;
  const types = new TypeInfo(schema);
  const count = { Field: () => void (found += isConnection(types) ? 1 : 0) };
  visit(document, visitWithTypeInfo(types, count));
  return found;
}

/**
 * Runs a query with a connection at its root to its end, as the platform does in bulk: nobody gives
 * pages. Without grouping an object's own connections come anywhere after it.
 */
export function runBulkQuery(
  schema: GraphQLSchema,
  document: DocumentNode,
  rootValue: object,
  groupObjects: boolean,
): BulkResult {
  const lines: string[] = [];
  let rootObjects = 0;
  let after: string | null = null;
  do {
    const page: Edges = rootPage(schema, document, rootValue, after);
    const grouped = page.edges.map(({ node }) => linesOf(node));
    rootObjects += grouped.length;
    if (groupObjects) lines.push(...grouped.flat());
    else lines.push(...grouped.map(([own = '']) => own), ...grouped.flatMap((all) => all.slice(1)));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return { lines, rootObjects };
}

function rootPage(
  schema: GraphQLSchema,
  document: DocumentNode,
  rootValue: object,
  after: string | null,
): Edges {
  const result = execute({
    schema,
    document: withPages(schema, document, after),
    rootValue,
    fieldResolver: readField,
    typeResolver: readType,
  });
  if (result instanceof Promise) throw new Error('A resolver is asynchronous.');
  if (result.errors !== undefined) throw result.errors[0] ?? new Error('It failed.');
  const [root] = Object.values(result.data ?? {});
  if (!isEdges(root)) throw new Error('The simulator runs bulk queries of one root connection.');
  return root;
}

/** Gives every connection a page and its end, the root also where to begin. */
function withPages(
  schema: GraphQLSchema,
  document: DocumentNode,
  after: string | null,
): DocumentNode {
  const types = new TypeInfo(schema);
  let depth = 0;
  return visit(
    document,
    visitWithTypeInfo(types, {
      Field: {
        enter: (field: FieldNode) => {
          if (!isConnection(types)) return undefined;
          depth += 1;
          return pagedField(field, depth === 1 ? after : null);
        },
        leave: () => {
          if (isConnection(types)) depth -= 1;
        },
      },
    }),
  );
}

function isConnection(types: TypeInfo): boolean {
  const type = types.getType();
  return type != null && getNamedType(type).name.endsWith('Connection');
}

function pagedField(field: FieldNode, after: string | null): FieldNode {
  const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
  const leaf = (value: string) => ({ kind: Kind.FIELD, name: name(value) }) as const;
  const pageInfo: FieldNode = {
    ...leaf('pageInfo'),
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: [leaf('hasNextPage'), leaf('endCursor')],
    },
  };
  const given = field.arguments?.filter((each) => each.name.value !== 'first') ?? [];
  return {
    ...field,
    arguments: [
      ...given,
      {
        kind: Kind.ARGUMENT,
        name: name('first'),
        value: { kind: Kind.INT, value: String(PAGE) },
      },
      ...(after === null
        ? []
        : [
            {
              kind: Kind.ARGUMENT,
              name: name('after'),
              value: { kind: Kind.STRING, value: after },
            } as const,
          ]),
    ],
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: [...(field.selectionSet?.selections ?? []), pageInfo],
    },
  };
}

/** An object's own line, then those of its connections. */
function linesOf(node: Json, parentId?: unknown): string[] {
  const own = Object.entries(node).filter(([, value]) => !isEdges(value));
  const below = Object.values(node).filter(isEdges);
  const parent = parentId === undefined ? {} : { __parentId: parentId };
  return [
    JSON.stringify({ ...Object.fromEntries(own), ...parent }),
    ...below.flatMap(({ edges, pageInfo }) => {
      if (pageInfo.hasNextPage)
        throw new Error(`The simulator keeps ${PAGE} of a kind in another.`);
      return edges.flatMap((edge) => linesOf(edge.node, node['id']));
    }),
  ];
}

function isEdges(value: unknown): value is Edges {
  return typeof value === 'object' && value !== null && 'edges' in value;
}
