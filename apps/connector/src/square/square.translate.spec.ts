import type { InventoryAdjustment, Order } from './square-model.js';
import {
  dispatchOf,
  fulfilmentOf,
  orderOfLedgerEntry,
  ordersToKnow,
  ourOrderOf,
  paymentOf,
  toClock,
  toLedgerEntry,
  toUnits,
  returnMark,
  reversalMark,
} from './square.translate.js';

const ORDER_ID = '0f3a7f2e-6b1f-5d3c-9c37-0d7f7d0c2b11';
const POSTING_ID = '7d1b7c52-0f6e-5b8a-9a35-4b1c2d3e4f50';
const OUR = { orderId: ORDER_ID, postingId: POSTING_ID };
const OURS = new Map([['ORD1', OUR]]);

function anAdjustment(about: Partial<InventoryAdjustment> = {}): InventoryAdjustment {
  return {
    id: 'ADJ1',
    from_state: 'IN_STOCK',
    to_state: 'SOLD',
    location_id: 'L1',
    catalog_object_id: 'VAR1',
    quantity: '12',
    occurred_at: '2026-03-04T10:15:30Z',
    created_at: '2026-03-04T10:15:30.1Z',
    ...about,
  };
}

const COUNT = {
  id: 'PC1',
  catalog_object_id: 'VAR1',
  state: 'IN_STOCK',
  location_id: 'L1',
  quantity: '7',
  created_at: '2026-03-04T10:15:30Z',
};

function causeOf(about: Partial<InventoryAdjustment>) {
  const change = { type: 'ADJUSTMENT', adjustment: anAdjustment(about) };
  return toLedgerEntry(change, OURS)?.cause ?? null;
}

describe('orderOfLedgerEntry', () => {
  it('takes the transaction of an adjustment for the Square order that caused it', () => {
    expect(orderOfLedgerEntry(anAdjustment({ transaction_id: 'ORD1' }))).toBe('ORD1');
  });

  it('names no order where no payment moved the stock', () => {
    expect(orderOfLedgerEntry(anAdjustment())).toBeUndefined();
    expect(orderOfLedgerEntry(anAdjustment({ transaction_id: '' }))).toBeUndefined();
  });
});

it('does not ask about what was rung up on a till', () => {
  const change = (about: Partial<InventoryAdjustment>) => ({
    type: 'ADJUSTMENT',
    adjustment: anAdjustment(about),
  });
  const changes = [
    change({ transaction_id: 'TILL', source: { product: 'SQUARE_POS' } }),
    change({ transaction_id: 'ORD1', source: { product: 'EXTERNAL_API' } }),
    change({ transaction_id: 'ORD1' }),
    change({}),
  ];
  expect(ordersToKnow(changes)).toEqual(['ORD1']);
});

describe('the cause of a ledger entry', () => {
  const sold = { from_state: 'IN_STOCK', to_state: 'SOLD' };
  const back = { from_state: 'NONE', to_state: 'IN_STOCK' };

  it.each([
    ['our order deducted', { ...sold, transaction_id: 'ORD1' }, 'order', -12, OUR],
    ['our order put back by staff', { ...back, transaction_id: 'ORD1' }, 'return', 12, OUR],
    ['our own putting back', { ...back, reference_id: reversalMark(OUR) }, 'reversal', 12, OUR],
    ['goods that we took back', { ...back, reference_id: returnMark(OUR) }, 'return', 12, OUR],
    [
      'retail goods that we took out',
      { ...sold, reference_id: `tb:retail:${ORDER_ID}` },
      'retail-dispatch',
      -12,
      { orderId: ORDER_ID },
    ],
    ['a till sale', { ...sold, transaction_id: 'TILL' }, 'sale', -12, undefined],
    ["another application's mark", { ...sold, reference_id: 'po:1' }, 'sale', -12, undefined],
    ['waste', { from_state: 'IN_STOCK', to_state: 'WASTE' }, 'waste', -12, undefined],
    [
      'an unlinked return',
      { from_state: 'UNLINKED_RETURN', to_state: 'IN_STOCK' },
      'return',
      12,
      undefined,
    ],
    [
      'a linked return',
      { from_state: 'RETURNED_BY_CUSTOMER', to_state: 'IN_STOCK' },
      'return',
      12,
      undefined,
    ],
    ['a receipt', back, 'receipt', 12, undefined],
    ['a transfer', { from_state: 'IN_TRANSIT', to_state: 'IN_STOCK' }, 'other', 12, undefined],
  ])('%s', (_, about, kind, units, our) => {
    expect(causeOf(about)).toEqual({
      causeId: 'ADJ1',
      kind,
      units,
      at: '2026-03-04T10:15:30.100000Z',
      ...(our ? { ...our, happenedAt: '2026-03-04T10:15:30.000000Z' } : {}),
    });
  });

  it('is the counted figure, not a change, for a physical count', () => {
    expect(
      toLedgerEntry({ type: 'PHYSICAL_COUNT', physical_count: COUNT }, OURS)?.cause,
    ).toMatchObject({
      kind: 'physical-count',
      units: 7,
    });
  });

  it('is dated as it happened where a later count would leave it out', () => {
    const dated = '2026-03-04T08:00:00Z';
    const count = { ...COUNT, occurred_at: dated };
    expect(toLedgerEntry({ type: 'PHYSICAL_COUNT', physical_count: count }, OURS)?.cause).toEqual({
      causeId: 'PC1',
      kind: 'physical-count',
      units: 7,
      at: '2026-03-04T10:15:30.000000Z',
      happenedAt: '2026-03-04T08:00:00.000000Z',
    });
    expect(causeOf({ ...sold, occurred_at: dated })).not.toHaveProperty('happenedAt');
  });

  it('is none when nothing on the shelf moved', () => {
    expect(causeOf({ from_state: 'RETURNED_BY_CUSTOMER', to_state: 'WASTE' })).toBeNull();
    expect(causeOf({ from_state: 'IN_STOCK', to_state: 'IN_STOCK' })).toBeNull();
  });

  it('never promises a part of a unit', () => {
    expect(toUnits('2.9')).toBe(2);
    expect(toUnits('-0.5')).toBe(-1);
    expect(causeOf({ ...sold, quantity: '1.2' })?.units).toBe(-2);
    expect(causeOf({ ...back, quantity: '1.8' })?.units).toBe(1);
  });
});

