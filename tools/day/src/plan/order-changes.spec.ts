import type { PlannedEvent, PlannedTradeOrder } from './day-plan.js';
import { withOrderChanges } from './order-changes.js';

const anOrder = (ref: string): PlannedTradeOrder => ({
  kind: 'trade-order',
  ref,
  customer: 'c1',
  paymentType: 'paymentOnAccount',
  poNumber: `PO-${ref}`,
  lines: [
    { row: 1, sku: null, title: 'Engraving', quantity: 1, unitPriceMinor: 100 },
    { row: 2, sku: 'A', title: 'A', quantity: 4, unitPriceMinor: 100 },
    ...(Number(ref.slice(1)) % 2 === 0
      ? []
      : [{ row: 3, sku: 'B', title: 'B', quantity: 4, unitPriceMinor: 300 }]),
  ],
  shippingMinor: 0,
  discountMinor: 0,
});

const DAY = Array.from({ length: 400 }, (_, n) => anOrder(`r${n}`));
const { events, edits, addedLines, cancelledOrders } = withOrderChanges(DAY, 1);
const changes = events.filter((event) => event.kind !== 'trade-order');

it('changes some orders and calls some off, each after it was placed, and loses no event', () => {
  expect(events.filter((event) => event.kind === 'trade-order')).toEqual(DAY);
  expect(changes).toHaveLength(edits + addedLines + cancelledOrders);
  expect(edits).toBeGreaterThan(30);
  expect(cancelledOrders).toBeGreaterThan(8);
  const placedAt = (ref: string) =>
    events.findIndex((event) => event.kind === 'trade-order' && event.ref === ref);
  for (const change of changes) {
    const { orderRef } = change as Extract<PlannedEvent, { orderRef: string }>;
    expect(events.indexOf(change)).toBeGreaterThan(placedAt(orderRef));
  }
});

it('takes off a stock line no more than it has, and puts on a few', () => {
  const edited = changes.filter((event) => event.kind === 'order-edit');
  expect(new Set(edited.map(({ lineIndex }) => lineIndex))).toEqual(new Set([1, 2]));
  const sizes = edited.map(({ change }) => change);
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(-4);
  expect(Math.max(...sizes)).toBe(3);
  expect(sizes).not.toContain(0);
});

it('adds to some orders what they have not, at the price that others pay', () => {
  const added = changes.filter((event) => event.kind === 'order-add-line');
  expect(added.length).toBeGreaterThan(3);
  for (const { orderRef, sku, unitPriceMinor, quantity } of added) {
    expect(Number(orderRef.slice(1)) % 2).toBe(0);
    expect({ sku, unitPriceMinor }).toEqual({ sku: 'B', unitPriceMinor: 300 });
    expect(quantity).toBeGreaterThan(0);
  }
});

it('is the same for the same seed, and another for another', () => {
  expect(withOrderChanges(DAY, 1).events).toEqual(events);
  expect(withOrderChanges(DAY, 2).events).not.toEqual(events);
});
