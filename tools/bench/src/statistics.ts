export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

/** The middle one; the mean of the two in the middle of an even number. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** By nearest rank: the value that so many per cent of all do not exceed. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = ascending(values);
  const at = (share: number): number =>
    round(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN, 1);
  return { p50: at(0.5), p99: at(0.99) };
}

export function round(value: number, digits = 0): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
