/** One request of ours: its text, and what it costs at most, so that the bucket can be asked. */
export interface Operation<V, A> {
  readonly name: string;
  readonly document: string;
  /** A lost answer of a query may be asked again at once; a mutation is the caller's matter. */
  readonly kind: 'query' | 'mutation';
  cost(variables: V): number;
  /** Never set: it carries the type of the answer. */
  readonly answer?: A;
}

export function query<V, A>(
  name: string,
  document: string,
  cost: (variables: V) => number,
): Operation<V, A> {
  return { name, document, kind: 'query', cost };
}

/** The platform charges ten points for a mutation, and next to nothing for its answer. */
export function mutation<V, A>(name: string, document: string): Operation<V, A> {
  return { name, document, kind: 'mutation', cost: () => 12 };
}
