import {
  aDraft,
  aLine,
  allocated,
  anOrder,
  aPart,
  dispatched,
  observed,
  posted,
  postingIdAt,
  reported,
  tenderDecided,
} from './an-order.js';
import type { ObservedOrderState, OrderFact } from './order-facts.js';
import type { OrderLife } from './order-record.js';
import type { DispatchActKind } from './shipment-facts.js';
import type { ShortChoice } from './short-choice.js';

type ToFact = (revision: number) => OrderFact;

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

const voided = (outcome: 'done' | 'refused'): OrderFact => ({
  kind: 'reversed',
  reversalId: `${postingId}/void`,
  outcome,
});
const shortDecided =
  (choice: ShortChoice): ToFact =>
  (revision) => ({
    kind: 'short-decided',
    decision: { choice, by: 'ops', reason: 'the buyer waits', at: `2026-03-0${revision}` },
  });

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
export const FACTS: readonly ToFact[] = [
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
  () => voided('done'),
  () => voided('refused'),
  () => posted('high-street/revision-2'),
  (revision) => dispatched('high-street/revision-2', revision),
  () => reported('high-street/revision-2'),
  shortDecided('hold'),
  shortDecided('post-backorder'),
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
const byVanInPart = [...inPos, shipped('van', 1)(1), dispatched()];
const again = [
  ...inPos,
  observed(anOrder({ ...grown, revision: 2 })),
  allocated([aPart({ quantity: 5 })], { revision: 2 }),
  voided('done'),
  posted('high-street/revision-2'),
  dispatched('high-street/revision-2'),
];
const added = [
  ...inPos,
  dispatched(),
  reported(),
  observed(anOrder({ ...grown, revision: 2 })),
  allocated([aPart({ quantity: 5 })], { revision: 2 }),
  posted('high-street/revision-2'),
];
const STORIES: readonly (readonly OrderFact[])[] = [
  ...[twoStores, byVan, byVanInPart, again, added],
  // Both stores, of which one sends by recorded shipments; and staff who complete what a van took.
  [...inBoth, shipped('van', 1)(1), dispatched(MILL_LANE)],
  [...byVan.slice(0, -1), dispatched()],
  // Staff undo what they completed, and the warehouse sends it.
  [...inPos, dispatched(), fulfilment('prepared')(5), ...byVan.slice(4)],
  [observed(anOrder()), short, tenderDecided(), observing, shipped('van', 3)(1)],
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
    shipped('van', 1)(1),
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

/**
 * A life that its number alone decides: a way into a state or parts of a story, shuffled, with any
 * facts between and after.
 */
export function walkOf(number: number): OrderFact[] {
  const draw = drawing(number);
  const any = (): OrderFact => one(FACTS, draw)(1 + draw(9));
  const path = one([[], ...Object.values(PATHS)], draw);
  const story = one(STORIES, draw);
  const told = draw(2) === 0 ? path : shuffled(story, draw).slice(draw(3));
  const between = told.flatMap((fact) => (draw(6) === 0 ? [any(), fact] : [fact]));
  return [...between, ...Array.from({ length: 2 + draw(7) }, any)];
}

/** Numbers below a bound, the same for the same seed (a linear congruence, as in C's rand). */
function drawing(seed: number): (below: number) => number {
  let state = (seed * 2654435761) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function one<T>(all: readonly T[], draw: (below: number) => number): T {
  return all[draw(all.length)] as T;
}

/** In order mostly, since lives are: a few neighbours change places. */
function shuffled<T>(all: readonly T[], draw: (below: number) => number): T[] {
  const some = [...all];
  for (let swaps = draw(4); swaps > 0 && some.length > 1; swaps -= 1) {
    const from = draw(some.length);
    const [moved] = some.splice(from, 1);
    some.splice(draw(some.length + 1), 0, moved as T);
  }
  return some;
}
