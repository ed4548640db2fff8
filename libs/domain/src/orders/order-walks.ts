import {
  aPolicy,
  aDraft,
  aLine,
  allocated,
  anOrder,
  aPart,
  dispatched,
  observed,
  ORDER_ID,
  posted,
  postingIdAt,
  reported,
  tenderDecided,
} from './an-order.js';
import { decideOrder, type OrderDecision } from './decide-order.js';
import type { ObservedOrderState, OrderFact } from './order-facts.js';
import { emptyOrder, type OrderLife, type OrderRecord } from './order-record.js';
import type { DispatchActKind } from './shipment-facts.js';

/** Facts from which the specs of the state table put lives together. */

const MILL_LANE = 'mill-lane';
const inPos = [observed(anOrder()), allocated(), tenderDecided(), posted()];
const parts = [aPart({ quantity: 1 }), aPart({ quantity: 2, locationId: MILL_LANE })];
const inBoth = [
  observed(anOrder()),
  allocated(parts),
  tenderDecided(),
  posted(),
  posted(MILL_LANE),
];
const grown = { lines: [aLine({ orderedQuantity: 5, totalMinor: 5000 })] };
const draft = [observed(aDraft()), allocated(), tenderDecided()];

/** A way into each state. */
export const PATHS: Record<OrderLife, OrderFact[]> = {
  received: [observed(anOrder())],
  accepted: [...draft, observed(aDraft({ revision: 2, ...grown }))],
  promised: draft,
  short: [observed(aDraft()), allocated([aPart()], { shortUnits: 1 }), tenderDecided()],
  posting: inPos.slice(0, 3),
  posted: inPos,
  'part-dispatched': [...inBoth, dispatched()],
  dispatched: [...inPos, dispatched()],
  closed: [...inPos, dispatched(), reported()],
  held: [observed(anOrder({ totalMinor: 1 })), allocated(), tenderDecided()],
  cancelled: [observed(anOrder({ status: 'cancelled' }))],
};

const order = (state: Partial<ObservedOrderState>) => (revision: number) =>
  observed(anOrder({ revision, ...state }));
const asDraft = (state: Partial<ObservedOrderState>) => (revision: number) =>
  observed(aDraft({ revision, ...state }));
const placedEarlier = '2025-12-31T09:00:00.000Z';
const postingId = postingIdAt('high-street');
const dispatchId = `${postingId}/dispatch`;
const fulfilment = (state: 'failed' | 'prepared') => (revision: number) =>
  ({ kind: 'pos-fulfilment', postingId, fulfilment: { state, revision } }) as const;
const tender = (outcome: 'unmapped' | 'decided') => (revision: number) =>
  outcome === 'decided'
    ? tenderDecided(revision)
    : ({ kind: 'tender-decided', tender: { revision, outcome } } as const);

const observing: OrderFact = {
  kind: 'refused',
  postingId,
  code: 'observe',
  reason: 'observes',
};

const shipped = (dispatchId: string, units: number) => (revision: number) =>
  ({
    kind: 'shipment-recorded',
    shipment: {
      dispatchId,
      revision,
      locationId: 'high-street',
      shares: [{ postingId, units: [{ sku: 'MUG', units }] }],
      dispatchedAt: '2026-03-03T09:00:00.000Z',
      by: 'warehouse',
    },
  }) as const;
const calledOff = { dispatchId: 'van', by: 'warehouse', reason: 'never left' };
const shippedReport = `${postingId}/dispatch/van`;
const answer = (act: DispatchActKind, actId: string): OrderFact => ({
  kind: 'dispatch-act',
  act,
  actId,
  result: { outcome: 'done' },
});

