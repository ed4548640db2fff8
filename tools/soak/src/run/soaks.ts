import { playSchedule } from '../stock/play-schedule.js';
import { EVENT_KINDS } from '../stock/world/event-kinds.js';
import { Tally, type HistoryOutcome } from './tally.js';

/** Something that random histories are played against. */
interface Soak {
  /** What has to come up often enough. */
  readonly kinds: readonly string[];
  readonly play: (seed: number, schedule: number) => HistoryOutcome;
}

export const SOAKS = {
  stock: { kinds: EVENT_KINDS, play: playSchedule },
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
