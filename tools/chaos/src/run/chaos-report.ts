import type { FaultGroup, Victim } from '../schedule/plan-faults.js';

/** Null when there was nothing to measure. */
export interface Spread {
  readonly p50: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** What a day under faults is summed up in; the keys are a public interface. */
export interface ChaosReport {
  readonly seed: number;
  readonly minutes: number;
  readonly only: readonly FaultGroup[];
  readonly natsNodes: number;
  readonly kills: Readonly<Record<Victim, number>>;
  readonly pauses: number;
  readonly natsWipes: number;
  readonly vendorOutages: number;
  /** Services that ended although nobody killed them. */
  readonly crashes: number;
  /** Messages that a reader never got, and dispatches and receivables that are not there. */
  readonly lost: number;
  /** Orders and stock changes that stand twice in the vendors' books. */
  readonly doubled: number;
  /** Figures of the vendors' books that are not what the oracle says. */
  readonly mismatches: number;
  /** What the hub still had to do when the quiet was over. */
  readonly stuck: number;
  readonly deadLetters: number;
  /** From ready again until the oldest waiting message was handled. */
  readonly recoveryMs: Spread & {
    /** Kills that kept a message waiting. */
    readonly measured: number;
  };
  /** From ready again until the last waiting message was handled. */
  readonly caughtUpMs: Spread;
  readonly orders: { readonly placed: number; readonly posted: number };
  readonly messages: {
    readonly published: number;
    /** Messages, each counted for every reader. */
    readonly passages: number;
    /** Passages that were still to come when the streams were deleted. */
    readonly unreadAtWipes: number;
  };
  readonly seconds: { readonly start: number; readonly trade: number; readonly settle: number };
  /** The first few of what is wrong, in words. */
  readonly findings: readonly string[];
  readonly ok: boolean;
}

/** The report as lines for people. */
export function reportLines(report: ChaosReport): string[] {
  const { lost, doubled, mismatches, stuck, deadLetters, crashes } = report;
  const { recoveryMs, caughtUpMs } = report;
  const { kills, pauses, natsWipes, vendorOutages, orders, messages, seconds } = report;
  const rows: [name: string, text: string, good: boolean | null][] = [
    ['kill -9', pairs(kills), null],
    ['other faults', pairs({ pauses, natsWipes, vendorOutages }), null],
    ['trade', `${pairs(orders)}, ${pairs(messages)}`, null],
    ['lost', String(lost), lost === 0],
    ['doubled', String(doubled), doubled === 0],
    ['mismatches', String(mismatches), mismatches === 0],
    ['stuck', String(stuck), stuck === 0],
    ['dead letters', String(deadLetters), deadLetters === 0],
    ['crashes', String(crashes), crashes === 0],
    [
      'recovery',
      `${spread(recoveryMs)} (${recoveryMs.measured} kills kept a message waiting)`,
      null,
    ],
    ['caught up', spread(caughtUpMs), null],
    ['seconds', pairs(rounded(seconds)), null],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const mark = (good: boolean | null): string => (good === null ? ' ' : good ? '✓' : '✗');
  return [
    ...rows.map(([name, text, good]) => `${mark(good)} ${name.padEnd(width)}  ${text}`),
    ...report.findings.map((finding) => `    ${finding}`),
    report.ok
      ? 'Nothing is lost, nothing is doubled.'
      : 'Something is wrong: see the lines marked ✗.',
  ];
}

const pairs = (figures: object): string =>
  Object.entries(figures)
    .map(([name, figure]) => `${figure} ${name}`)
    .join(', ');

const spread = ({ p50, p99, max }: Spread): string =>
  `p50 ${inSeconds(p50)}, p99 ${inSeconds(p99)}, max ${inSeconds(max)}`;

const inSeconds = (ms: number | null): string =>
  ms === null ? 'none' : `${(ms / 1_000).toFixed(2)} s`;

const rounded = (figures: Readonly<Record<string, number>>): Record<string, string> =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, value.toFixed(1)]));
