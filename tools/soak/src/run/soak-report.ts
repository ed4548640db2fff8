import type { BrokenHistory, TallyData } from './tally.js';

/** A run in which a kind of event is in fewer histories than this proves nothing about it. */
const LEAST_SHARE = 0.05;
const LEAST_MEDIAN_FACTS = 30;

/** What a soak is summed up in; the keys are a public interface. */
export interface SoakReport {
  readonly seed: number;
  readonly schedules: number;
  /** Distinct facts over all histories, and in the history in the middle. */
  readonly facts: number;
  readonly factsMedian: number;
  /** In which share of the histories each kind of fact and fault was. */
  readonly coverage: Readonly<Record<string, number>>;
  /** Histories that broke a rule. */
  readonly violations: number;
  /** The first of them. */
  readonly broken: readonly BrokenHistory[];
  /** Units sold that nobody had, told by the hub although it knew better. */
  readonly oversoldUnits: number;
  /** Units sold that nobody had while the news of it was on its way. */
  readonly racedUnits: number;
  readonly seconds: number;
  /** What this run does not prove because it had too little of it. */
  readonly uncovered: readonly string[];
  readonly ok: boolean;
}

/** `kinds` are all that had to come up. */
export function toReport(
  tally: TallyData,
  kinds: readonly string[],
  { seed, seconds }: { readonly seed: number; readonly seconds: number },
): SoakReport {
  const { schedules, violations, broken, oversoldUnits, racedUnits } = tally;
  const share = (kind: string) => (tally.happened.get(kind) ?? 0) / schedules;
  const coverage = Object.fromEntries(kinds.map((kind) => [kind, rounded(share(kind))]));
  const factsMedian = medianOf(tally);
  const uncovered = kinds.filter((kind) => share(kind) < LEAST_SHARE);
  if (factsMedian < LEAST_MEDIAN_FACTS) uncovered.push('facts');
  return {
    seed,
    schedules,
    facts: tally.lengths.reduce((sum, histories, facts) => sum + histories * facts, 0),
    factsMedian,
    coverage,
    violations,
    broken,
    oversoldUnits,
    racedUnits,
    seconds: rounded(seconds),
    uncovered,
    ok: violations === 0 && oversoldUnits === 0 && uncovered.length === 0,
  };
}

/** The report for people. */
export function reportLines(report: SoakReport): string[] {
  const { schedules, facts, factsMedian, seed, seconds, violations, broken } = report;
  const rate = Math.round(schedules / Math.max(seconds, 0.001));
  return [
    `${schedules} histories of seed ${seed}, ${facts} facts (median ${factsMedian}), ${seconds} s, ${rate} a second`,
    ...Object.entries(report.coverage).map(
      ([kind, share]) => `  ${kind.padEnd(26)} ${(share * 100).toFixed(1).padStart(5)} %`,
    ),
    `oversold ${report.oversoldUnits} units against better knowledge, ${report.racedUnits} in races`,
    ...report.uncovered.map((kind) => `too little of: ${kind}`),
    `${violations} violations`,
    ...broken.map(
      ({ schedule, rule, said }) => `  --seed ${seed} --schedule ${schedule}: ${rule}: ${said}`,
    ),
  ];
}

function medianOf({ schedules, lengths }: TallyData): number {
  let before = 0;
  for (const [facts, histories = 0] of lengths.entries()) {
    before += histories;
    if (before * 2 > schedules) return facts;
  }
  return 0;
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