describe("Square's clock", () => {
  it.each([
    ['2026-03-04T10:15:30Z', '2026-03-04T10:15:30.000000Z'],
    ['2026-03-04T10:15:30.4Z', '2026-03-04T10:15:30.400000Z'],
    ['2026-03-04T10:15:30.123456Z', '2026-03-04T10:15:30.123456Z'],
    ['2026-03-04T10:15:30.123456789Z', '2026-03-04T10:15:30.123456Z'],
    ['2026-03-04T21:15:30.25+11:00', '2026-03-04T10:15:30.250000Z'],
  ])('%s sorts as text', (time, clock) => {
    expect(toClock(time)).toBe(clock);
  });

  it('refuses what is no time', () => {
    expect(() => toClock('yesterday')).toThrow(RangeError);
  });
});

describe('an order in Square', () => {
  const anOrder = (about: Partial<Order>): Order => ({
    id: 'ORD1',
    location_id: 'L1',
    state: 'OPEN',
    updated_at: '2026-03-04T10:15:30Z',
    ...about,
  });
  const shipment = (state: string, shipment_details = {}) => ({
    fulfillments: [{ uid: 'f', type: 'SHIPMENT', state, shipment_details }],
  });

  it('is ours when it carries both of our ids', () => {
    const metadata = { order_id: ORDER_ID, posting_id: 'P' };
    expect(ourOrderOf(anOrder({ metadata }))).toEqual({ orderId: ORDER_ID, postingId: 'P' });
    expect(ourOrderOf(anOrder({ metadata: { order_id: ORDER_ID } }))).toBeNull();
    expect(ourOrderOf(anOrder({}))).toBeNull();
  });

  it('tells how far the store is, with the parcel where there is one', () => {
    const parcel = { carrier: 'UPS', tracking_number: '1Z' };
    expect(fulfilmentOf(anOrder(shipment('PREPARED')))).toEqual({ state: 'prepared' });
    expect(fulfilmentOf(anOrder(shipment('COMPLETED', parcel)))).toEqual({
      state: 'completed',
      carrier: 'UPS',
      trackingNumber: '1Z',
    });
    expect(fulfilmentOf(anOrder(shipment('CANCELED')))).toEqual({ state: 'cancelled' });
  });

  it('is cancelled when the order is, whatever its shipment says', () => {
    const order = anOrder({ ...shipment('PROPOSED'), state: 'CANCELED' });
    expect(fulfilmentOf(order)).toEqual({ state: 'cancelled' });
    expect(fulfilmentOf(anOrder({ state: 'COMPLETED' }))).toEqual({ state: 'completed' });
  });

  it('tells what has left and when, in our words, once it is completed', () => {
    const line_items = [
      { catalog_object_id: 'VAR1', quantity: '12' },
      { catalog_object_id: 'VAR1', quantity: '2' },
      { quantity: '1' },
    ];
    const skus = new Map([['VAR1', 'MUG']]);
    const told = (state: string, details = {}, about: Partial<Order> = {}) =>
      dispatchOf(anOrder({ ...shipment(state, details), line_items, ...about }), 'north', skus);
    expect(told('PREPARED')).toBeNull();
    expect(told('COMPLETED', { shipped_at: '2026-03-04T10:15:00Z' })).toEqual({
      locationId: 'north',
      at: '2026-03-04T10:15:00.000000Z',
      units: [{ sku: 'MUG', units: 14 }],
    });
    const closed = { closed_at: '2026-03-04T10:15:10Z' };
    expect(told('COMPLETED', {}, closed)?.at).toBe('2026-03-04T10:15:10.000000Z');
    expect(dispatchOf(anOrder(shipment('COMPLETED')), undefined, skus)).toBeNull();
  });

  it('names the payment of its tender', () => {
    expect(paymentOf(anOrder({ tenders: [{ id: 'T', payment_id: 'P' }] }))).toBe('P');
    expect(paymentOf(anOrder({ tenders: [{ id: 'T' }] }))).toBe('T');
    expect(paymentOf(anOrder({}))).toBeUndefined();
  });
});
