import type { Victim } from '../schedule/plan-faults.js';

/** What became of a message at one of its readers. */
export interface Passage {
  readonly from: Victim;
  readonly to: Victim;
  /** Written into the sender's outbox. */
  readonly saidMs: number;
  /** Marked in the reader's inbox; null when it never was. */
  readonly handledMs: number | null;
}

export interface Kill {
  readonly target: Victim;
  readonly atMs: number;
  /** The process was ready again. */
  readonly readyMs: number;
}

/** A pause or an outage. */
export interface Disturbance {
  readonly target: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** How long after a kill, from the moment the process was ready again, until … was handled. */
export interface Recovery {
  /** The oldest message that waited when the process died or came while it was down. */
  readonly oldestMs: number;
  /** The last of all of them. */
  readonly allMs: number;
}

/**
 * How each kill was recovered from; nothing for a kill that kept nobody waiting. Time in which
 * something that a message needs was frozen is left out.
 */
export function recoveries(
  kills: readonly Kill[],
  passages: readonly Passage[],
  disturbances: readonly Disturbance[],
): Recovery[] {
  return kills.flatMap((kill) => {
    const kept = passages
      .filter((passage) => concerns(kill, passage) && waited(kill, passage))
      .sort((a, b) => a.saidMs - b.saidMs);
    const [oldestMs, ...others] = kept.map((passage) =>
      passage.handledMs === null
        ? Infinity
        : timeBetween(kill.readyMs, passage.handledMs, disturbancesOf(passage, disturbances)),
    );
    if (oldestMs === undefined) return [];
    return [{ oldestMs, allMs: others.reduce((most, ms) => Math.max(most, ms), oldestMs) }];
  });
}

/** The nearest-rank percentile; null of nothing. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

function concerns({ target }: Kill, { from, to }: Passage): boolean {
  return target === 'nats' || target === 'postgres' || target === from || target === to;
}

function waited(kill: Kill, { saidMs, handledMs }: Passage): boolean {
  return saidMs < kill.readyMs && (handledMs === null || handledMs > kill.atMs);
}

const VENDORS = ['shopify', 'square', 'sparklayer'];

function disturbancesOf(
  { from, to }: Passage,
  disturbances: readonly Disturbance[],
): Disturbance[] {
  const needed: readonly string[] = ['nats', 'postgres', from, to, ...VENDORS];
  return disturbances.filter(({ target }) => needed.includes(target));
}

/** From one moment to the other without what was disturbed, each moment left out once. */
function timeBetween(fromMs: number, untilMs: number, without: readonly Disturbance[]): number {
  let timeMs = Math.max(0, untilMs - fromMs);
  let countedMs = fromMs;
  for (const one of [...without].sort((a, b) => a.fromMs - b.fromMs)) {
    const begin = Math.max(one.fromMs, countedMs);
    const end = Math.min(one.untilMs, untilMs);
    if (end <= begin) continue;
    timeMs -= end - begin;
    countedMs = end;
  }
  return timeMs;
}
