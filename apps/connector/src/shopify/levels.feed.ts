import type { Feed } from '../vendor.js';
import type { LevelReader } from './level-reader.js';

/** A whole sweep stands behind the reading of changes, which leans on the platform's search. */
const WHOLE_EVERY_MS = 3_600_000;
const WHOLE_AT_LEAST_MS = 60_000;
const OVERLAP_MS = 120_000;
const OVERLAP_AT_LEAST_MS = 5_000;

interface LevelsMark {
  /** When the last reading began. */
  readonly through: string;
  /** When the last whole sweep began. */
  readonly whole: string;
}

export interface LevelsFeedOptions {
  readonly everyMs: number;
  readonly timeScale: number;
  readonly clock: { now(): number };
  /** Only places that a configured stock location feeds. */
  readonly locationIds: readonly string[];
}

/** The platform's stock figures: everything at first and hourly, in between what has changed. */
export function createLevelsFeed(levels: LevelReader, options: LevelsFeedOptions): Feed {
  const { timeScale, clock } = options;
  const wholeEveryMs = Math.max(WHOLE_AT_LEAST_MS, WHOLE_EVERY_MS / timeScale);
  const overlapMs = Math.max(OVERLAP_AT_LEAST_MS, OVERLAP_MS / timeScale);
  return {
    name: 'levels',
    everyMs: options.everyMs,
    minPauseMs: options.everyMs,
    async *poll(text) {
      const mark = text === null ? null : (JSON.parse(text) as LevelsMark);
      const now = clock.now();
      const whole = mark === null || now - Date.parse(mark.whole) >= wholeEveryMs;
      const since = whole ? null : isoOf(Date.parse(mark.through) - overlapMs);
      for (const locationId of options.locationIds) {
        for await (const page of levels.readLocation(locationId, since)) {
          yield { observations: page.map((level) => levels.toObservation(level)) };
        }
      }
      const next: LevelsMark = { through: isoOf(now), whole: whole ? isoOf(now) : mark.whole };
      yield { observations: [], mark: JSON.stringify(next) };
    },
  };
}

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