/** Every kind of fact, in the shapes that matter; each takes the revision that it shall have. */
export const FACTS: readonly ((revision: number) => OrderFact)[] = [
  order({}),
  order(grown),
  order({ lines: [aLine({ cancelledQuantity: 1, totalMinor: 2000 })] }),
  order({ lines: [aLine({ sku: null })] }),
  order({ lines: [] }),
  order({ status: 'cancelled' }),
  order({ status: 'closed' }),
  order({ totalMinor: 1 }),
  order({ trade: false }),
  order({ paymentMethod: 'invoice' }),
  order({ placedAt: placedEarlier }),
  asDraft({}),
  asDraft(grown),
  asDraft({ totalMinor: 1 }),
  asDraft({ status: 'deleted' }),
  asDraft({ status: 'completed' }),
  asDraft({ placedAt: placedEarlier }),
  // Seen late: at what they tell of, the order had been cancelled, the draft deleted.
  () => order({ status: 'cancelled' })(0),
  () => asDraft({ status: 'deleted' })(0),
  () => ({ kind: 'purchase', purchase: { revision: 1, poNumber: 'PO-9' } }),
  (revision) => allocated([aPart()], { revision }),
  (revision) => allocated([aPart({ quantity: 5 })], { revision }),
  (revision) => allocated([aPart()], { revision, shortUnits: 1 }),
  (revision) => allocated(parts, { revision }),
  (revision) => allocated([], { revision }),
  (revision) =>
    allocated([], { revision, unallocated: [{ lineId: 'line-1', reason: 'unknown-sku' }] }),
  tender('decided'),
  tender('unmapped'),
  () => ({ kind: 'cart-standing', blockedBy: 'another' }),
  () => ({ kind: 'cart-standing', blockedBy: null }),
  () => posted(),
  () => posted(MILL_LANE),
  () => ({ kind: 'posted', postingId: 'of nobody', posOrderId: 'x' }),
  () => ({ kind: 'refused', postingId, code: 'vendor-refused', reason: 'closed' }),
  () => observing,
  () => ({ kind: 'refused', postingId: 'of nobody', code: 'vendor-refused', reason: 'no' }),
  (revision) => dispatched('high-street', revision),
  (revision) => dispatched(MILL_LANE, revision),
  fulfilment('failed'),
  fulfilment('prepared'),
  () => reported(),
  () => reported(MILL_LANE),
  () => ({ kind: 'fulfilment-refused', dispatchId, reason: 'gone' }),
  () => ({ kind: 'draft-refused', reason: 'an item is gone' }),
  () => ({ kind: 'reversed', reversalId: 'of nobody', outcome: 'refused' }),
  () => ({
    kind: 'reversed',
    reversalId: `${postingId}/reversal/line-1=3/cancelled`,
    outcome: 'done',
  }),
  () => ({ kind: 'clock', nowMs: Date.parse('2027-01-01T00:00:00Z') }),
  shipped('van', 3),
  shipped('van', 1),
  () => ({ kind: 'shipment-cancelled', cancelled: calledOff }),
  () => ({ kind: 'fulfilment-created', dispatchId: shippedReport, fulfilmentId: 'f-van' }),
  () => answer('pos-completed', `${postingId}/pos-completion`),
];

const short = allocated([aPart()], { shortUnits: 1 });
const twoStores = [...inBoth, dispatched(), dispatched(MILL_LANE), reported(), reported(MILL_LANE)];
const results = [posted(), dispatched(), reported()];
const byVan = [
  ...inPos,
  shipped('van', 3)(1),
  { kind: 'fulfilment-created', dispatchId: shippedReport, fulfilmentId: 'f-van' },
  answer('pos-completed', `${postingId}/pos-completion`),
] satisfies OrderFact[];
const vanInPart = shipped('van', 1)(1);
const byVanInPart = [...inPos, vanInPart, dispatched()];
/** Both stores, of which one sends by recorded shipments. */
const byVanAndStaff = [...inBoth, vanInPart, dispatched(MILL_LANE)];
const byVanThenStaff = [...byVan.slice(0, -1), dispatched()];
/** Staff undo what they completed, and the warehouse sends it. */
const byStaff = [...inPos, dispatched()];
const THEN_VAN = [[fulfilment('prepared'), shipped('van', 3), ...byVan.slice(5).map(toFactOf)]];
const VAN: ReadonlySet<readonly OrderFact[]> = new Set([
  byVan,
  byVanInPart,
  byVanAndStaff,
  byVanThenStaff,
  byStaff,
  [observed(anOrder()), short, tenderDecided(), observing, shipped('van', 3)(1)],
]);
const STORIES: readonly (readonly OrderFact[])[] = [
  twoStores,
  ...VAN,
  [observed(aDraft()), observed(anOrder()), allocated(), tenderDecided(), ...results],
  [observed(anOrder()), short, tenderDecided(), ...results],
  [observed(aDraft()), short, tenderDecided(), posted(), dispatched()],
  [observed(aDraft()), short, allocated([aPart()], { revision: 2 }), tenderDecided(), observing],
  [observed(aDraft()), observed(anOrder()), allocated(), tenderDecided(), ...byVan.slice(3, 5)],
  [
    observed(aDraft()),
    observed(anOrder()),
    short,
    tenderDecided(),
    ...byVan.slice(3, 4),
    vanInPart,
  ],
  [
    observed(anOrder()),
    allocated(parts, { shortUnits: 1 }),
    tenderDecided(),
    observing,
    posted(MILL_LANE),
  ],
  [observed(anOrder()), { kind: 'reversed', reversalId: 'of nobody', outcome: 'refused' }],
];

