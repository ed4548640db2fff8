/** A history broke a rule: what must never be, in the words of the report. */
export class Violation extends Error {
  constructor(
    readonly rule: string,
    said: string,
  ) {
    super(said);
    this.name = 'Violation';
  }
}

/** @throws Violation when the two differ. */
export function expectSame(rule: string, of: string, found: unknown, right: unknown): void {
  if (found === right) return;
  throw new Violation(rule, `${of} is ${String(found)} and should be ${String(right)}`);
}
