import { GraphQLError } from 'graphql';

export interface PageArguments {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
  readonly reverse?: boolean | null;
}

export interface Connection<V> {
  readonly edges: readonly { readonly cursor: string; readonly node: V }[];
  readonly nodes: readonly V[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** Where an item stands: its sort value, then its number, so that no two are at the same place. */
export interface Place {
  readonly value: string | number;
  readonly id: number;
}

const LARGEST_PAGE = 250;

/**
 * One page of records. A cursor names a place, not an offset: what changes its place between two
 * pages may be seen twice, and what leaves its place is not missed by the others.
 */
export function toConnection<R, V>(
  records: readonly R[],
  args: PageArguments,
  placeOf: (record: R) => Place,
  toView: (record: R) => V,
): Connection<V> {
  const size = pageSize(args);
  const direction = args.reverse === true ? -1 : 1;
  const { after, before } = args;
  let within = records.map((record) => ({ record, place: placeOf(record) }));
  if (after != null) {
    const mark = fromCursor(after);
    within = within.filter(({ place }) => direction * compare(place, mark) > 0);
  }
  if (before != null) {
    const mark = fromCursor(before);
    within = within.filter(({ place }) => direction * compare(place, mark) < 0);
  }
  within.sort((a, b) => direction * compare(a.place, b.place));
  const fromEnd = args.first == null;
  const page = fromEnd ? within.slice(-size) : within.slice(0, size);
  const edges = page.map(({ record, place }) => ({
    cursor: toCursor(place),
    node: toView(record),
  }));
  const more = within.length > page.length;
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: fromEnd ? before != null : more,
      hasPreviousPage: fromEnd ? more : after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** A connection over a short list in its own order, such as the lines of an order. */
export function toListConnection<R, V>(
  records: readonly R[],
  args: PageArguments,
  toView: (record: R) => V,
): Connection<V> {
  const numbered = records.map((record, i) => ({ record, i }));
  return toConnection(
    numbered,
    args,
    ({ i }) => ({ value: i, id: i }),
    ({ record }) => toView(record),
  );
}

function pageSize(args: PageArguments): number {
  if (args.first != null && args.last != null) {
    throw badRequest('providing both first and last is not supported');
  }
  const size = args.first ?? args.last;
  if (size == null) throw badRequest('you must provide one of first or last');
  if (size < 1 || size > LARGEST_PAGE) {
    throw badRequest(`a page has 1 to ${LARGEST_PAGE} items, not ${size}`);
  }
  return size;
}

function compare(a: Place, b: Place): number {
  if (a.value < b.value) return -1;
  if (a.value > b.value) return 1;
  return a.id - b.id;
}

function toCursor(place: Place): string {
  const text = JSON.stringify({ last_id: place.id, last_value: place.value });
  return Buffer.from(text).toString('base64');
}

function fromCursor(cursor: string): Place {
  try {
    const parsed = JSON.parse(Buffer.from(cursor, 'base64').toString()) as {
      last_id: number;
      last_value: string | number;
    };
    return { id: parsed.last_id, value: parsed.last_value };
  } catch (error) {
    throw badRequest(`Invalid cursor for current pagination sort: ${cursor}`, error);
  }
}

function badRequest(message: string, cause?: unknown): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'BAD_REQUEST' },
    originalError: cause instanceof Error ? cause : undefined,
  });
}
