import fc from 'fast-check';
import {
  hubTakesOut,
  laterSighting,
  owedLines,
  type Sighting,
  type TakeOutPolicy,
} from './owed.js';

const POLICY: TakeOutPolicy = {
  retailOrders: 'hub-adjusts-at-dispatch',
  ordersFrom: '2026-01-01T00:00:00Z',
  hubWritesMasters: true,
};

const sighting = (change: Partial<Sighting> = {}): Sighting => ({
  stage: 'order',
  revision: 1,
  status: 'open',
  trade: true,
  paymentMethod: 'on-account',
  placedAt: '2026-06-01T09:00:00Z',
  lines: [
    { lineId: '1', sku: 'A', orderedQuantity: 9, cancelledQuantity: 2, fulfilledQuantity: 3 },
    { lineId: '2', sku: null, orderedQuantity: 1, cancelledQuantity: 0, fulfilledQuantity: 0 },
  ],
  ...change,
});

const quantity = (...args: Parameters<typeof owedLines>) =>
  owedLines(...args).reduce((sum, line) => sum + line.quantity, 0);

it('owes what is ordered and not cancelled, dispatched or not, and no line without a SKU', () => {
  expect(owedLines({ order: sighting() }, POLICY)).toEqual([
    { lineId: '1', sku: 'A', quantity: 7 },
  ]);
  expect(quantity({ order: sighting({ status: 'closed' }) }, POLICY)).toBe(7);
});

it('owes nothing on an order that is cancelled or gone', () => {
  expect(quantity({ order: sighting({ status: 'cancelled' }) }, POLICY)).toBe(0);
  expect(quantity({ order: sighting({ status: 'deleted' }) }, POLICY)).toBe(0);
});

it('promises a draft that is paid later, from the trade shop, and no other', () => {
  const draft = sighting({ stage: 'draft' });
  expect(quantity({ draft }, POLICY)).toBe(7);
  expect(quantity({ draft: { ...draft, paymentMethod: 'invoice' } }, POLICY)).toBe(7);
  expect(quantity({ draft: { ...draft, paymentMethod: 'quote' } }, POLICY)).toBe(0);
  expect(quantity({ draft: { ...draft, paymentMethod: 'card' } }, POLICY)).toBe(0);
  expect(quantity({ draft: { ...draft, trade: false } }, POLICY)).toBe(0);
  expect(quantity({ draft: { ...draft, status: 'deleted' } }, POLICY)).toBe(0);
});

it('keeps the promise of a completed draft until its order is seen, and then counts the order', () => {
  const draft = sighting({ stage: 'draft', status: 'completed' });
  expect(quantity({ draft }, POLICY)).toBe(7);
  const order = sighting({ lines: [{ ...sighting().lines[0]!, orderedQuantity: 5 }] });
  expect(quantity({ draft, order }, POLICY)).toBe(3);
  expect(quantity({ draft, order: { ...order, status: 'cancelled' } }, POLICY)).toBe(0);
});

it('counts retail orders as the channel says that they leave the master', () => {
  const order = sighting({ trade: false });
  const policy = (retailOrders: TakeOutPolicy['retailOrders']) => ({ ...POLICY, retailOrders });
  expect(quantity({ order }, policy('hub-adjusts-at-dispatch'))).toBe(7);
  expect(quantity({ order }, policy('other-connector'))).toBe(4);
  expect(quantity({ order }, policy('separate-location'))).toBe(0);
  expect(quantity({ order: sighting() }, policy('separate-location'))).toBe(7);
});

it('leaves the goods of orders before the cut-over to whoever took them out before us', () => {
  const order = sighting({ placedAt: '2025-12-31T23:59:59Z' });
  expect(quantity({ order }, POLICY)).toBe(4);
  expect(hubTakesOut(order, POLICY)).toBe(false);
  expect(hubTakesOut(sighting(), POLICY)).toBe(true);
  expect(quantity({ order: sighting() }, { ...POLICY, hubWritesMasters: false })).toBe(4);
});

it('reads the cut-over as a moment, whatever zone it is written in', () => {
  const order = sighting({ placedAt: '2026-01-01T00:30:00+01:00' });
  expect(hubTakesOut(order, POLICY)).toBe(false);
});

it('believes the highest revision of each stage, whatever order they arrive in', () => {
  const revisions = fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 1 });
  fc.assert(
    fc.property(revisions, (seen) => {
      const last = seen
        .map((revision) => sighting({ revision }))
        .reduce<Sighting | undefined>(laterSighting, undefined);
      expect(last?.revision).toBe(Math.max(...seen));
    }),
  );
});
