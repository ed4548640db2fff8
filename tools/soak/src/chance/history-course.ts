import type { Dice } from './dice.js';

const OPENS_MS = Date.UTC(2026, 5, 1, 9);

/** The course of one history: its chance, its clock, and which kinds of event it has seen. */
export class HistoryCourse<Kind extends string> {
  readonly happened = new Set<string>();
  private ids = 0;
  private ms = OPENS_MS;

  constructor(readonly dice: Dice) {}

  get nowMs(): number {
    return this.ms;
  }

  /** No two events share a millisecond. */
  goOn(minMs: number, maxMs: number): void {
    this.ms += Math.max(1, this.dice.between(minMs, maxMs));
  }

  note(kind: Kind): void {
    this.happened.add(kind);
  }

  newId(prefix: string): string {
    this.ids += 1;
    return `${prefix}${this.ids}`;
  }
}
