import { runDay, type DayReport, type RunningDay } from '@tillbridge/day';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Controls } from '@tillbridge/day';

/** A small trading day on a hub of its own. */
export interface SmallDay {
  readonly seed?: number;
  /** Trade orders; 80 unless said. */
  readonly orders?: number;
  readonly faults?: 'off' | 'mild' | 'wild';
  readonly controls?: Controls;
  /** 60 unless said. */
  readonly timeScale?: number;
  /** A day whose wrongs show while trade goes on need not come to rest. */
  readonly settleWithinMs?: number;
  onTrade?(running: RunningDay): void;
}

export async function playSmallDay({
  seed = 1,
  orders = 80,
  faults = 'mild',
  controls = {},
  timeScale = 60,
  settleWithinMs = 60_000,
  onTrade,
}: SmallDay): Promise<DayReport> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'tillbridge-e2e-'));
  const lines: string[] = [];
  try {
    return await runDay({
      seed,
      seededOrders: orders,
      faults,
      dataDir,
      reset: false,
      durable: false,
      timeScale,
      paceMs: 70,
      controls,
      settleWithinMs,
      report: (line) => lines.push(line),
      ...(onTrade === undefined ? {} : { onTrade }),
    });
  } catch (error) {
    throw new Error(`The day failed after:\n${lines.join('\n')}`, { cause: error });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
