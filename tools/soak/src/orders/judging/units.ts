/** The units of several, by SKU. */
export function sumOf(all: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const sum = new Map<string, number>();
  for (const units of all) {
    for (const [sku, more] of units) sum.set(sku, (sum.get(sku) ?? 0) + more);
  }
  return sum;
}
