import {
  aLine,
  allocated,
  anOrder,
  aPart,
  observed,
  posted,
  postingIdAt,
  tenderDecided,
} from './an-order.js';
import type { OrderFact, SkuUnits } from './order-facts.js';

export const POSTING = postingIdAt('high-street');

/** For specs of goods that leave in parts: two cases of 12 and three single mugs, at one store. */
export const mixed = [
  observed(
    anOrder({
      lines: [
        aLine({ lineId: 'cases', sku: 'CASE', orderedQuantity: 2, totalMinor: 24_000 }),
        aLine({ lineId: 'mugs', orderedQuantity: 3, totalMinor: 3_000 }),
      ],
      charges: [{ kind: 'shipping', title: 'Postage', amountMinor: 270 }],
    }),
  ),
  allocated([
    aPart({ lineId: 'cases', quantity: 2, components: [{ sku: 'MUG', units: 24 }] }),
    aPart({ lineId: 'mugs', quantity: 3 }),
  ]),
  tenderDecided(),
  posted(),
];

export const shipment = (
  dispatchId: string,
  units: number,
  rest: { revision?: number; day?: number; trackingNumber?: string } = {},
): OrderFact => ({
  kind: 'shipment-recorded',
  shipment: {
    dispatchId,
    revision: rest.revision ?? 1,
    locationId: 'high-street',
    shares: [{ postingId: POSTING, units: mugs(units) }],
    dispatchedAt: `2026-03-0${rest.day ?? 3}T09:00:00.000Z`,
    trackingNumber: rest.trackingNumber ?? `T-${dispatchId}`,
    by: 'warehouse',
  },
});
export const mugs = (units: number): SkuUnits[] => [{ sku: 'MUG', units }];
export const cancelled = (dispatchId: string): OrderFact => ({
  kind: 'shipment-cancelled',
  cancelled: { dispatchId, by: 'warehouse', reason: 'never left' },
});
export const created = (dispatchId: string): OrderFact => ({
  kind: 'fulfilment-created',
  dispatchId,
  fulfilmentId: `f-${dispatchId}`,
});
export const answered = (
  act: 'report-cancelled' | 'tracking-told' | 'pos-completed',
  actId: string,
) => ({ kind: 'dispatch-act', act, actId, result: { outcome: 'done' } }) satisfies OrderFact;
export const report = (dispatchId: string) => `${POSTING}/dispatch/${dispatchId}`;