type ToFact = (revision: number) => OrderFact;
const blocked: ToFact = () => ({ kind: 'cart-standing', blockedBy: 'another' });

/** What spoils a story; the rest of it is told before. */
const SPOILERS: readonly (readonly ToFact[])[] = [
  [],
  ...[order({ status: 'cancelled' }), order({ totalMinor: 1 }), order(grown)].map((each) => [each]),
  ...[order({ placedAt: placedEarlier }), asDraft({ placedAt: placedEarlier })].map((e) => [e]),
  ...[asDraft({ totalMinor: 1 }), asDraft({ status: 'deleted' }), asDraft(grown)].map((e) => [e]),
  [tender('unmapped')],
  [blocked],
  [() => ({ kind: 'refused', postingId, code: 'vendor-refused', reason: 'closed' })],
  [() => observing],
  [
    (revision) =>
      allocated([], { revision, unallocated: [{ lineId: 'line-1', reason: 'unknown-sku' }] }),
  ],
  [asDraft(grown), tender('unmapped')],
  [asDraft(grown), blocked],
  [order(grown), blocked],
  [order({ trade: false, status: 'cancelled' })],
];

/** What the POS itself spoils. */
const POS_SPOILERS: typeof SPOILERS = [
  [],
  [() => ({ kind: 'refused', postingId, code: 'vendor-refused', reason: 'closed' })],
  [() => observing],
];

const LONG_SPOILERS = new Map<readonly OrderFact[], typeof SPOILERS>([
  [byVan, POS_SPOILERS],
  [byStaff, THEN_VAN],
]);

/** A fact, what it was told to, and what followed. */
export type Step = (held: OrderRecord, fact: OrderFact, decision: OrderDecision) => void;

/**
 * Tells each fact to the records that any part of a story leads to, also when something spoils it
 * before or after: every way in which a fact can move an order, each in one step.
 */
export function exploreStates(step: Step): void {
  const seen = new Set<string>();
  const probe = (held: OrderRecord) => {
    const text = JSON.stringify([held.facts, held.acts, held.view]);
    if (!seen.has(text)) probeOnce(held, step);
    seen.add(text);
  };
  for (const story of STORIES) {
    for (let chosen = 0; chosen < 1 << story.length; chosen += 1) {
      const facts = story.filter((_, index) => (chosen & (1 << index)) !== 0);
      // Stories of shipments and of two stores have many parts: only what was promised is spoilt.
      const promised = (chosen & 7) === 7;
      if (VAN.has(story) && !promised) continue;
      const long = VAN.has(story) || (story === twoStores && !promised);
      const spoilers = LONG_SPOILERS.get(story) ?? (long ? [[]] : SPOILERS);
      for (const spoiler of spoilers) {
        const spoilt = spoiler.map((toFact) => toFact(5));
        probe(decideAll([facts, spoilt]));
        if (spoilt.length > 0) probe(decideAll([spoilt, facts]));
      }
    }
  }
}

function toFactOf(fact: OrderFact): () => OrderFact {
  return () => fact;
}

function decideAll(batches: readonly (readonly OrderFact[])[]): OrderRecord {
  return batches.reduce(
    (record, facts) => decideOrder(record, facts, aPolicy()).record,
    emptyOrder(ORDER_ID),
  );
}

function probeOnce(held: OrderRecord, step: Step): void {
  for (const toFact of FACTS) {
    const fact = toFact(9);
    step(held, fact, decideOrder(held, [fact], aPolicy()));
  }
}
