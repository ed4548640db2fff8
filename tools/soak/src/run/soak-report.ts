import type { Soak } from './soaks.js';
import type { BrokenHistory, FigureName, TallyData } from './tally.js';

/** A run in which a kind of event is in fewer histories than this proves nothing about it. */
const LEAST_SHARE = 0.05;

/** What the soak counts besides: see its README. */
type SoakFigures = Readonly<Partial<Record<FigureName, number>>>;

/** What a soak is summed up in; the keys are a public interface. */
export interface SoakReport extends SoakFigures {
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
  readonly seconds: number;
  /** What this run does not prove because it had too little of it. */
  readonly uncovered: readonly string[];
  readonly ok: boolean;
}

/** Sums up; `soak` says what had to come up and what had to be nothing. */
export function toReport(
  tally: TallyData,
  soak: Pick<Soak, 'kinds' | 'leastMedianFacts' | 'figures' | 'none'>,
  { seed, seconds }: { readonly seed: number; readonly seconds: number },
): SoakReport {
  const { schedules, violations, broken } = tally;
  const { kinds } = soak;
  const share = (kind: string) => (tally.happened.get(kind) ?? 0) / schedules;
  const coverage = Object.fromEntries(kinds.map((kind) => [kind, rounded(share(kind))]));
  const factsMedian = medianOf(tally);
  const uncovered = kinds.filter((kind) => share(kind) < LEAST_SHARE);
  if (factsMedian < soak.leastMedianFacts) uncovered.push('facts');
  const figures = figuresOf(tally, soak.figures);
  const clean = violations === 0 && soak.none.every((name) => figures[name] === 0);
  return {
    seed,
    schedules,
    facts: tally.lengths.reduce((sum, histories, facts) => sum + histories * facts, 0),
    factsMedian,
    coverage,
    violations,
    broken,
    ...figures,
    seconds: rounded(seconds),
    uncovered,
    ok: clean && uncovered.length === 0,
  };
}

/** The report for people. */
export function reportLines(report: SoakReport, { figures }: Pick<Soak, 'figures'>): string[] {
  const { schedules, facts, factsMedian, seed, seconds, violations, broken } = report;
  const rate = Math.round(schedules / Math.max(seconds, 0.001));
  return [
    `${schedules} histories of seed ${seed}, ${facts} facts (median ${factsMedian}), ${seconds} s, ${rate} a second`,
    ...Object.entries(report.coverage).map(
      ([kind, share]) => `  ${kind.padEnd(26)} ${(share * 100).toFixed(1).padStart(5)} %`,
    ),
    ...Object.entries(figures).map(
      ([name, words]) => `${report[name as FigureName] ?? 0} ${words}`,
    ),
    ...report.uncovered.map((kind) => `too little of: ${kind}`),
    `${violations} violations`,
    ...broken.map(
      ({ schedule, rule, said }) => `  --seed ${seed} --schedule ${schedule}: ${rule}: ${said}`,
    ),
  ];
}

function figuresOf(tally: TallyData, names: Soak['figures']): SoakFigures {
  return Object.fromEntries(
    Object.keys(names).map((name) => [name, tally.figures.get(name as FigureName) ?? 0]),
  );
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
