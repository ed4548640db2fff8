import { parentPort } from 'node:worker_threads';
import { playRange, type ScheduleRange } from './soaks.js';
import type { TallyData } from './tally.js';

parentPort?.on('message', (range: ScheduleRange) => {
  const { schedules, violations, oversoldUnits, racedUnits, broken, happened, lengths } =
    playRange(range);
  const sums: TallyData = {
    schedules,
    violations,
    oversoldUnits,
    racedUnits,
    broken,
    happened,
    lengths,
  };
  parentPort?.postMessage(sums);
});
