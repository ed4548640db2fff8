import type { PlannedEvent, PlannedTradeOrder } from './day-plan.js';
import { Seeded } from './seeded.js';

const EDITED_SHARE = 0.15;
const CANCELLED_SHARE = 0.05;
const MOST_MORE = 3;
/** So many events after the order was placed. */
const SOONEST_EVENTS = 2;
const LATEST_EVENTS = 60;

export interface ChangedDay {
  readonly events: readonly PlannedEvent[];
  readonly edits: number;
  readonly cancelledOrders: number;
}

/** Has some buyers change their orders, and some call them off, a while after they were placed. */
export function withOrderChanges(events: readonly PlannedEvent[], seed: number): ChangedDay {
  const chance = new Seeded(seed, 'order changes');
  const changes: { readonly at: number; readonly event: PlannedEvent }[] = [];
  for (const [index, order] of events.entries()) {
    if (order.kind !== 'trade-order') continue;
    const event = drawChange(order, chance);
    if (event === undefined) continue;
    changes.push({ at: index + chance.between(SOONEST_EVENTS, LATEST_EVENTS), event });
  }
  const whole = events.map((event, at) => ({ at, event }));
  return {
    events: [...whole, ...changes].sort((a, b) => a.at - b.at).map(({ event }) => event),
    edits: changes.filter(({ event }) => event.kind === 'order-edit').length,
    cancelledOrders: changes.filter(({ event }) => event.kind === 'order-cancel').length,
  };
}

function drawChange(order: PlannedTradeOrder, chance: Seeded): PlannedEvent | undefined {
  const { ref: orderRef } = order;
  const stock = order.lines.flatMap(({ sku, quantity }, lineIndex) =>
    sku === null ? [] : [{ lineIndex, quantity }],
  );
  if (chance.chance(CANCELLED_SHARE)) return { kind: 'order-cancel', orderRef };
  if (stock.length === 0 || !chance.chance(EDITED_SHARE)) return undefined;
  const { lineIndex, quantity } = chance.pick(stock);
  const change = chance.chance(0.5) ? chance.between(1, MOST_MORE) : -chance.between(1, quantity);
  return { kind: 'order-edit', orderRef, lineIndex, change };
}
