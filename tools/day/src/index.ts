export { runDay, type DayOptions, type RunningDay } from './run/run-day.js';
export type { DayReport } from './run/day-report.js';
export type { Controls } from './actors/market.js';
