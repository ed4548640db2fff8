import type { Dice } from '../../chance/dice.js';
import { HistoryCourse } from '../../chance/history-course.js';
import type { EventKind } from './event-kinds.js';

/** The course of a history of stock. */
export class Course extends HistoryCourse<EventKind> {
  constructor(
    dice: Dice,
    /** True when masters write their clocks in whole seconds. */
    readonly coarseClock: boolean,
  ) {
    super(dice);
  }

  /** The master's clock as text. */
  masterTime(ms: number): string {
    return new Date(this.coarseClock ? Math.floor(ms / 1_000) * 1_000 : ms).toISOString();
  }
}
