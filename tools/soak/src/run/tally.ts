/** What a soak counts besides violations; each has its own. */
export type FigureName = 'oversoldUnits' | 'racedUnits' | 'duplicatePosts' | 'stuck';

/** What came of one history, whatever it was about. */
export interface HistoryOutcome {
  /** Distinct facts that were taken in. */
  readonly facts: number;
  readonly happened: ReadonlySet<string>;
  readonly figures: Readonly<Partial<Record<FigureName, number>>>;
  readonly violation?: { readonly rule: string; readonly said: string };
}

export interface BrokenHistory {
  readonly schedule: number;
  readonly rule: string;
  readonly said: string;
}

/** More are counted, and not kept. */
const MOST_KEPT = 20;

/** The sums over many histories, as a worker sends them. */
export interface TallyData {
  readonly schedules: number;
  readonly violations: number;
  readonly broken: readonly BrokenHistory[];
  readonly figures: ReadonlyMap<FigureName, number>;
  readonly happened: ReadonlyMap<string, number>;
  readonly lengths: readonly number[];
}

/** Adds histories up, one by one or by the thousand. */
export class Tally implements TallyData {
  schedules = 0;
  violations = 0;
  broken: BrokenHistory[] = [];
  readonly figures = new Map<FigureName, number>();
  /** Histories, by what happened in them. */
  readonly happened = new Map<string, number>();
  /** Histories, by their number of facts. */
  readonly lengths: number[] = [];

  add(schedule: number, outcome: HistoryOutcome): void {
    this.schedules += 1;
    for (const [name, more] of Object.entries(outcome.figures)) {
      this.count(name as FigureName, more);
    }
    this.lengths[outcome.facts] = (this.lengths[outcome.facts] ?? 0) + 1;
    for (const kind of outcome.happened) this.happened.set(kind, this.inHistories(kind) + 1);
    if (outcome.violation === undefined) return;
    this.violations += 1;
    this.keep([{ schedule, ...outcome.violation }]);
  }

  merge(other: TallyData): void {
    this.schedules += other.schedules;
    this.violations += other.violations;
    for (const [name, more] of other.figures) this.count(name, more);
    this.keep(other.broken);
    for (const [kind, histories] of other.happened) {
      this.happened.set(kind, this.inHistories(kind) + histories);
    }
    other.lengths.forEach((histories, facts) => {
      this.lengths[facts] = (this.lengths[facts] ?? 0) + histories;
    });
  }

  inHistories(kind: string): number {
    return this.happened.get(kind) ?? 0;
  }

  private count(name: FigureName, more: number): void {
    this.figures.set(name, (this.figures.get(name) ?? 0) + more);
  }

  private keep(broken: readonly BrokenHistory[]): void {
    this.broken.push(...broken);
    this.broken.sort((a, b) => a.schedule - b.schedule);
    this.broken.length = Math.min(this.broken.length, MOST_KEPT);
  }
}
