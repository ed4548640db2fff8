import { LIFE_KINDS } from '../orders/life-kinds.js';
import { playLife } from '../orders/play-life.js';
import { playSchedule } from '../stock/play-schedule.js';
import { EVENT_KINDS } from '../stock/world/event-kinds.js';
import { Tally, type FigureName, type HistoryOutcome } from './tally.js';

/** Something that random histories are played against. */
export interface Soak {
  /** What has to come up often enough. */
  readonly kinds: readonly string[];
  /** Facts that the history in the middle has to have. */
  readonly leastMedianFacts: number;
  /** What is counted besides violations, each with its words in the table. */
  readonly figures: Readonly<Partial<Record<FigureName, string>>>;
  /** Those of them that have to be nothing. */
  readonly none: readonly FigureName[];
  readonly play: (seed: number, schedule: number) => HistoryOutcome;
}

export const SOAKS = {
  stock: {
    kinds: EVENT_KINDS,
    leastMedianFacts: 30,
    figures: {
      oversoldUnits: 'units oversold against better knowledge',
      racedUnits: 'units oversold in races',
    },
    none: ['oversoldUnits'],
    play: playSchedule,
  },
  orders: {
    kinds: LIFE_KINDS,
    leastMedianFacts: 20,
    figures: {
      duplicatePosts: 'POS orders that are there twice',
      stuck: 'orders that came to no end',
    },
    none: ['duplicatePosts', 'stuck'],
    play: playLife,
  },
} as const satisfies Record<string, Soak>;

export type SoakName = keyof typeof SOAKS;

/** Schedules by number, from the first on. */
export interface ScheduleRange {
  readonly name: SoakName;
  readonly seed: number;
  readonly first: number;
  readonly count: number;
}

/** Plays these schedules one after the other. */
export function playRange({ name, seed, first, count }: ScheduleRange): Tally {
  const tally = new Tally();
  for (let schedule = first; schedule < first + count; schedule += 1) {
    tally.add(schedule, SOAKS[name].play(seed, schedule));
  }
  return tally;
}
