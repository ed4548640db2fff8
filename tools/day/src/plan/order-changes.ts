import type { PlannedAddedLine, PlannedEvent, PlannedTradeOrder } from './day-plan.js';
import { Seeded } from './seeded.js';

const EDITED_SHARE = 0.15;
const CANCELLED_SHARE = 0.05;
const ADDED_SHARE = 0.05;
const MOST_MORE = 3;
const MOST_ADDED = 6;
/** So many events after the order was placed: soon, it is a draft yet; later, the POS has it. */
const SOON_EVENTS = [2, 60] as const;
const LATER_EVENTS = [60, 300] as const;

export interface ChangedDay {
  readonly events: readonly PlannedEvent[];
  readonly edits: number;
  readonly addedLines: number;
  readonly cancelledOrders: number;
}

/** Has some buyers change their orders, and some call them off, a while after they were placed. */
export function withOrderChanges(events: readonly PlannedEvent[], seed: number): ChangedDay {
  const chance = new Seeded(seed, 'order changes');
  const orders = events.filter((event) => event.kind === 'trade-order');
  const changes: { readonly at: number; readonly event: PlannedEvent }[] = [];
  for (const [index, order] of events.entries()) {
    if (order.kind !== 'trade-order') continue;
    const event = drawChange(order, orders, chance);
    if (event === undefined) continue;
    const [first, last] = chance.chance(0.5) ? SOON_EVENTS : LATER_EVENTS;
    changes.push({ at: index + chance.between(first, last), event });
  }
  const count = (kind: PlannedEvent['kind']): number =>
    changes.filter(({ event }) => event.kind === kind).length;
  const whole = events.map((event, at) => ({ at, event }));
  return {
    events: [...whole, ...changes].sort((a, b) => a.at - b.at).map(({ event }) => event),
    edits: count('order-edit'),
    addedLines: count('order-add-line'),
    cancelledOrders: count('order-cancel'),
  };
}

function drawChange(
  order: PlannedTradeOrder,
  orders: readonly PlannedTradeOrder[],
  chance: Seeded,
): PlannedEvent | undefined {
  const { ref: orderRef } = order;
  const stock = order.lines.flatMap(({ sku, quantity }, lineIndex) =>
    sku === null ? [] : [{ lineIndex, quantity }],
  );
  if (chance.chance(CANCELLED_SHARE)) return { kind: 'order-cancel', orderRef };
  if (chance.chance(ADDED_SHARE)) return drawLine(order, chance.pick(orders), chance);
  if (stock.length === 0 || !chance.chance(EDITED_SHARE)) return undefined;
  const { lineIndex, quantity } = chance.pick(stock);
  const change = chance.chance(0.5) ? chance.between(1, MOST_MORE) : -chance.between(1, quantity);
  return { kind: 'order-edit', orderRef, lineIndex, change };
}

/** Something that another buyer has and this one has not. */
function drawLine(
  { ref: orderRef, lines }: PlannedTradeOrder,
  other: PlannedTradeOrder,
  chance: Seeded,
): PlannedAddedLine | undefined {
  const has = new Set(lines.map(({ sku }) => sku));
  const wanted = other.lines.flatMap(({ sku, unitPriceMinor }) =>
    sku === null || has.has(sku) ? [] : [{ sku, unitPriceMinor }],
  );
  if (wanted.length === 0) return undefined;
  const quantity = chance.between(1, MOST_ADDED);
  return { kind: 'order-add-line', orderRef, ...chance.pick(wanted), quantity };
}
