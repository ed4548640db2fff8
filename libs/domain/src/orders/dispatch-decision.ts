import { leftByPos, shipmentsOf, unitsTogether } from './left-goods.js';
import { currentOf, type SkuUnits } from './order-facts.js';
import { isCancelled } from './order-reading.js';
import type { OrderPolicy, OrderRecord } from './order-record.js';
import { balancePostings } from './reversal-plan.js';
import type { CancelledShipment, ShipmentFact, ShipmentShare } from './shipment-facts.js';

/** Goods that left, as somebody tells them. `postingId` is left out when only the place is known. */
export interface ToldDispatch {
  readonly dispatchId: string;
  /** Told again with a higher one, it is a correction. */
  readonly revision: number;
  readonly postingId?: string;
  readonly locationId: string;
  readonly units: readonly SkuUnits[];
  readonly carrier?: string;
  readonly trackingNumber?: string;
  readonly dispatchedAt: string;
  readonly by: string;
}

export type DispatchRefusal =
  'unknown-order' | 'not-posted' | 'more-than-left' | 'cancelled-before' | 'unknown-dispatch';

/** What is made of a told dispatch: a fact, nothing (told before), or a clear answer why not. */
export type DispatchDecision =
  | { readonly kind: 'taken'; readonly fact: ShipmentFact }
  | { readonly kind: 'known' }
  | { readonly kind: 'refused'; readonly code: DispatchRefusal; readonly reason: string };

/**
 * Takes in goods that left a location, if the order has so many there which have not left yet.
 * With several postings at the place the units go to the one that was asked for first, of those
 * that the POS has.
 */
export function decideDispatch(
  record: OrderRecord,
  told: ToldDispatch,
  policy: OrderPolicy,
): DispatchDecision {
  const { facts } = record;
  const held = facts.shipments.recorded[told.dispatchId];
  if (held !== undefined && held.revision >= told.revision) return { kind: 'known' };
  if (facts.shipments.cancelled[told.dispatchId] !== undefined) {
    return refused('cancelled-before', `dispatch ${told.dispatchId} was cancelled: use a new id`);
  }
  const postings = record.acts.postings.filter(
    ({ postingId, locationId }) =>
      facts.posted[postingId] !== undefined &&
      locationId === told.locationId &&
      (told.postingId ?? postingId) === postingId,
  );
  if (postings.length === 0) {
    return refused('not-posted', `nothing of the order was posted at '${told.locationId}'`);
  }
  const open = new Map(unitsTogether([told.units]).map(({ sku, units }) => [sku, units]));
  const shares = postings
    .map(({ postingId }): ShipmentShare => {
      const units = leftToGo(record, postingId, told.dispatchId, policy).flatMap(
        ({ sku, units: left }) => {
          const taken = Math.min(left, open.get(sku) ?? 0);
          open.set(sku, (open.get(sku) ?? 0) - taken);
          return taken > 0 ? [{ sku, units: taken }] : [];
        },
      );
      return { postingId, units };
    })
    .filter(({ units }) => units.length > 0);
  const tooMany = [...open].filter(([, units]) => units > 0);
  if (tooMany.length > 0) {
    const list = tooMany.map(([sku, units]) => `${units} × ${sku}`).join(', ');
    return refused('more-than-left', `'${told.locationId}' has ${list} less to send than was told`);
  }
  const { postingId: _, units: __, ...content } = told;
  return { kind: 'taken', fact: { kind: 'shipment-recorded', shipment: { ...content, shares } } };
}

/** Calls a recorded shipment off. */
export function decideDispatchCancel(
  record: OrderRecord,
  cancelled: CancelledShipment,
): DispatchDecision {
  const { shipments } = record.facts;
  if (shipments.cancelled[cancelled.dispatchId] !== undefined) return { kind: 'known' };
  if (shipments.recorded[cancelled.dispatchId] === undefined) {
    return refused('unknown-dispatch', `the order has no dispatch ${cancelled.dispatchId}`);
  }
  return { kind: 'taken', fact: { kind: 'shipment-cancelled', cancelled } };
}

/** Units of a posting that are still to leave, but for what the given dispatch told before. */
function leftToGo(
  record: OrderRecord,
  postingId: string,
  dispatchId: string,
  policy: OrderPolicy,
): SkuUnits[] {
  const { facts, acts } = record;
  const current = currentOf(facts);
  if (current === undefined || leftByPos(postingId, facts, acts)) return [];
  const cancelled = isCancelled(current);
  const { standing, toDispatch } = balancePostings(current, cancelled, facts, acts, policy);
  const wanted = new Map(
    (toDispatch.get(postingId) ?? []).map(({ lineId, quantity }) => [lineId, quantity]),
  );
  const units = new Map<string, number>();
  for (const { lineId, quantity, components } of standing.get(postingId)?.goods ?? []) {
    for (const { sku, units: all } of components) {
      // A line that was cut to nothing keeps its place in the books: it has nothing to share.
      const some = quantity === 0 ? 0 : (all / quantity) * (wanted.get(lineId) ?? 0);
      units.set(sku, (units.get(sku) ?? 0) + some);
    }
  }
  for (const shipment of shipmentsOf(postingId, facts)) {
    if (shipment.dispatchId === dispatchId) continue;
    for (const { sku, units: gone } of shipment.units) {
      units.set(sku, (units.get(sku) ?? 0) - gone);
    }
  }
  return [...units].flatMap(([sku, left]) => (left > 0 ? [{ sku, units: left }] : []));
}

function refused(code: DispatchRefusal, reason: string): DispatchDecision {
  return { kind: 'refused', code, reason };
}
