import { setTimeout as sleep } from 'node:timers/promises';
import { benchConfiguration } from '../bench-configuration.js';
import { measurePairs, type PairFigures } from '../pairs.js';
import { startServers, type Servers } from '../servers.js';
import { percentiles, round, type Percentiles } from '../statistics.js';
import { StreamTraffic } from '../stream-traffic.js';
import type { ShapeName } from './message-shape.js';
import { openBareRoad } from './observed-figures.js';
import { Side } from './side.js';

export interface MessagingOptions {
  readonly dataDir: string;
  readonly pairs: number;
  /** In each measurement of batches; of single ones a quarter. */
  readonly messages: number;
  report(line: string): void;
}

/** The report's keys are a public interface. */
export interface MessagingReport extends PairFigures {
  readonly single: PairFigures;
  readonly publishToHandleMs: Percentiles;
  readonly rssMb: number;
  /** False when the machine was too slow for the figures to mean anything. */
  readonly valid: boolean;
}

/** Half of what the bare programs do on a quiet machine with two cores. */
const LEAST_RAW_PER_SECOND = { batch: 5_000, single: 700 } as const;
/** Pairs of a quiet machine stay within 1.3; beyond this even their median is luck. */
const MOST_SCATTER = 2;
const PACED_SECONDS = 10;

/** What our libs cost a service, against a bare program that does the same. */
export async function runMessaging(options: MessagingOptions): Promise<MessagingReport> {
  const servers = await startServers({ ...options, configuration: benchConfiguration() });
  try {
    const traffic = await StreamTraffic.open(servers);
    try {
      await openBareRoad(traffic);
      return await measure(options, servers, traffic);
    } finally {
      await traffic.close();
    }
  } finally {
    await servers.stop();
  }
}

async function measure(
  options: MessagingOptions,
  servers: Servers,
  traffic: StreamTraffic,
): Promise<MessagingReport> {
  const { pairs, report } = options;
  const compare = (name: string, messages: number, { ours, bare }: Sides): Promise<PairFigures> =>
    measurePairs({
      pairs,
      name,
      ours: () => ours.drain(messages),
      raw: () => bare.drain(messages),
      report,
    });
  const batches = await withSides('batch', servers, traffic, async (sides) => {
    // What follows is to be measured with warm code.
    for (const side of [sides.bare, sides.ours]) await side.drain(options.messages);
    const figures = await compare('batches', options.messages, sides);
    const { rssMb } = await sides.ours.measures();
    await sleep(1_000);
    const delays = await sides.ours.delaysMs(figures.perSecond / 10, PACED_SECONDS);
    return { figures, rssMb: round(rssMb), publishToHandleMs: percentiles(delays) };
  });
  const quarter = Math.ceil(options.messages / 4);
  const single = await withSides('single', servers, traffic, async (sides) => {
    for (const side of [sides.bare, sides.ours]) await side.drain(quarter);
    return compare('single', quarter, sides);
  });
  const { figures, publishToHandleMs, rssMb } = batches;
  const valid = isValid({ batch: figures, single });
  return { ...figures, single, publishToHandleMs, rssMb, valid };
}

/** False when a busy or weak machine made the figures, and not our libs. */
export function isValid(found: Readonly<Record<ShapeName, PairFigures>>): boolean {
  return (['batch', 'single'] as const).every((shape) => {
    const { rawPerSecond, scatter } = found[shape];
    return rawPerSecond >= LEAST_RAW_PER_SECOND[shape] && scatter <= MOST_SCATTER;
  });
}

interface Sides {
  readonly ours: Side;
  readonly bare: Side;
}

async function withSides<T>(
  shape: ShapeName,
  servers: Servers,
  traffic: StreamTraffic,
  work: (sides: Sides) => Promise<T>,
): Promise<T> {
  const ours = await Side.start('ours', shape, servers, traffic);
  try {
    const bare = await Side.start('bare', shape, servers, traffic);
    try {
      return await work({ ours, bare });
    } finally {
      await bare.stop();
    }
  } finally {
    await ours.stop();
  }
}
