/** What must never be, in the words of the report. */
export type BrokenRule =
  | 'same facts, same state'
  | 'contained at most once'
  | 'promised above the figure'
  | 'rise before the orders'
  | 'ledger sums to the figure'
  | 'commitments never below zero'
  | 'figure is the newest count'
  | 'owed is what was ordered'
  | 'flapping'
  | 'channel shows the truth at rest'
  | 'exceptions say what is'
  | 'threw';

/** A history broke a rule. */
export class Violation extends Error {
  constructor(
    readonly rule: BrokenRule,
    said: string,
  ) {
    super(said);
    this.name = 'Violation';
  }
}

/** @throws Violation when the two differ. */
export function expectSame(rule: BrokenRule, of: string, found: unknown, right: unknown): void {
  if (found === right) return;
  throw new Violation(rule, `${of} is ${String(found)} and should be ${String(right)}`);
}
