import {
  ChannelStockObserved,
  PosFulfilmentObserved,
  type OrderObserved,
  type StockCause,
  type StockCounted,
} from '@tillbridge/contracts';
import type { StockFact } from '@tillbridge/domain';
import fc from 'fast-check';
import {
  aCount,
  aDraft,
  aLine,
  anOrder,
  aShipment,
  at,
  ONLINE,
  SHOP,
  TILL,
} from './inventory-under-test.js';

/** `DEPOT` puts promised goods aside. */
export const DEPOT = 'depot';
/** Where the goods of a history lie: its own two of the three locations. */
const PLACES = [
  ['north', 'south'],
  ['south', DEPOT],
  ['north', DEPOT],
] as const;
const BASES = ['A', 'B', 'a'] as const;
const MADE = ['CASE', 'KIT'] as const;
const ORDERS = [1, 2, 3] as const;

/** What each shelf holds before anything happens. */
const OPENING_UNITS = 30;

/** What the service is sent, and the same as the rules are told it. */
export interface ToldFact {
  readonly message: object;
  readonly fact: StockFact;
}

interface LedgerEntry {
  readonly place: number;
  readonly base: (typeof BASES)[number];
  readonly kind: 'order' | 'reversal' | 'retail-dispatch' | 'sale' | 'return' | 'physical-count';
  readonly order: number;
  /** Which of its POS orders: the first is the one that dispatches and shipments tell of. */
  readonly posting: 'first' | 'second' | 'unnamed';
  readonly units: number;
  /** Whether the connector read the shelf after it. */
  readonly read: boolean;
}

interface Sighted {
  readonly order: number;
  readonly stage: 'draft' | 'order';
  readonly revision: number;
  readonly trade: boolean;
  readonly status: 'open' | 'cancelled';
  readonly quantities: readonly (readonly [sku: string, quantity: number])[];
  readonly fulfilled: boolean;
}

interface Dispatched {
  readonly order: number;
  readonly place: number;
  readonly units: number;
  readonly second: number;
  readonly revision: number;
}

interface Shipped {
  readonly order: number;
  readonly place: number;
  readonly shipment: number;
  /** Zero when it was called off. */
  readonly units: number;
  readonly second: number;
  readonly revision: number;
}

interface Shown {
  readonly sku: string;
  readonly units: number;
  readonly revision: number;
}

/** What happened, and in which order and batches the service hears of it. */
export interface StockHistory {
  readonly entries: readonly LedgerEntry[];
  readonly sighted: readonly Sighted[];
  readonly dispatched: readonly Dispatched[];
  readonly shipped: readonly Shipped[];
  readonly shown: readonly Shown[];
  /** Sorts the facts: late ones, and some of them twice. */
  readonly luck: readonly number[];
  readonly sizes: readonly number[];
}

/** Masters' ledgers, read now and then, orders seen in several revisions, goods that left. */
export function stockHistories(): fc.Arbitrary<StockHistory> {
  return fc.record({
    entries: fc.array(ledgerEntry(), { maxLength: 16 }),
    // One revision has one content: the connector counts them.
    sighted: fc.uniqueArray(sighting(), {
      maxLength: 9,
      selector: ({ order, stage, revision }) => `${order} ${stage} ${revision}`,
    }),
    dispatched: fc.uniqueArray(dispatch(), {
      maxLength: 4,
      selector: ({ order, place, revision }) => `${order} ${place} ${revision}`,
    }),
    shipped: fc.uniqueArray(shipment(), {
      maxLength: 4,
      selector: (each) => `${each.order} ${each.place} ${each.shipment} ${each.revision}`,
    }),
    shown: fc.uniqueArray(
      fc.record({
        sku: fc.constantFrom<string>(...BASES, ...MADE),
        units: fc.integer({ min: -2, max: 40 }),
        revision: fc.integer({ min: 2, max: 4 }),
      }),
      { maxLength: 4, selector: ({ sku, revision }) => `${sku} ${revision}` },
    ),
    luck: fc.array(fc.nat(1_000_000), { minLength: 64, maxLength: 64 }),
    sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 10, maxLength: 10 }),
  });
}

/** A SKU of one history: each has goods of its own. */
function skuOf(history: number, name: string): string {
  return `${name}-${history}`;
}

/** The packs and kits of so many histories: `CASE` is twelve A, `KIT` is two A and a B. */
export function productsOf(histories: number) {
  const all = Array.from({ length: histories }, (_, history) => (name: string) => {
    return skuOf(history, name);
  });
  return {
    packs: all.map((sku) => ({ sku: sku('CASE'), of: sku('A'), units: 12 })),
    kits: all.map((sku) => ({
      sku: sku('KIT'),
      components: [
        { sku: sku('A'), quantity: 2 },
        { sku: sku('B'), quantity: 1 },
      ],
    })),
  };
}

