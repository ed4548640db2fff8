import { currentOf, mergeFact, type OrderFact } from './order-facts.js';
import { isCancelled } from './order-reading.js';
import type { OrderRecord } from './order-record.js';

/**
 * Of live orders with one cart id, only one may stand: staff can duplicate a draft with its cart id
 * in it. An order that was posted already stands, since its goods are on their way; else the one
 * placed first (of two at once the lower id). Returns who blocks each of the others; null for none.
 */
export function cartStandings(
  orders: readonly { readonly record: OrderRecord; readonly facts: readonly OrderFact[] }[],
): Map<string, string | null> {
  const seen = orders.map(({ record, facts }) => ({
    ...record,
    facts: facts.reduce(mergeFact, record.facts),
  }));
  const [standing, ...others] = seen.filter(isLive).sort(firstStanding);
  const standings = new Map<string, string | null>(seen.map(({ orderId }) => [orderId, null]));
  for (const { orderId } of others) standings.set(orderId, standing?.orderId ?? null);
  return standings;
}

function isLive({ facts }: OrderRecord): boolean {
  const current = currentOf(facts);
  return current !== undefined && !isCancelled(current);
}

function firstStanding(a: OrderRecord, b: OrderRecord): number {
  return (
    Number(b.acts.postings.length > 0) - Number(a.acts.postings.length > 0) ||
    placedMs(a) - placedMs(b) ||
    (a.orderId < b.orderId ? -1 : 1)
  );
}

/** When the buyer placed it: the draft's time where there was one, since an order comes later. */
function placedMs({ facts: { draft, order } }: OrderRecord): number {
  return Math.min(...[draft, order].flatMap((seen) => (seen ? [Date.parse(seen.placedAt)] : [])));
}
