import { median, round } from './statistics.js';

/** One measurement of each side, one right after the other. */
export interface Pair {
  readonly perSecond: number;
  readonly rawPerSecond: number;
}

/** The medians of each side, and of the pairs' ratios: what slows both down cancels out. */
export interface PairFigures extends Pair {
  readonly ratio: number;
  /** The highest ratio of a pair over the lowest. */
  readonly scatter: number;
}

export interface PairOptions {
  readonly pairs: number;
  /** Stands before each line of progress. */
  readonly name: string;
  readonly ours: () => Promise<number>;
  readonly raw: () => Promise<number>;
  report(line: string): void;
}

/** Measures both sides in alternation; who begins alternates too. */
export async function measurePairs(options: PairOptions): Promise<PairFigures> {
  const found: Pair[] = [];
  for (let at = 0; at < options.pairs; at += 1) {
    const [first, second] = at % 2 === 0 ? (['ours', 'raw'] as const) : (['raw', 'ours'] as const);
    const rates = { ours: 0, raw: 0 };
    rates[first] = await options[first]();
    rates[second] = await options[second]();
    const pair = { perSecond: rates.ours, rawPerSecond: rates.raw };
    found.push(pair);
    options.report(
      `${options.name}, pair ${at + 1} of ${options.pairs}: ours ${round(pair.perSecond)}/s, ` +
        `bare ${round(pair.rawPerSecond)}/s, ratio ${round(ratioOf(pair), 2)}`,
    );
  }
  return figuresOf(found);
}

export function figuresOf(pairs: readonly Pair[]): PairFigures {
  const ratios = pairs.map(ratioOf);
  return {
    perSecond: round(median(pairs.map((pair) => pair.perSecond))),
    rawPerSecond: round(median(pairs.map((pair) => pair.rawPerSecond))),
    ratio: round(median(ratios), 2),
    scatter: round(Math.max(...ratios) / Math.min(...ratios), 2),
  };
}

function ratioOf(pair: Pair): number {
  return pair.perSecond / pair.rawPerSecond;
}