/** The facts of a history as they come in, cut into batches of one kind. */
export function toBatches(history: StockHistory, number: number): ToldFact[][] {
  const { entries, sighted, dispatched, shipped, shown, luck, sizes } = history;
  const sent = [
    ...countFacts(number, entries),
    ...sighted.map((each) => orderFact(number, each)),
    ...dispatched.map((each) => dispatchFact(number, each)),
    ...shipped.map((each) => shipmentFact(number, each)),
    ...[...BASES, ...MADE].map((sku) => shownFact(number, { sku, units: 0, revision: 1 })),
    ...shown.map((each) => shownFact(number, each)),
  ];
  const told = [...sent, ...sent.slice(0, 8)].map((fact, n) => ({ fact, turn: luck[n] ?? n }));
  told.sort((one, other) => one.turn - other.turn);
  const batches: ToldFact[][] = [];
  for (const { fact } of told) {
    const last = batches.at(-1);
    const size = sizes[batches.length % sizes.length] ?? 1;
    if (last?.[0]?.fact.kind === fact.fact.kind && last.length < size) last.push(fact);
    else batches.push([fact]);
  }
  return batches;
}

function ledgerEntry(): fc.Arbitrary<LedgerEntry> {
  return fc.record({
    place: fc.nat(1),
    base: fc.constantFrom(...BASES),
    kind: fc.constantFrom<LedgerEntry['kind']>(
      ...(['order', 'order', 'order', 'reversal', 'retail-dispatch', 'sale', 'sale'] as const),
      ...(['return', 'physical-count'] as const),
    ),
    order: fc.nat(ORDERS.length - 1),
    posting: fc.constantFrom(
      'first' as const,
      'first' as const,
      'second' as const,
      'unnamed' as const,
    ),
    units: fc.integer({ min: 1, max: 8 }),
    read: fc.boolean(),
  });
}

function sighting(): fc.Arbitrary<Sighted> {
  return fc.record({
    order: fc.nat(ORDERS.length - 1),
    stage: fc.constantFrom('draft' as const, 'order' as const),
    revision: fc.integer({ min: 1, max: 4 }),
    trade: fc.boolean(),
    status: fc.constantFrom('open' as const, 'open' as const, 'cancelled' as const),
    quantities: fc.uniqueArray(fc.tuple(fc.constantFrom<string>(...BASES, ...MADE), fc.nat(6)), {
      minLength: 1,
      maxLength: 3,
      selector: ([sku]) => sku,
    }),
    fulfilled: fc.boolean(),
  });
}

function dispatch(): fc.Arbitrary<Dispatched> {
  return fc.record({
    order: fc.nat(ORDERS.length - 1),
    place: fc.nat(1),
    units: fc.integer({ min: 1, max: 6 }),
    second: fc.integer({ min: 1, max: 17 }),
    revision: fc.integer({ min: 1, max: 2 }),
  });
}

function shipment(): fc.Arbitrary<Shipped> {
  return fc.record({
    order: fc.nat(ORDERS.length - 1),
    place: fc.nat(1),
    shipment: fc.nat(1),
    units: fc.integer({ min: 0, max: 5 }),
    second: fc.integer({ min: 1, max: 17 }),
    revision: fc.integer({ min: 1, max: 2 }),
  });
}

function countFacts(number: number, entries: readonly LedgerEntry[]): ToldFact[] {
  const shelves = [0, 1].flatMap((place) => BASES.map((base) => [place, base] as const));
  const facts = shelves.map(([place, base]) => {
    const locationId = placeOf(number, place);
    return countFact(aCount(skuOf(number, base), OPENING_UNITS, 0, { locationId }));
  });
  const ledger = new Map<string, StockCause[]>();
  entries.forEach((entry, n) => {
    const locationId = placeOf(number, entry.place);
    const sku = skuOf(number, entry.base);
    const causes = [...(ledger.get(`${locationId} ${sku}`) ?? []), toCause(number, entry, n)];
    ledger.set(`${locationId} ${sku}`, causes);
    if (!entry.read) return;
    // Now and then the count was read before the ledger: the last cause is not in its figure.
    const early = n % 3 === 0;
    const inFigure = early ? causes.slice(0, -1) : causes;
    const onHand = inFigure.reduce((sum, cause) => sum + cause.units, OPENING_UNITS);
    const count = aCount(sku, onHand, early ? n : n + 1, { locationId, causes });
    facts.push(countFact(Object.assign(count, { revision: n + 2 })));
  });
  return facts;
}

