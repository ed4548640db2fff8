import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { toReport, type SoakReport } from './soak-report.js';
import { SOAKS, type ScheduleRange, type SoakName } from './soaks.js';
import { Tally, type TallyData } from './tally.js';

export interface SoakOptions {
  readonly name: SoakName;
  readonly seed: number;
  readonly schedules: number;
  readonly workers?: number;
  /** Told now and then how far it is. */
  readonly progress?: (played: number, violations: number) => void;
  readonly signal?: AbortSignal;
}

/** Schedules that a worker gets at a time. */
const CHUNK = 500;

/**
 * Plays the schedules from 1 up, on all cores.
 * @throws the reason of the signal when it is aborted
 */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const { name, seed, schedules, progress, signal } = options;
  const began = performance.now();
  const tally = new Tally();
  const ranges = rangesOf(options);
  const play = async (): Promise<void> => {
    const worker = new Worker(new URL('./soak-worker.js', import.meta.url));
    try {
      for (let range = ranges.next(); range.done !== true; range = ranges.next()) {
        signal?.throwIfAborted();
        tally.merge(await answerOf(worker, range.value));
        progress?.(tally.schedules, tally.violations);
      }
    } finally {
      await worker.terminate();
    }
  };
  const most = Math.ceil(schedules / CHUNK);
  const workers = Math.min(options.workers ?? availableParallelism(), most);
  await Promise.all(Array.from({ length: workers }, play));
  return toReport(tally, SOAKS[name], {
    seed,
    seconds: (performance.now() - began) / 1_000,
  });
}

function* rangesOf({ name, seed, schedules }: SoakOptions): Generator<ScheduleRange, undefined> {
  for (let first = 1; first <= schedules; first += CHUNK) {
    yield { name, seed, first, count: Math.min(CHUNK, schedules - first + 1) };
  }
  return undefined;
}

function answerOf(worker: Worker, range: ScheduleRange): Promise<TallyData> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (tally: TallyData) => {
      worker.off('error', reject);
      resolve(tally);
    });
    worker.postMessage(range);
  });
}
