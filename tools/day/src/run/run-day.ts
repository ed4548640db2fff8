import { freePort } from '@tillbridge/embedded';
import type { FaultLevel } from '@tillbridge/simulators';
import { DayLog } from '../actors/day-log.js';
import { gatherEvidence } from '../actors/gather-evidence.js';
import { Market, type Controls } from '../actors/market.js';
import { People } from '../actors/people.js';
import { PosOutage } from '../actors/pos-outage.js';
import { ShippingClerk } from '../actors/shipping-clerk.js';
import { Warehouse } from '../actors/warehouse.js';
import { dayConfiguration } from '../hub/day-configuration.js';
import { Hub } from '../hub/hub.js';
import { readTrade } from '../input/read-trade.js';
import { seededDay } from '../input/seeded-day.js';
import { judgeDay, type Verdict } from '../oracle/judge-day.js';
import { planDay } from '../plan/plan-day.js';
import type { DayPlan } from '../plan/day-plan.js';
import type { DayReport } from './day-report.js';
import { notPlayedOf } from './not-played.js';
import { ExceptionCount } from './exception-count.js';
import { busyWith, settle } from './settle.js';
import { BudgetWatch } from './budget-watch.js';

const START_WITHIN_MS = 180_000;
const SETTLE_WITHIN_MS = 120_000;
const WORK_EVERY_MS = 250;
/** Staff were faster than the POS's answer to the hub: they say it again. */
const NOT_YET = 'not-posted';

export interface DayOptions {
  /** A trade file; without one a seeded day of its own. */
  readonly ordersFile?: string;
  /** Trade orders of the seeded day; 300 unless said. */
  readonly seededOrders?: number;
  readonly seed: number;
  readonly faults: FaultLevel;
  readonly dataDir: string;
  readonly reset: boolean;
  /** False gives up what survives a power cut, for speed: for tests. */
  readonly durable?: boolean;
  /** Vendors' delays and retries are divided by it. */
  readonly timeScale: number;
  /** How long the hub may take to come to rest; 2 minutes unless said. */
  readonly settleWithinMs?: number;
  /** Pause between two events of the plan. */
  readonly paceMs: number;
  /** How long trading lasts, whatever number of events there is; then `paceMs` does not count. */
  readonly tradeMs?: number;
  /** NATS servers of the hub; 1 unless said. */
  readonly natsNodes?: number;
  readonly controls?: Controls;
  /** Whether the POS answers nobody in the middle third of the day. */
  readonly posDown?: boolean;
  /** Puts something between the hub and the POS; returns the URL that the hub is to use. */
  tillThrough?(url: string): Promise<string>;
  /** Puts something between the vendors and the connector; returns the URL for their webhooks. */
  webhooksThrough?(url: string): Promise<string>;
  report(line: string): void;
  /** Called when trade begins; a test kills processes from here, the terminal view looks on. */
  onTrade?(running: RunningDay): void;
  /** Waited for between trade and settling: who broke something mends it here. */
  beforeSettling?(): Promise<void>;
  /** Waited for when all is said, while the hub still runs: for a closer look. */
  examine?(running: RunningDay, rested: boolean): Promise<void>;
  readonly signal?: AbortSignal;
}

/** A day under way. */
export interface RunningDay {
  readonly plan: DayPlan;
  readonly market: Market;
  readonly hub: Hub;
  readonly log: DayLog;
  readonly exceptions: ExceptionCount;
}

/** Plays a whole day on a fresh hub and judges it. Everything is stopped again, also on failure. */
export async function runDay(options: DayOptions): Promise<DayReport> {
  const input =
    options.ordersFile === undefined
      ? seededDay(options.seed, { orders: options.seededOrders ?? 300 })
      : await readTrade(options.ordersFile);
  const plan = planDay(input, options.seed, 'GBP');
  const began = Date.now();
  const { seed, faults, timeScale, controls = {} } = options;
  const market = new Market(plan, { seed, faults, timeScale, controls });
  await market.open();
  try {
    const connectorPort = await freePort();
    const tillUrl = (await options.tillThrough?.(market.square.url)) ?? market.square.url;
    const connectorUrl = `http://127.0.0.1:${connectorPort}`;
    const hubUrl = (await options.webhooksThrough?.(connectorUrl)) ?? connectorUrl;
    const { yaml, environment } = dayConfiguration(market, hubUrl, tillUrl);
    const hub = await Hub.start({
      dataDir: options.dataDir,
      reset: options.reset,
      durable: options.durable ?? true,
      timeScale,
      configuration: { yaml },
      environment,
      connectorPort,
      natsNodes: options.natsNodes ?? 1,
      report: (line) => options.report(line),
    });
    try {
      const isThere = hub.embedded.services.urlOf('connector') === connectorUrl;
      if (!isThere) throw new Error(`Port ${connectorPort}, for webhooks, was taken: run it again`);
      return await playDay({ plan, market, hub, options, began });
    } finally {
      await hub.stop();
    }
  } finally {
    await market.close();
  }
}

interface Stage {
  readonly plan: DayPlan;
  readonly market: Market;
  readonly hub: Hub;
  readonly options: DayOptions;
  readonly began: number;
}

