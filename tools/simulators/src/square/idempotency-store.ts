import { invalid } from './square-error.js';

/**
 * Remembers the answer of each successful write by its key. Refusals are not kept: the same request
 * may succeed later.
 */
export class IdempotencyStore {
  private readonly kept = new Map<string, { request: string; answer: string }>();

  /** `ignoreKeys` behaves as if every caller had sent a fresh key each time. */
  constructor(private readonly ignoreKeys: boolean) {}

  once(
    endpoint: string,
    key: string | undefined,
    body: unknown,
    write: () => unknown,
  ): { answer: unknown; replayed: boolean } {
    if (key === undefined || this.ignoreKeys) return { answer: write(), replayed: false };
    const request = canonical(body);
    const name = `${endpoint} ${key}`;
    const before = this.kept.get(name);
    if (before !== undefined) {
      if (before.request !== request) {
        const detail = 'The idempotency key was used before with another request.';
        throw invalid('IDEMPOTENCY_KEY_REUSED', detail, 'idempotency_key');
      }
      return { answer: JSON.parse(before.answer) as unknown, replayed: true };
    }
    const answer = write();
    this.kept.set(name, { request, answer: JSON.stringify(answer) });
    return { answer, replayed: false };
  }
}

/** JSON whose object keys are in order: two bodies that mean the same are the same text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, held: unknown) =>
    typeof held === 'object' && held !== null && !Array.isArray(held)
      ? Object.fromEntries(Object.entries(held).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : held,
  );
}
