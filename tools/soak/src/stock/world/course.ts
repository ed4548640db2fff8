import type { Dice } from '../../chance/dice.js';
import type { EventKind } from './event-kinds.js';

const OPENS_MS = Date.UTC(2026, 5, 1, 9);

/** The course of one history: its chance, its clock, and which kinds of event it has seen. */
export class Course {
  readonly happened = new Set<EventKind>();
  private ids = 0;
  private ms = OPENS_MS;

  constructor(
    readonly dice: Dice,
    /** True when masters write their clocks in whole seconds. */
    readonly coarseClock: boolean,
  ) {}

  get nowMs(): number {
    return this.ms;
  }

  /** No two events share a millisecond. */
  goOn(minMs: number, maxMs: number): void {
    this.ms += Math.max(1, this.dice.between(minMs, maxMs));
  }

  note(kind: EventKind): void {
    this.happened.add(kind);
  }

  newId(prefix: string): string {
    this.ids += 1;
    return `${prefix}${this.ids}`;
  }

  /** The master's clock as text. */
  masterTime(ms: number): string {
    return new Date(this.coarseClock ? Math.floor(ms / 1_000) * 1_000 : ms).toISOString();
  }
}
