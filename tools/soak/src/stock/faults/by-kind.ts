import type { StockFact } from '@tillbridge/domain';

/** The facts of a batch as consumers get them: each kind by itself, in the order of arrival. */
export function byKind(facts: readonly StockFact[]): StockFact[] {
  const kinds = new Map<string, StockFact[]>();
  for (const fact of facts) {
    const own = kinds.get(fact.kind);
    if (own === undefined) kinds.set(fact.kind, [fact]);
    else own.push(fact);
  }
  return [...kinds.values()].flat();
}
