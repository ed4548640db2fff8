import { shipmentsOf } from './left-goods.js';
import type { OrderFacts } from './order-facts.js';
import type { DispatchAct, OrderActs, OrderPolicy, TrackingAct } from './order-record.js';

export interface Tracking {
  readonly carrier?: string;
  readonly trackingNumber?: string;
}

/** The carrier and number of a report that the platform shows, where they have changed since. */
export function owedTracking(
  report: DispatchAct,
  facts: OrderFacts,
  acts: OrderActs,
  policy: OrderPolicy,
): TrackingAct[] {
  const { dispatchId, postingId, shipmentId } = report;
  if (!facts.reported[dispatchId]?.fulfilmentId) return [];
  const source =
    shipmentId === null
      ? facts.fulfilments[postingId]
      : shipmentsOf(postingId, facts).find((shipment) => shipment.dispatchId === shipmentId);
  const told = acts.trackings.filter((act) => act.dispatchId === dispatchId);
  const last: Tracking = told.at(-1) ?? report;
  const now = trackingOf(source ?? {});
  if (now.carrier === undefined && now.trackingNumber === undefined) return [];
  if (now.carrier === last.carrier && now.trackingNumber === last.trackingNumber) return [];
  const trackingId = policy.deriveId(`${dispatchId}/tracking/${told.length + 1}`);
  return [{ trackingId, dispatchId, ...now }];
}

/** The carrier and number alone, where there are any. */
export function trackingOf({ carrier, trackingNumber }: Tracking): Tracking {
  return {
    ...(carrier === undefined ? {} : { carrier }),
    ...(trackingNumber === undefined ? {} : { trackingNumber }),
  };
}
