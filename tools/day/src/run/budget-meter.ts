import type { BucketUse } from '@tillbridge/simulators';

/** How well a connection used what its vendor allows. */
export interface BudgetFigures {
  /** Share of the allowance that was spent while there was a backlog; null when there was none. */
  readonly used: number | null;
  /** Share of calls that the vendor's own limit refused; what the faults' dice refuse is not in it. */
  readonly refused: number;
  readonly calls: number;
  readonly backlogSeconds: number;
}

/** A connection at one moment. */
export interface BudgetLook {
  readonly atMs: number;
  readonly use: BucketUse;
  /** Acts that wait for nothing but their turn, and calls that wait for the budget. */
  readonly due: number;
}

/**
 * Sums up looks at one connection. There is a backlog between two looks when at both of them more is
 * due than the vendor allows calls in a second, a call costing what calls have cost so far.
 */
export class BudgetMeter {
  private first: BudgetLook | undefined;
  private last: BudgetLook | undefined;
  private backlogMs = 0;
  private spent = 0;
  private allowed = 0;

  look(now: BudgetLook): void {
    const before = this.last;
    this.first ??= now;
    this.last = now;
    if (before === undefined || !hasBacklog(before) || !hasBacklog(now)) return;
    const elapsedMs = now.atMs - before.atMs;
    this.backlogMs += elapsedMs;
    this.spent += now.use.spent - before.use.spent;
    this.allowed += (now.use.perSecond * elapsedMs) / 1_000;
  }

  figures(): BudgetFigures {
    const { first, last } = this;
    const calls = (last?.use.asked ?? 0) - (first?.use.asked ?? 0);
    const refused = (last?.use.refused ?? 0) - (first?.use.refused ?? 0);
    return {
      used: this.allowed === 0 ? null : rounded(this.spent / this.allowed),
      refused: calls === 0 ? 0 : rounded(refused / calls),
      calls,
      backlogSeconds: rounded(this.backlogMs / 1_000),
    };
  }
}

function hasBacklog({ use, due }: BudgetLook): boolean {
  const costOfCall = use.asked > use.refused ? use.spent / (use.asked - use.refused) : 1;
  return due > use.perSecond / Math.max(1, costOfCall);
}

function rounded(figure: number): number {
  return Math.round(figure * 1_000) / 1_000;
}