function toCause(number: number, entry: LedgerEntry, n: number): StockCause {
  const { kind, order, place, posting, units } = entry;
  const comesBack = kind === 'reversal' || kind === 'return';
  const signed = comesBack || (kind === 'physical-count' && n % 2 === 0) ? units : -units;
  // A till names no order of the goods that it takes back.
  const back = kind === 'return' && posting !== 'unnamed';
  const named = kind === 'order' || kind === 'reversal' || kind === 'retail-dispatch' || back;
  const about = {
    ...(named ? { orderId: orderId(number, order) } : {}),
    ...(named && kind !== 'retail-dispatch' && posting !== 'unnamed'
      ? { postingId: postingOf(number, order, place + (posting === 'second' ? 2 : 0)) }
      : {}),
  };
  return { causeId: `c${number}-${n}`, kind, units: signed, at: at(n + 1), ...about };
}

function countFact(data: StockCounted): ToldFact {
  const id = `count ${data.locationId} ${data.sku} ${data.revision}`;
  return { message: data, fact: { id, kind: 'stock-counted', data } };
}

function orderFact(number: number, sighted: Sighted): ToldFact {
  const { order, stage, revision, trade, status, fulfilled } = sighted;
  const lines = sighted.quantities.map(([sku, orderedQuantity]) =>
    aLine({
      sku: skuOf(number, sku),
      lineId: `${stage}-${sku}`,
      orderedQuantity,
      fulfilledQuantity: fulfilled && !trade ? Math.ceil(orderedQuantity / 2) : 0,
    }),
  );
  const content = { orderId: orderId(number, order), revision, status, lines, placedAt: at(order) };
  const data: OrderObserved = stage === 'draft' ? aDraft(content) : anOrder({ ...content, trade });
  const id = `${stage} ${data.orderId} ${revision}`;
  return { message: data, fact: { id, kind: 'order-observed', data } };
}

function dispatchFact(number: number, dispatched: Dispatched): ToldFact {
  const { order, place, units, second, revision } = dispatched;
  // Now and then other goods than before.
  const base = BASES[(order + place + (units > 4 ? revision : 0)) % BASES.length] ?? 'A';
  const locationId = placeOf(number, place);
  const postingId = postingOf(number, order, place);
  const gone = [{ sku: skuOf(number, base), units }];
  const posting = { postingId, orderId: orderId(number, order), revision };
  const message = Object.assign(new PosFulfilmentObserved(), {
    ...posting,
    connectionId: TILL,
    posOrderId: postingId,
    state: 'completed' as const,
    dispatch: { locationId, at: at(second), units: gone },
  });
  const data = { ...posting, locationId, at: at(second), units: gone };
  return { message, fact: { id: `left ${postingId} ${revision}`, kind: 'dispatched', data } };
}

/** Of the same goods of the same posting as what the POS tells of it. */
function shipmentFact(number: number, shipped: Shipped): ToldFact {
  const { order, place, shipment: nth, units, second, revision } = shipped;
  const base = BASES[(order + place) % BASES.length] ?? 'A';
  const locationId = placeOf(number, place);
  const postingId = postingOf(number, order, place);
  const shipmentId = uuid(number, 200 + order * 10 + place * 2 + nth);
  const gone = units === 0 ? [] : [{ sku: skuOf(number, base), units }];
  const posting = { postingId, orderId: orderId(number, order), revision, locationId, units: gone };
  const message = aShipment({ ...posting, dispatchId: shipmentId }, second);
  const data = { ...posting, shipmentId, at: at(second).replace('Z', '000Z') };
  return { message, fact: { id: `sent ${shipmentId} ${revision}`, kind: 'shipped', data } };
}

function shownFact(number: number, { sku, units, revision }: Shown): ToldFact {
  const place = { connectionId: SHOP, channelLocationId: ONLINE };
  const data = { ...place, sku: skuOf(number, sku), availableUnits: units, revision };
  const message = Object.assign(new ChannelStockObserved(), { ...data, observedAt: at(revision) });
  return { message, fact: { id: `shown ${data.sku} ${revision}`, kind: 'channel-observed', data } };
}

function placeOf(number: number, place: number): string {
  return PLACES[number % PLACES.length]?.[place] ?? DEPOT;
}

function postingOf(number: number, order: number, place: number): string {
  return uuid(number, 100 + order * 10 + place);
}

function orderId(number: number, order: number): string {
  return uuid(number, order);
}

function uuid(number: number, n: number): string {
  return `${String(number).padStart(8, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`;
}
