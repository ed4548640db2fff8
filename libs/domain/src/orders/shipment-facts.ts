import type { SkuUnits } from './order-facts.js';

/** The part of a shipment that serves one posting, in base units. */
export interface ShipmentShare {
  readonly postingId: string;
  readonly units: readonly SkuUnits[];
}

/** Goods that left a building, as the warehouse recorded them. The highest revision is meant. */
export interface RecordedShipment {
  /** The warehouse's own id of it. */
  readonly dispatchId: string;
  readonly revision: number;
  readonly locationId: string;
  readonly shares: readonly ShipmentShare[];
  readonly dispatchedAt: string;
  readonly carrier?: string;
  readonly trackingNumber?: string;
  /** Who said so: a login or the name of a system. */
  readonly by: string;
}

/** A shipment that never left, or came back before it arrived. Nothing makes it stand again. */
export interface CancelledShipment {
  readonly dispatchId: string;
  readonly by: string;
  readonly reason: string;
}

/** What became of something that was asked of the POS or the platform about a dispatch. */
export interface DispatchActResult {
  readonly outcome: 'done' | 'refused' | 'not-sent';
  readonly reason?: string;
}

/** Which of the acts about a dispatch a result is of. */
export type DispatchActKind = 'report-cancelled' | 'tracking-told' | 'pos-completed';

export type ShipmentFact =
  | { readonly kind: 'shipment-recorded'; readonly shipment: RecordedShipment }
  | { readonly kind: 'shipment-cancelled'; readonly cancelled: CancelledShipment }
  | {
      readonly kind: 'dispatch-act';
      readonly act: DispatchActKind;
      readonly actId: string;
      readonly result: DispatchActResult;
    };

type ById<T> = Readonly<Record<string, T>>;

/** What is known of an order's shipments. Only ever grows. */
export interface ShipmentFacts {
  readonly recorded: ById<RecordedShipment>;
  readonly cancelled: ById<CancelledShipment>;
  readonly acts: ById<DispatchActResult>;
}

export const NO_SHIPMENTS: ShipmentFacts = { recorded: {}, cancelled: {}, acts: {} };

/** Adds a fact about shipments. Commutes with every other and changes nothing the second time. */
export function mergeShipment(facts: ShipmentFacts, fact: ShipmentFact): ShipmentFacts {
  switch (fact.kind) {
    case 'shipment-recorded': {
      const { dispatchId, revision } = fact.shipment;
      const held = facts.recorded[dispatchId];
      if (held !== undefined && held.revision >= revision) return facts;
      return { ...facts, recorded: { ...facts.recorded, [dispatchId]: fact.shipment } };
    }
    case 'shipment-cancelled': {
      const { dispatchId, reason } = fact.cancelled;
      const held = facts.cancelled[dispatchId];
      // Two cancels of one shipment carry no order of their own, so the greater text is kept.
      if (held !== undefined && held.reason >= reason) return facts;
      return { ...facts, cancelled: { ...facts.cancelled, [dispatchId]: fact.cancelled } };
    }
    case 'dispatch-act': {
      const { actId, result } = fact;
      const held = facts.acts[actId];
      if (held !== undefined && !isSurer(result, held)) return facts;
      return { ...facts, acts: { ...facts.acts, [actId]: result } };
    }
  }
}

/** True for the facts that this file knows. */
export function isShipmentFact(fact: { readonly kind: string }): fact is ShipmentFact {
  return KINDS.has(fact.kind);
}

const KINDS: ReadonlySet<string> = new Set<ShipmentFact['kind']>([
  'shipment-recorded',
  'shipment-cancelled',
  'dispatch-act',
]);

const CERTAINTY: Record<DispatchActResult['outcome'], number> = {
  'not-sent': 0,
  refused: 1,
  done: 2,
};

function isSurer(seen: DispatchActResult, held: DispatchActResult): boolean {
  if (seen.outcome !== held.outcome) return CERTAINTY[seen.outcome] > CERTAINTY[held.outcome];
  return (seen.reason ?? '') > (held.reason ?? '');
}
