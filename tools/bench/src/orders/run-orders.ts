import { setTimeout as sleep } from 'node:timers/promises';
import { percentiles, round, type Percentiles } from '../statistics.js';
import { Buyers } from './buyers.js';
import type { TillOrder } from './canned-till.js';
import { compareBooks } from './compare-books.js';
import { Hub } from './hub.js';

export interface OrdersOptions {
  readonly dataDir: string;
  /** Told at once, to see how fast they go. */
  readonly orders: number;
  /** Told while the till is away. */
  readonly backlog: number;
  report(line: string): void;
}

/** The report's keys are a public interface. */
export interface OrdersReport {
  /** From a standing backlog: posted and paid in the till, and known to be so. */
  readonly perSecond: number;
  /** From a webhook that is due to the payment in the till, at half of `perSecond`. */
  readonly ms: Percentiles;
  readonly backlog: {
    readonly orders: number;
    /** From the return of the till to the last payment. */
    readonly seconds: number;
    /** Calls that the till let through, of those that it allows in that time. */
    readonly budgetUsed: number;
    /** Calls that it refused, of all. */
    readonly refused: number;
  };
  /** The most that all services held together. */
  readonly rssMb: number;
  /** False when an order was lost, doubled or posted with other goods or cents. */
  readonly valid: boolean;
}

/** Tells the hub of orders faster than anybody reads them. */
const AT_ONCE_PER_SECOND = 1_000;
const WARM_ORDERS = 500;
const HALF = 0.5;
const PACED_SECONDS = 20;
/** A till that is never in the hub's way. */
const FREE_CALLS_PER_SECOND = 1_000;
/** Two calls an order: half of what the hub should manage, so that the limit is what holds it up. */
const CALLS_PER_SECOND = 100;
/** What a till lets through at once after a quiet time, as the simulated ones do. */
const BURST = 2 * CALLS_PER_SECOND;
/** Orders, while nothing is posted. */
const INTAKE_PER_SECOND = 100;
const PATIENCE_MS = 300_000;
const LOOK_MS = 50;

/** How fast an order goes from its webhook into the till, and how fast a backlog of orders. */
export async function runOrders(options: OrdersOptions): Promise<OrdersReport> {
  const pace = await withHub(options, FREE_CALLS_PER_SECOND, (hub, buyers) =>
    measurePace(hub, buyers, options),
  );
  const backlog = await withHub(options, CALLS_PER_SECOND, (hub, buyers) =>
    measureBacklog(hub, buyers, options),
  );
  return {
    ...pace.figures,
    backlog: backlog.figures,
    rssMb: round(Math.max(pace.rssMb, backlog.rssMb)),
    valid: pace.valid && backlog.valid,
  };
}

/** The figures, and whether the till's books are right after them. */
async function withHub<T>(
  options: OrdersOptions,
  tillRequestsPerSecond: number,
  work: (hub: Hub, buyers: Buyers) => Promise<T>,
) {
  const hub = await Hub.open({ ...options, tillRequestsPerSecond });
  try {
    const buyers = new Buyers(hub.connectorUrl);
    try {
      const figures = await work(hub, buyers);
      const differences = compareBooks(hub.till.orders, buyers.dueMs.length);
      for (const [what, names] of Object.entries(differences)) {
        if (names.length > 0) options.report(`${what}: ${names.length}, ${names.slice(0, 5)}`);
      }
      const valid = Object.values(differences).every((names) => names.length === 0);
      return { figures, valid, rssMb: hub.mostMb };
    } finally {
      await buyers.close();
    }
  } finally {
    await hub.close();
  }
}

async function measurePace(hub: Hub, buyers: Buyers, { orders, report }: OrdersOptions) {
  // What follows is to be measured with warm code.
  await buyers.place(WARM_ORDERS, AT_ONCE_PER_SECOND);
  await untilPosted(hub, buyers.dueMs.length);
  const beganMs = performance.now();
  await buyers.place(orders, AT_ONCE_PER_SECOND);
  await untilPosted(hub, buyers.dueMs.length);
  const perSecond = orders / ((performance.now() - beganMs) / 1_000);
  report(`${orders} orders at once: ${round(perSecond, 1)} a second`);
  const first = buyers.dueMs.length;
  const pace = perSecond * HALF;
  await buyers.place(Math.round(pace * PACED_SECONDS), pace);
  await untilPosted(hub, buyers.dueMs.length);
  const ms = percentiles(delaysOf(hub.till.orders, buyers.dueMs, first));
  report(`at ${round(pace, 1)} a second: p50 ${ms.p50} ms, p99 ${ms.p99} ms`);
  return { perSecond: round(perSecond, 1), ms };
}

async function measureBacklog(hub: Hub, buyers: Buyers, { backlog, report }: OrdersOptions) {
  await buyers.place(WARM_ORDERS, AT_ONCE_PER_SECOND);
  await untilPosted(hub, buyers.dueMs.length);
  hub.till.leave();
  await buyers.place(backlog, INTAKE_PER_SECOND);
  await until(hub, async () => ((await hub.figures()).byState.posting ?? 0) >= backlog);
  report(`${backlog} orders wait for the till`);
  const beganMs = performance.now();
  hub.till.comeBack({ perSecond: CALLS_PER_SECOND, burst: BURST });
  await until(hub, () => Promise.resolve(hub.till.paid >= buyers.dueMs.length));
  const seconds = (performance.now() - beganMs) / 1_000;
  const { accepted, refused } = hub.till.calls;
  await untilPosted(hub, buyers.dueMs.length);
  const figures = {
    orders: backlog,
    seconds: round(seconds, 1),
    budgetUsed: round(accepted / (CALLS_PER_SECOND * seconds), 3),
    refused: round(refused / (accepted + refused), 4),
  };
  report(`the backlog took ${figures.seconds} s, ${refused} calls were refused`);
  return figures;
}

/** The till has them all, and the hub knows. */
async function untilPosted(hub: Hub, orders: number): Promise<void> {
  await until(hub, async () => {
    if (hub.till.paid < orders) return false;
    return ((await hub.figures()).byState.posted ?? 0) >= orders;
  });
}

/** @throws Error that says how far it got when it is not so within reasonable time. */
async function until(hub: Hub, isSo: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > endMs) {
      const { byState } = await hub.figures();
      throw new Error(`${hub.till.paid} orders are paid in the till; ${JSON.stringify(byState)}`);
    }
    await sleep(LOOK_MS);
  }
}

/** Milliseconds from due to paid, of the orders from this number on. */
function delaysOf(orders: readonly TillOrder[], dueMs: readonly number[], first: number): number[] {
  return orders.flatMap(({ name, payment }) => {
    const number = Number(name.slice(1));
    const due = dueMs[number];
    if (number < first || due === undefined || payment === undefined) return [];
    return [payment.atMs - due];
  });
}
