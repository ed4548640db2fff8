import { busyFigures, runDay, type DayReport, type RunningDay } from '@tillbridge/day';
import { PlayFaults } from '../faults/play-faults.js';
import { doubledEffects } from '../findings/doubled-effects.js';
import { readPassages, type Passages } from '../findings/read-passages.js';
import { percentile, recoveries, type Kill, type Passage } from '../findings/recovery.js';
import {
  FAULT_GROUPS,
  planFaults,
  VICTIMS,
  type FaultGroup,
  type Victim,
} from '../schedule/plan-faults.js';
import type { ChaosReport, Spread } from './chaos-report.js';

/** Busy enough that every kill meets work, and slow enough for two cores that die all the time. */
const ORDERS_A_MINUTE = 80;
const TIME_SCALE = 60;
const SETTLE_WITHIN_MS = 240_000;
const FINDINGS_SHOWN = 20;

export interface ChaosOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly only?: readonly FaultGroup[];
  readonly natsNodes: number;
  readonly dataDir: string;
  report(line: string): void;
  readonly signal?: AbortSignal;
}

/** Plays a day under the faults of a schedule, lets it come to rest and judges it. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, minutes, only = FAULT_GROUPS, natsNodes, dataDir, report, signal } = options;
  const schedule = planFaults({ seed, minutes, only });
  let faults: PlayFaults | undefined;
  let closer: Closer | undefined;
  try {
    const day = await runDay({
      seed,
      faults: 'mild',
      seededOrders: Math.ceil(minutes * ORDERS_A_MINUTE),
      dataDir,
      reset: true,
      timeScale: TIME_SCALE,
      paceMs: 0,
      tradeMs: minutes * 60_000,
      settleWithinMs: SETTLE_WITHIN_MS,
      natsNodes,
      report,
      onTrade: (running) => {
        faults = new PlayFaults(schedule, running, report);
      },
      beforeSettling: async () => {
        await faults?.mend();
      },
      examine: async (running, rested) => {
        closer = await lookCloser(running, rested);
      },
      signal,
    });
    if (faults === undefined || closer === undefined) throw new Error('The day did not happen');
    return { seed, minutes, only, natsNodes, ...judge(day, faults, closer) };
  } finally {
    await faults?.stop();
  }
}

/** What is asked of the hub while it still runs. */
interface Closer {
  readonly passages: Passages;
  readonly doubled: readonly string[];
  readonly stuck: readonly { readonly figure: number; readonly words: string }[];
}

async function lookCloser({ hub, market }: RunningDay, rested: boolean): Promise<Closer> {
  const busy = rested ? [] : busyFigures(await hub.statuses());
  const stuck = busy.map(({ service, name, figure }) => ({
    figure,
    words: `${service} still has ${figure} ${name}`,
  }));
  return {
    passages: await readPassages(hub.embedded.databaseUrls),
    doubled: doubledEffects(
      market.shop.orders().flatMap(({ cartId }) => (cartId === null ? [] : [cartId])),
      market.world.effects,
    ),
    // A hub that does not come to rest is stuck, also when it cannot say with what.
    stuck:
      rested || stuck.length > 0 ? stuck : [{ figure: 1, words: 'the hub does not come to rest' }],
  };
}

type Judgement = Omit<ChaosReport, 'seed' | 'minutes' | 'only' | 'natsNodes'>;

function judge(day: DayReport, faults: PlayFaults, closer: Closer): Judgement {
  const { posOrders, stock, fulfilment, receivables } = day;
  const { passages } = closer;
  const times = recoveries(faults.kills, passages.all, faults.disturbances);
  const wrong = {
    lost: passages.lost.length + fulfilment.missing.length + receivables.missing,
    doubled: posOrders.duplicated + closer.doubled.length,
    mismatches:
      posOrders.missingPoNumber +
      posOrders.wrongTender +
      posOrders.wrongUnits +
      posOrders.wrongCents +
      stock.mismatches.length +
      receivables.wrongAmount,
    stuck: closer.stuck.reduce((sum, { figure }) => sum + figure, 0),
    deadLetters: day.messages.deadLetters,
    crashes: faults.crashes,
  };
  const findings = [
    ...passages.lost.map((name) => `lost: ${name}`),
    ...fulfilment.missing.map((name) => `lost: ${name} left and its buyer is not told`),
    ...closer.doubled.map((name) => `doubled: ${name}`),
    ...stock.mismatches.map(
      (m) => `mismatch: ${m.sku} in the ${m.where}: ${m.actual}, must be ${m.expected}`,
    ),
    ...closer.stuck.map(({ words }) => `stuck: ${words}`),
    ...faults.troubles,
  ];
  return {
    kills: countByVictim(faults),
    pauses: faults.pauses,
    natsWipes: faults.wipes.length,
    vendorOutages: faults.outages,
    ...wrong,
    recoveryMs: { ...spreadOf(times.map(({ oldestMs }) => oldestMs)), measured: times.length },
    caughtUpMs: spreadOf(times.map(({ allMs }) => allMs)),
    orders: { placed: day.orders.placed, posted: day.orders.posted },
    messages: {
      published: day.messages.published,
      passages: passages.all.length,
      unreadAtWipes: faults.wipes.reduce(
        (sum, wipe) => sum + passages.all.filter((one) => lay(wipe, one)).length,
        0,
      ),
    },
    seconds: day.seconds,
    findings: findings.slice(0, FINDINGS_SHOWN),
    ok: Object.values(wrong).every((count) => count === 0) && faults.troubles.length === 0,
  };
}

function spreadOf(times: readonly number[]): Spread {
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => {
    const value = percentile(times, share);
    return value === null ? null : Math.round(value);
  });
  return { p50: p50 ?? null, p99: p99 ?? null, max: max ?? null };
}

/** Whether a message was said when the streams were deleted, and not handled before. */
function lay({ atMs, readyMs }: Kill, { saidMs, handledMs }: Passage): boolean {
  return saidMs < atMs && (handledMs === null || handledMs > readyMs);
}

function countByVictim({ kills }: PlayFaults): Record<Victim, number> {
  const counts = VICTIMS.map(
    (victim) => [victim, kills.filter(({ target }) => target === victim).length] as const,
  );
  return Object.fromEntries(counts) as Record<Victim, number>;
}
