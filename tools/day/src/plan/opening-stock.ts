import type { PlannedEvent, PlannedProduct, PlannedTradeOrder, StoreId } from './day-plan.js';
import type { Offer } from './offer.js';
import { Seeded } from './seeded.js';

const SHORT_SHARE = 0.08;
const SHORT_OF_DEMAND = 0.4;

interface Demand {
  online: number;
  readonly till: Record<StoreId, number>;
}

/**
 * Opening stock that is ample for most SKUs and short for some.
 *
 * Ample is more than twice the online demand: while a draft becomes an order its units are off sale
 * twice for a moment, which must not turn a buyer away from goods that are there. A SKU is only
 * made short when every trade order that has it also has a line that is not, so that the number
 * of orders placed does not depend on timing.
 */
export function openingStock(
  offer: Offer,
  events: readonly PlannedEvent[],
  seed: number,
): PlannedProduct[] {
  const demand = demandOf(offer, events);
  const short = shortSkus(offer, events, seed);
  return offer.baseSkus().map((sku) => {
    const wanted = demand.get(sku) ?? { online: 0, till: { 'high-street': 0, dockside: 0 } };
    return {
      sku,
      title: offer.titleOf(sku),
      priceMinor: offer.retailPriceMinor(sku),
      opening: short.has(sku) ? scarce(wanted) : ample(wanted),
      short: short.has(sku),
    };
  });
}

function ample({ online, till }: Demand): Record<StoreId, number> {
  return {
    'high-street': Math.ceil(online * 1.5) + till['high-street'] + 24,
    dockside: Math.ceil(online * 0.75) + till.dockside + 12,
  };
}

function scarce({ online, till }: Demand): Record<StoreId, number> {
  const total = Math.floor((online + till['high-street'] + till.dockside) * SHORT_OF_DEMAND);
  const highStreet = Math.ceil(total * 0.6);
  return { 'high-street': highStreet, dockside: total - highStreet };
}

function demandOf(offer: Offer, events: readonly PlannedEvent[]): Map<string, Demand> {
  const demand = new Map<string, Demand>();
  const of = (sku: string): Demand => {
    const known = demand.get(sku) ?? { online: 0, till: { 'high-street': 0, dockside: 0 } };
    demand.set(sku, known);
    return known;
  };
  for (const event of events) {
    if (event.kind === 'trade-order' || event.kind === 'retail-order') {
      for (const line of event.lines) {
        if (line.sku === null) continue;
        for (const part of offer.componentsOf(line.sku)) {
          of(part.sku).online += part.units * line.quantity;
        }
      }
    } else if (event.kind === 'till-sale') {
      for (const line of event.lines) {
        if (line.sku !== null) of(line.sku).till[event.store] += line.units;
      }
    } else if (event.kind === 'waste') {
      of(event.sku).till[event.store] += event.units;
    }
  }
  return demand;
}

function shortSkus(offer: Offer, events: readonly PlannedEvent[], seed: number): Set<string> {
  const chance = new Seeded(seed, 'short');
  const orders = events.filter((e): e is PlannedTradeOrder => e.kind === 'trade-order');
  const linesBySku = new Map<string, Set<PlannedTradeOrder['lines'][number]>>();
  const orderOfLine = new Map<PlannedTradeOrder['lines'][number], PlannedTradeOrder>();
  const safeLines = new Map<PlannedTradeOrder, Set<PlannedTradeOrder['lines'][number]>>();
  for (const order of orders) {
    const stockLines = order.lines.filter((line) => line.sku !== null);
    safeLines.set(order, new Set(stockLines));
    for (const line of stockLines) {
      orderOfLine.set(line, order);
      for (const part of offer.componentsOf(line.sku ?? '')) {
        const known = linesBySku.get(part.sku) ?? new Set();
        linesBySku.set(part.sku, known.add(line));
      }
    }
  }
  const short = new Set<string>();
  for (const [sku, lines] of linesBySku) {
    if (!chance.chance(SHORT_SHARE)) continue;
    const touched = new Map<PlannedTradeOrder, number>();
    for (const line of lines) {
      const order = orderOfLine.get(line);
      if (order === undefined || !safeLines.get(order)?.has(line)) continue;
      touched.set(order, (touched.get(order) ?? 0) + 1);
    }
    const harmless = [...touched].every(([o, n]) => (safeLines.get(o)?.size ?? 0) - n >= 1);
    if (!harmless) continue;
    short.add(sku);
    for (const line of lines)
      safeLines.get(orderOfLine.get(line) as PlannedTradeOrder)?.delete(line);
  }
  return short;
}
