/** Some units at one integer price. */
export interface PricedUnits {
  readonly units: number;
  readonly unitPriceMinor: number;
}

/**
 * Splits an amount over units so that every unit has a whole price and the cents sum exactly: at
 * most two parts, one cent apart. 100.00 for 12 is 8 × 8.33 and 4 × 8.34.
 */
export function splitCents(units: number, totalMinor: number): PricedUnits[] {
  const low = Math.floor(totalMinor / units);
  const dearer = totalMinor - low * units;
  return [
    { units: units - dearer, unitPriceMinor: low },
    { units: dearer, unitPriceMinor: low + 1 },
  ].filter((part) => part.units > 0);
}

/**
 * Spreads an amount by weight (largest remainder, the earlier wins a tie). The shares sum exactly,
 * and no share is more than its weight when the amount is not more than all weights together.
 * Without any weight all of it goes to the first.
 */
export function spread(totalMinor: number, weights: readonly number[]): number[] {
  if (totalMinor < 0) return spread(-totalMinor, weights).map((share) => 0 - share);
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum === 0) return weights.map((_, index) => (index === 0 ? totalMinor : 0));
  // Cents times units can pass what a double holds exactly, so the products are bigint.
  const exact = weights.map((weight) => BigInt(totalMinor) * BigInt(weight));
  const shares = exact.map((product) => Number(product / BigInt(sum)));
  let open = totalMinor - shares.reduce((a, b) => a + b, 0);
  const byRemainder = exact
    .map((product, index) => ({ index, remainder: Number(product % BigInt(sum)) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder) {
    if (open === 0) break;
    shares[index]! += 1;
    open -= 1;
  }
  return shares;
}
