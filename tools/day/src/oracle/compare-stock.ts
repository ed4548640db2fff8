import { STORES } from '../plan/day-plan.js';
import { addTo, Explosion, type Evidence } from './evidence.js';

export interface StockMismatch {
  readonly sku: string;
  /** `pos`: the shelf figure is not what happened. `channel`: buyers are told another figure. */
  readonly where: 'pos' | 'channel';
  readonly expected: number;
  readonly actual: number;
}

/** Compares the figures at the end of the day with what must be true (R4, R5, R6). */
export function compareStock(evidence: Evidence): StockMismatch[] {
  return [...posMismatches(evidence), ...channelMismatches(evidence)];
}

/** On hand = opening + what happened in the stores − what trade and retail orders took. */
function posMismatches(evidence: Evidence): StockMismatch[] {
  const explosion = new Explosion(evidence.assemblies);
  const expected = new Map<string, number>();
  for (const { sku, opening } of evidence.products) {
    for (const store of STORES) addTo(expected, sku, opening[store]);
  }
  for (const effect of evidence.effects) {
    if (effect.kind !== 'store') continue;
    for (const [sku, units] of effect.units) addTo(expected, sku, units);
  }
  for (const order of evidence.trade) {
    const taken = explosion.unitsOf(
      order.lines.map(({ sku, currentQuantity }) => ({ sku, quantity: currentQuantity })),
    );
    for (const [sku, units] of taken) addTo(expected, sku, -units);
  }
  for (const [sku, units] of evidence.retailSent) addTo(expected, sku, -units);
  return evidence.products.flatMap(({ sku }) => {
    const actual = STORES.reduce((sum, store) => sum + evidence.countOf(store, sku), 0);
    const due = expected.get(sku) ?? 0;
    return actual === due ? [] : [{ sku, where: 'pos' as const, expected: due, actual }];
  });
}

/** Everything offered online shows what the shelves can serve, per store, in what it is sold in. */
function channelMismatches(evidence: Evidence): StockMismatch[] {
  const sellable = (sku: string, store: (typeof STORES)[number]): number => {
    const waiting = store === STORES[0] ? (evidence.retailWaiting.get(sku) ?? 0) : 0;
    return Math.max(0, evidence.countOf(store, sku) - waiting);
  };
  const offered = [
    ...evidence.products.map(({ sku }) => ({ sku, components: [{ sku, units: 1 }] })),
    ...evidence.assemblies,
  ];
  return offered.flatMap(({ sku, components }) => {
    const expected = STORES.reduce(
      (sum, store) =>
        sum + Math.min(...components.map((c) => Math.floor(sellable(c.sku, store) / c.units))),
      0,
    );
    const actual = evidence.availableOf(sku);
    return actual === expected ? [] : [{ sku, where: 'channel' as const, expected, actual }];
  });
}
