import { getDirectiveValues, GraphQLError } from 'graphql';
import type { GraphQLResolveInfo } from 'graphql';

/** What the platform does once per idempotency key, with the answer that it gave. */
export class OncePerKey<P> {
  private readonly answered = new Map<string, { fingerprint: string; payload: P }>();

  /** @param mismatch The answer to a key that was used before with other arguments. */
  constructor(private readonly mismatch: () => P) {}

  perform(input: object, key: string, make: () => P): { payload: P; replayed: boolean } {
    const fingerprint = JSON.stringify(input);
    const earlier = this.answered.get(key);
    if (earlier !== undefined) {
      const same = earlier.fingerprint === fingerprint;
      return { payload: same ? earlier.payload : this.mismatch(), replayed: same };
    }
    const payload = make();
    this.answered.set(key, { fingerprint, payload });
    return { payload, replayed: false };
  }
}

/** @throws GraphQLError when the field carries no key. */
export function idempotencyKey(info: GraphQLResolveInfo): string {
  const directive = info.schema.getDirective('idempotent');
  const field = info.fieldNodes[0];
  if (directive == null || field === undefined) {
    throw new Error('The schema has no directive @idempotent.');
  }
  const values = getDirectiveValues(directive, field, info.variableValues);
  const key = values?.['key'];
  if (typeof key !== 'string' || key === '') {
    throw new GraphQLError(
      'The @idempotent directive is required for this mutation but was not provided.',
      { nodes: info.fieldNodes, extensions: { code: 'BAD_REQUEST' } },
    );
  }
  return key;
}
