import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from '@tillbridge/contracts';
import { Asker, connectNats, RebuildDesk } from '@tillbridge/messaging';
import { benchConfiguration } from '../bench-configuration.js';
import { startServers, type Servers } from '../servers.js';
import { round } from '../statistics.js';
import { StreamTraffic } from '../stream-traffic.js';
import { ServicePair } from './service-pair.js';

export interface RebuildOptions {
  readonly dataDir: string;
  /** Published and handled before the streams are lost. */
  readonly messages: number;
  report(line: string): void;
}

/** The report's keys are a public interface. */
export interface RebuildReport {
  /** Messages that one service published again and the other was handed again. */
  readonly messages: number;
  /** From the moment people ask for it, until the last of them is handled again. */
  readonly seconds: number;
  readonly secondsPer100k: number;
  /** From the loss until both services have said so by themselves. */
  readonly noticedSeconds: number;
  /** Messages without their effect, or not in the streams. */
  readonly lost: number;
  /** Effects too many. */
  readonly doubled: number;
  readonly exceptionRaised: boolean;
  /** Nothing lost or doubled, noticed by the services, taken back when it was made good, in time. */
  readonly ok: boolean;
}

/** What comes in all the time, a second: also while the streams are gone and rebuilt. */
const TRADE_PER_SECOND = 200;
const TRADE_BEFORE_MS = 3_000;
const NOTICE_WITHIN_MS = 30_000;
export const MOST_SECONDS_PER_100K = 60;

/** Loses all streams under load, has them rebuilt as an operator does, and compares the books. */
export async function runRebuild(options: RebuildOptions): Promise<RebuildReport> {
  const servers = await startServers({ ...options, configuration: benchConfiguration() });
  try {
    const traffic = await StreamTraffic.open(servers);
    try {
      const pair = await ServicePair.start(servers, traffic);
      try {
        return await loseAndRebuild(options, servers, pair);
      } finally {
        await pair.close();
      }
    } finally {
      await traffic.close();
    }
  } finally {
    await servers.stop();
  }
}

async function loseAndRebuild(
  { messages: before, report }: RebuildOptions,
  servers: Servers,
  pair: ServicePair,
): Promise<RebuildReport> {
  const since = new Date();
  await pair.say(before);
  await pair.untilQuiet();
  report(`${before} messages are published and handled`);
  const trade = new AbortController();
  const trading = pair.sayEvenly(TRADE_PER_SECOND, trade.signal);
  // Its failure is told where it is awaited, and not at all when something else failed before.
  trading.catch(() => undefined);
  await sleep(TRADE_BEFORE_MS);
  const lostMs = performance.now();
  await servers.loseStreams();
  const exceptionRaised = await untilRaised(pair);
  const noticedMs = performance.now();
  report('The streams are gone, and both services have said so');
  const messages = await rebuildAll(servers, since, report);
  await pair.untilHeard();
  const seconds = (performance.now() - noticedMs) / 1_000;
  trade.abort();
  await trading;
  await pair.untilQuiet();
  report(`${messages} messages were published and handled again: comparing the books`);
  const secondsPer100k = round((seconds / messages) * 100_000, 1);
  const books = await pair.compareBooks();
  const healed = exceptionRaised && !(await pair.isLossRaised());
  const right = books.lost === 0 && books.doubled === 0 && healed;
  return {
    messages,
    seconds: round(seconds, 1),
    secondsPer100k,
    noticedSeconds: round((noticedMs - lostMs) / 1_000, 1),
    ...books,
    exceptionRaised,
    ok: right && secondsPer100k <= MOST_SECONDS_PER_100K,
  };
}

async function untilRaised(pair: ServicePair): Promise<boolean> {
  const endMs = performance.now() + NOTICE_WITHIN_MS;
  while (performance.now() < endMs) {
    if (await pair.isLossRaised()) return true;
    await sleep(100);
  }
  return false;
}

/** Both at once, as `npm run rebuild` does. Returns how many the first of them published again. */
async function rebuildAll(
  servers: Servers,
  since: Date,
  report: RebuildOptions['report'],
): Promise<number> {
  const nats = await connectNats({ ...servers.operator, name: 'bench-operator' });
  try {
    const desk = new RebuildDesk(new Asker(nats));
    const rebuild = async (service: ServiceName): Promise<number> => {
      const { messages } = await desk.rebuild(service, since.toISOString());
      report(`${service}: ${messages} messages published again`);
      return messages;
    };
    const [messages = 0] = await Promise.all([rebuild('connector'), rebuild('inventory')]);
    return messages;
  } finally {
    await nats.close();
  }
}
