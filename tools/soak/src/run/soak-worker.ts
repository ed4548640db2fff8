import { parentPort } from 'node:worker_threads';
import { playRange, type ScheduleRange } from './soaks.js';
import type { TallyData } from './tally.js';

parentPort?.on('message', (range: ScheduleRange) => {
  const { schedules, violations, figures, broken, happened, lengths } = playRange(range);
  const sums: TallyData = { schedules, violations, figures, broken, happened, lengths };
  parentPort?.postMessage(sums);
});
