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
  /** Polls of each connection that must have begun since: lost webhooks are found by them. */
  readonly pollsSince?: ReadonlyMap<string, number>;
}

/** Waits until nothing moves any more. False when it does not come to rest in time. */
export async function settle(settling: Settling): Promise<boolean> {
  const { hub, market } = settling;
  const deadline = Date.now() + settling.withinMs;
  let steadySince: number | null = null;
  let reportAt = Date.now() + REPORT_MS;
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
    if (left > 0 || restless || !polled(statuses, settling.pollsSince)) steadySince = null;
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
  return [...statuses]
    .flatMap(([service, status]) =>
      BUSY_FIGURES.filter((name) => (status[name] ?? 0) > 0).map(
        (name) => `${service} ${name} ${status[name]}`,
      ),
    )
    .join(', ');
}

const isBusy = (status: ServiceStatus): boolean =>
  BUSY_FIGURES.some((name) => (status[name] ?? 0) > 0);

const POLLS = /^pollsCompleted:(.+)$/;

/** Completed polls by connection. */
export function pollsCompleted(statuses: ReadonlyMap<string, ServiceStatus>): Map<string, number> {
  const polls = new Map<string, number>();
  for (const [name, figure] of Object.entries(statuses.get('connector') ?? {})) {
    const connection = POLLS.exec(name)?.[1];
    if (connection !== undefined) polls.set(connection, figure);
  }
  return polls;
}

/** Two more completed polls than then: the second one began after that moment for certain. */
function polled(
  statuses: ReadonlyMap<string, ServiceStatus>,
  since: ReadonlyMap<string, number> | undefined,
): boolean {
  if (since === undefined) return true;
  const now = pollsCompleted(statuses);
  return [...since].every(([connection, then]) => (now.get(connection) ?? 0) >= then + 2);
}
