import type { OrderObserved, StockCause, StockCounted } from '@tillbridge/contracts';
import fc from 'fast-check';
import { aCount, aDraft, aLine, anOrder, at } from './inventory-under-test.js';

export const BASE_SKUS = ['A', 'B', 'a'] as const;
export const CHANNEL_SKUS = [...BASE_SKUS, 'CASE', 'KIT'] as const;
export const ORDER_IDS = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`);

/** What each shelf holds before anything happens. */
const OPENING_UNITS = 30;

export type Fact =
  | { readonly id: string; readonly kind: 'count'; readonly data: StockCounted }
  | { readonly id: string; readonly kind: 'order'; readonly data: OrderObserved };

export interface StockHistory {
  readonly facts: readonly Fact[];
  /** The same facts late, out of order and some of them twice, cut into batches of one class. */
  readonly batches: readonly (readonly Fact[])[];
}

interface LedgerEntry {
  readonly locationId: string;
  readonly sku: string;
  readonly kind: 'order' | 'reversal' | 'sale';
  readonly orderId: string;
  readonly units: number;
  /** Whether the connector read the shelf after it. */
  readonly read: boolean;
}

interface Sighted {
  readonly orderId: string;
  readonly stage: 'draft' | 'order';
  readonly revision: number;
  readonly trade: boolean;
  readonly status: 'open' | 'cancelled';
  readonly quantities: readonly (readonly [string, number])[];
}

/** Masters' ledgers, read now and then, and orders seen in several revisions. */
export function stockHistories(locationIds: readonly string[]): fc.Arbitrary<StockHistory> {
  const facts = fc
    .tuple(ledgers(locationIds), sightings())
    .map(([entries, sighted]) => [...countFacts(locationIds, entries), ...sighted.map(orderFact)]);
  return facts.chain((sent) =>
    fc
      .tuple(
        fc.shuffledSubarray([...sent, ...sent.slice(0, 6)], { minLength: sent.length + 3 }),
        fc.shuffledSubarray(sent, { minLength: sent.length }),
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 10, maxLength: 10 }),
      )
      .map(([some, all, sizes]) => ({ facts: sent, batches: cut([...some, ...all], sizes) })),
  );
}

function ledgers(locationIds: readonly string[]): fc.Arbitrary<LedgerEntry[]> {
  return fc.array(
    fc.record({
      locationId: fc.constantFrom(...locationIds),
      sku: fc.constantFrom<string>(...BASE_SKUS),
      kind: fc.constantFrom(
        'order' as const,
        'order' as const,
        'reversal' as const,
        'sale' as const,
      ),
      orderId: fc.constantFrom(...ORDER_IDS),
      units: fc.integer({ min: 1, max: 8 }),
      read: fc.boolean(),
    }),
    { maxLength: 20 },
  );
}

function sightings(): fc.Arbitrary<Sighted[]> {
  return fc.uniqueArray(
    fc.record({
      orderId: fc.constantFrom(...ORDER_IDS),
      stage: fc.constantFrom('draft' as const, 'order' as const),
      revision: fc.integer({ min: 1, max: 4 }),
      trade: fc.boolean(),
      status: fc.constantFrom('open' as const, 'open' as const, 'cancelled' as const),
      quantities: fc.uniqueArray(fc.tuple(fc.constantFrom<string>(...CHANNEL_SKUS), fc.nat(6)), {
        minLength: 1,
        maxLength: 3,
        selector: ([sku]) => sku,
      }),
    }),
    // One revision has one content: the connector counts them.
    {
      maxLength: 10,
      selector: ({ orderId, stage, revision }) => `${orderId} ${stage} ${revision}`,
    },
  );
}

function countFacts(locationIds: readonly string[], entries: readonly LedgerEntry[]): Fact[] {
  const facts = locationIds.flatMap((locationId) =>
    BASE_SKUS.map((sku) => countFact(aCount(sku, OPENING_UNITS, 0, { locationId }))),
  );
  const ledger = new Map<string, StockCause[]>();
  entries.forEach(({ locationId, sku, kind, orderId, units, read }, n) => {
    const shelf = `${locationId} ${sku}`;
    const causes = [...(ledger.get(shelf) ?? []), toCause(kind, orderId, units, n)];
    ledger.set(shelf, causes);
    if (!read) return;
    // Now and then the count was read before the ledger: the last cause is not in its figure.
    const early = n % 3 === 0;
    const inFigure = early ? causes.slice(0, -1) : causes;
    const onHand = inFigure.reduce((sum, cause) => sum + cause.units, OPENING_UNITS);
    const count = aCount(sku, onHand, early ? n : n + 1, { locationId, causes });
    facts.push(countFact(Object.assign(count, { revision: n + 2 })));
  });
  return facts;
}

function toCause(kind: LedgerEntry['kind'], orderId: string, units: number, n: number): StockCause {
  const signed = kind === 'reversal' ? units : -units;
  const about = kind === 'sale' ? {} : { orderId };
  return { causeId: `c${n}`, kind, units: signed, at: at(n + 1), ...about };
}

function countFact(data: StockCounted): Fact {
  return { id: `count ${data.locationId} ${data.sku} ${data.revision}`, kind: 'count', data };
}

function orderFact({ orderId, stage, revision, trade, status, quantities }: Sighted): Fact {
  const lines = quantities.map(([sku, orderedQuantity]) =>
    aLine({ sku, lineId: `${stage}-${sku}`, orderedQuantity }),
  );
  const placedAt = at(ORDER_IDS.indexOf(orderId));
  const content = { orderId, revision, status, lines, placedAt };
  const data = stage === 'draft' ? aDraft(content) : anOrder({ ...content, trade });
  return { id: `${stage} ${orderId} ${revision}`, kind: 'order', data };
}

function cut(facts: readonly Fact[], sizes: readonly number[]): Fact[][] {
  const batches: Fact[][] = [];
  for (const fact of facts) {
    const last = batches.at(-1);
    const size = sizes[batches.length % sizes.length] ?? 1;
    if (last?.[0]?.kind === fact.kind && last.length < size) last.push(fact);
    else batches.push([fact]);
  }
  return batches;
}
