import { ORDER_STATES } from '@tillbridge/contracts';
import { pendingWebhooks } from '../run/settle.js';
import type { RunningDay } from '../run/run-day.js';
import type { EventTail } from './event-tail.js';

const BAR = 40;

/** The hub at this moment, for the terminal: orders, stock, queues, exceptions, latest events. */
export async function liveView(running: RunningDay, tail: EventTail): Promise<string[]> {
  const { hub, market, log, exceptions } = running;
  const [orders, stock, statuses] = await Promise.all([
    hub.queries.orderFigures(),
    hub.queries.stockDisagreements(),
    hub.statuses(),
  ]);
  const most = Math.max(1, ...Object.values(orders.byState));
  const states = ORDER_STATES.filter((state) => (orders.byState[state] ?? 0) > 0).map((state) => {
    const count = orders.byState[state] ?? 0;
    const bar = '█'.repeat(Math.max(1, Math.round((count / most) * BAR)));
    return `  ${state.padEnd(16)}${String(count).padStart(5)}  ${bar}`;
  });
  const queues = [...statuses].map(([service, s]) => {
    const depth = (name: string): string => String(s[name] ?? 0).padStart(6);
    return `  ${service.padEnd(12)}${depth('outboxPending')}${depth('consumerPending')}${depth('waiting')}${depth('deadLetters')}`;
  });
  const raised = Object.entries(exceptions.byCode());
  return [
    `Tillbridge · ${log.placed.size} trade and ${log.retailPlaced} retail orders placed`,
    '',
    'Orders',
    ...(states.length > 0 ? states : ['  none yet']),
    '',
    `Stock    ${stock.open} of ${stock.rows} published figures differ from what the shop shows`,
    `Vendors  ${pendingWebhooks(market)} webhooks on their way`,
    '',
    `Queues        outbox pending waiting  dead`,
    ...queues,
    '',
    'Exceptions raised',
    ...(raised.length > 0
      ? raised.map(([code, count]) => `  ${code.padEnd(24)}${String(count).padStart(5)}`)
      : ['  none']),
    '',
    `Events (${tail.count()})`,
    ...tail.latest().map((line) => `  ${line}`),
  ];
}
