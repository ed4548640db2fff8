import type { Hub, ServiceStatus } from '../hub/hub.js';
import type { Market } from '../actors/market.js';

/** Figures of GET /status that are zero when a service has nothing left to do. */
const BUSY_FIGURES = [
  'outboxPending',
  'waiting',
  'consumerPending',
  'inFlight',
  'fetchQueued',
  'intentsOpen',
  'publicationsOpen',
  'watermarksPending',
  'retailAdjustmentsOpen',
  'ordersOpenActs',
] as const;

const STEADY_MS = 1_500;
const REPORT_MS = 10_000;

export interface Settling {
  readonly hub: Hub;
  readonly market: Market;
  /** What people still have to do. */
  readonly toDo: () => number;
  readonly withinMs: number;
  /** Told every few seconds what is still going on. */
  readonly report?: (line: string) => void;
  readonly signal?: AbortSignal;
  /**
   * Whether each connection must have polled since the last thing that happened at a vendor: whatever
   * the last webhook told may have been lost, and is found by that.
   */
  readonly polled?: boolean;
}

/** Waits until nothing moves any more. False when it does not come to rest in time. */
export async function settle(settling: Settling): Promise<boolean> {
  const { hub, market } = settling;
  const deadline = Date.now() + settling.withinMs;
  let steadySince: number | null = null;
  let reportAt = Date.now() + REPORT_MS;
  let lastEffect = -1;
  let pollsThen: ReadonlyMap<string, number> | null = null;
  while (Date.now() < deadline) {
    settling.signal?.throwIfAborted();
    const toDo = settling.toDo();
    const left = toDo + pendingWebhooks(market);
    const statuses = await hub.statuses();
    if (Date.now() >= reportAt) {
      reportAt += REPORT_MS;
      const webhooks = pendingWebhooks(market);
      settling.report?.(`Settling: staff ${toDo}, webhooks ${webhooks}; ${busyWith(statuses)}`);
    }
    const restless = [...statuses.values()].some(isBusy) || statuses.size < 5;
    // Polls are counted from figures that were read when nothing happened any more.
    if (toDo > 0 || market.world.effects.length !== lastEffect) pollsThen = null;
    else pollsThen ??= pollsCompleted(statuses);
    lastEffect = market.world.effects.length;
    const unread = settling.polled === true && !polledSince(pollsThen, statuses);
    if (left > 0 || restless || unread) steadySince = null;
    else steadySince ??= Date.now();
    if (steadySince !== null && Date.now() - steadySince >= STEADY_MS) return true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}

export const pendingWebhooks = (market: Market): number =>
  market.shop.pendingWebhooks() + market.square.pendingWebhooks();

/** Names and figures of what keeps the services busy, for people. */
export function busyWith(statuses: ReadonlyMap<string, ServiceStatus>): string {
  return busyFigures(statuses)
    .map(({ service, name, figure }) => `${service} ${name} ${figure}`)
    .join(', ');
}

/** What keeps the services busy. */
export function busyFigures(
  statuses: ReadonlyMap<string, ServiceStatus>,
): { service: string; name: string; figure: number }[] {
  return [...statuses].flatMap(([service, status]) =>
    BUSY_FIGURES.flatMap((name) => {
      const figure = status[name] ?? 0;
      return figure > 0 ? [{ service, name, figure }] : [];
    }),
  );
}

const isBusy = (status: ServiceStatus): boolean =>
  BUSY_FIGURES.some((name) => (status[name] ?? 0) > 0);

const POLLS = /^pollsCompleted:(.+)$/;

/** Completed polls by connection. */
function pollsCompleted(statuses: ReadonlyMap<string, ServiceStatus>): Map<string, number> {
  const polls = new Map<string, number>();
  for (const [name, figure] of Object.entries(statuses.get('connector') ?? {})) {
    const connection = POLLS.exec(name)?.[1];
    if (connection !== undefined) polls.set(connection, figure);
  }
  return polls;
}

/** Two more completed polls than then: the second one began after that moment for certain. */
function polledSince(
  then: ReadonlyMap<string, number> | null,
  statuses: ReadonlyMap<string, ServiceStatus>,
): boolean {
  const now = pollsCompleted(statuses);
  return then !== null && [...then].every(([id, polls]) => (now.get(id) ?? 0) >= polls + 2);
}