async function playDay({ plan, market, hub, options, began }: Stage): Promise<DayReport> {
  const exceptions = new ExceptionCount(hub.monitor);
  const offered = plan.products.length + plan.assemblies.length;
  options.report(`The hub reads ${plan.products.length} SKUs and ${offered} online offers`);
  await stockKnown(hub, options, offered);
  const { signal } = options;
  const open = await settle({ hub, market, toDo: () => 0, withinMs: START_WITHIN_MS, signal });
  if (!open) throw new Error(`The hub does not come to rest: ${busyWith(await hub.statuses())}`);
  const tradeBegan = Date.now();
  const log = new DayLog();
  const clerk = new ShippingClerk(market, log, hub.commands, hub.monitor);
  const warehouse = new Warehouse(market, log, clerk);
  const people = new People(market, log, warehouse);
  const running = { plan, market, hub, log, exceptions };
  options.onTrade?.(running);
  const working = setInterval(() => warehouse.work(), WORK_EVERY_MS);
  const budgets = new BudgetWatch(hub, market);
  const outage = options.posDown === true ? new PosOutage(market, plan.events.length) : undefined;
  let rested = false;
  let tradeEnded: number;
  try {
    await trade(plan, people, { options, outage });
    await options.beforeSettling?.();
    tradeEnded = Date.now();
    const toDo = (): number => warehouse.work();
    const { report } = options;
    const withinMs = options.settleWithinMs ?? SETTLE_WITHIN_MS;
    rested = await settle({ hub, market, toDo, withinMs, signal, report, polled: true });
    await sparkLayerCatchesUp(market);
  } finally {
    outage?.end();
    clearInterval(working);
    budgets.stop();
  }
  if (!rested) options.report(`Not at rest: ${busyWith(await hub.statuses())}`);
  options.report(`The shop's points went to ${spendingText(market)}`);
  const orders = await hub.queries.allOrders();
  const left = await hub.queries.raisedFor('cancelled-after-dispatch', 'orders');
  const answers = {
    receivables: await hub.queries.receivables(),
    stateOf: (poNumber: string) => orders.get(poNumber)?.state ?? null,
    isLeftToPeople: (poNumber: string) => left.has(orders.get(poNumber)?.orderId ?? ''),
  };
  const verdict = judgeDay(gatherEvidence(market, log, answers, outage?.spans() ?? []));
  await options.examine?.(running, rested);
  return await reportOf({
    verdict,
    rested,
    running,
    outage,
    budget: budgets.figures(),
    seconds: {
      start: (tradeBegan - began) / 1000,
      trade: (tradeEnded - tradeBegan) / 1000,
      settle: (Date.now() - tradeEnded) / 1000,
    },
  });
}

/** Until every offer of the shop has its row in inventory, nothing that follows means anything. */
async function stockKnown(hub: Hub, options: DayOptions, offered: number): Promise<void> {
  const deadline = Date.now() + START_WITHIN_MS;
  for (;;) {
    const { rows } = await hub.queries.stockDisagreements();
    if (rows >= offered) return;
    if (Date.now() > deadline) throw new Error(`Only ${rows} of ${offered} offers are known`);
    options.signal?.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function trade(
  plan: DayPlan,
  people: People,
  { options, outage }: { readonly options: DayOptions; readonly outage?: PosOutage },
): Promise<void> {
  const began = Date.now();
  const paceMs =
    options.tradeMs === undefined ? options.paceMs : options.tradeMs / plan.events.length;
  for (const [index, event] of plan.events.entries()) {
    options.signal?.throwIfAborted();
    outage?.before(index);
    people.act(event);
    const ahead = began + (index + 1) * paceMs - Date.now();
    if (ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead));
  }
}

function spendingText(market: Market): string {
  return [...market.shop.spending()]
    .sort(([, a], [, b]) => b.points - a.points)
    .map(([operation, { calls, points }]) => `${operation} ${points} in ${calls} calls`)
    .join(', ');
}

/** SparkLayer copies from the shop in its own time: what came last is known to it after its lag. */
async function sparkLayerCatchesUp({ world, sparkLagMs }: Market): Promise<void> {
  const caughtUpMs = (world.effects.at(-1)?.atMs ?? 0) + sparkLagMs + 500;
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, caughtUpMs - world.now())));
}

interface Finding {
  readonly verdict: Verdict;
  readonly rested: boolean;
  readonly running: RunningDay;
  readonly outage?: PosOutage;
  readonly budget: DayReport['budget'];
  readonly seconds: DayReport['seconds'];
}

async function reportOf({
  verdict,
  rested,
  running,
  outage,
  budget,
  seconds,
}: Finding): Promise<DayReport> {
  const { plan, market, hub, log, exceptions } = running;
  const { ever } = await hub.queries.orderFigures();
  const statuses = [...(await hub.statuses()).values()];
  const sum = (name: string): number => statuses.reduce((total, s) => total + (s[name] ?? 0), 0);
  const deadLetters = sum('deadLetters');
  const { ok, ...found } = verdict;
  const notPlayed = notPlayedOf(plan.counts, log);
  const refusals = countsOf(log.refusals);
  return {
    input: plan.counts,
    changes: log.changes,
    shipments: {
      told: log.shipments.size,
      corrected: log.corrected,
      neverLeft: log.neverLeft,
      putOff: log.putOff.size,
      refused: refusals,
    },
    notPlayed,
    orders: { ...ever, placed: log.placed.size },
    ...found,
    exceptions: exceptions.byCode(),
    messages: {
      published: sum('published'),
      handled: sum('handled'),
      duplicatesAbsorbed: sum('duplicatesAbsorbed'),
      deadLetters,
    },
    faults: {
      ...market.world.dice.counts,
      ...(outage === undefined ? {} : { posDown: outage.calls() }),
    },
    budget,
    seconds,
    ok:
      ok &&
      rested &&
      deadLetters === 0 &&
      plan.fates.size === plan.rowsRead &&
      notPlayed.length === 0 &&
      Object.keys(refusals).every((code) => code === NOT_YET),
  };
}

function countsOf(codes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
