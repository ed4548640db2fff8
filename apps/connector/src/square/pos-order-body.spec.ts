import { PostedLine, PostOrder } from '@tillbridge/contracts';
import { toCreateOrder, toCreatePayment, type OrderFacts } from './pos-order-body.js';

function aPostOrder(about: Partial<PostOrder> = {}): PostOrder {
  const line = { lineRef: 'l1', sku: 'MUG', title: 'Mug', units: 24, unitPriceMinor: 250 };
  return Object.assign(new PostOrder(), {
    postingId: '7d5d1b0e-2c1f-5b6a-9d1e-0a1b2c3d4e5f',
    connectionId: 'till',
    orderId: '0f3a7f2e-6b1f-5d3c-9c37-0d7f7d0c2b11',
    locationId: 'high-street',
    orderName: '#1042',
    placedAt: '2026-03-04T10:15:30Z',
    poNumber: '88213',
    storefrontConnectionId: 'shop',
    currency: 'GBP',
    tender: { name: 'On Account', kind: 'STORED_BALANCE' },
    lines: [Object.assign(new PostedLine(), { ...line, note: '2 x case of 12' })],
    discountMinor: 0,
    totalMinor: 6_000,
    ...about,
  });
}

function theOrder(about: Partial<PostOrder> = {}, facts: Partial<OrderFacts> = {}) {
  const known = {
    vendorLocationId: 'L1',
    variations: new Map([['MUG', 'VAR-MUG']]),
    text: { recipientName: 'Harbour Cafe', note: 'Ring the bell', requestedDate: '2026-03-09' },
    ...facts,
  };
  return toCreateOrder(aPostOrder(about), known, ['metadata', 'shipping-note']).order;
}

it('is one open order with one shipment proposed, and our ids on it', () => {
  expect(theOrder()).toMatchObject({
    location_id: 'L1',
    reference_id: '7d5d1b0e-2c1f-5b6a-9d1e-0a1b2c3d4e5f',
    source: { name: 'Wholesale (On Account)' },
    ticket_name: 'B2B #1042',
    fulfillments: [{ type: 'SHIPMENT', state: 'PROPOSED' }],
    metadata: {
      posting_id: '7d5d1b0e-2c1f-5b6a-9d1e-0a1b2c3d4e5f',
      order_id: '0f3a7f2e-6b1f-5d3c-9c37-0d7f7d0c2b11',
      po_number: '88213',
      channel: 'shop',
    },
  });
});

it('has units of the catalogue item at the unit price, and says which packs they were', () => {
  expect(theOrder().line_items).toEqual([
    {
      uid: 'l1',
      catalog_object_id: 'VAR-MUG',
      quantity: '24',
      base_price_money: { amount: 250, currency: 'GBP' },
      note: '2 x case of 12',
      metadata: { line_ref: 'l1', pack: '2 x case of 12' },
    },
  ]);
});

it('has money without stock as a line of its own that names no item', () => {
  const postage = { lineRef: 'p', sku: null, title: 'Postage', units: 1, unitPriceMinor: 500 };
  const [line] = theOrder({ lines: [Object.assign(new PostedLine(), postage)] }).line_items;
  expect(line).toMatchObject({ name: 'Postage', quantity: '1' });
  expect(line).not.toHaveProperty('catalog_object_id');
});

it('shows staff the PO number, the wanted date and the whole note', () => {
  const [shipment] = theOrder().fulfillments;
  expect(shipment?.shipment_details).toEqual({
    recipient: { display_name: 'Harbour Cafe' },
    shipping_note: 'PO 88213\nWanted 2026-03-09\nRing the bell',
  });
});

it('has the address to which the goods go, and no half of a code', () => {
  const address = { line1: '1 Mill Lane', city: 'Leeds', postalCode: 'LS1 1AA', countryCode: 'GB' };
  const addressed = (about: object) =>
    theOrder({}, { text: { address: { ...address, ...about } } }).fulfillments[0]?.shipment_details
      .recipient.address;
  expect(addressed({})).toEqual({
    address_line_1: '1 Mill Lane',
    locality: 'Leeds',
    postal_code: 'LS1 1AA',
    country: 'GB',
  });
  expect(addressed({ postalCode: '1234567890123', countryCode: 'United' })).toEqual({
    address_line_1: '1 Mill Lane',
    locality: 'Leeds',
  });
});

it('puts the PO number only where the configuration says', () => {
  const facts = { vendorLocationId: 'L1', variations: new Map([['MUG', 'V']]), text: {} };
  const { order } = toCreateOrder(aPostOrder(), facts, ['ticket-name']);
  expect(order.ticket_name).toBe('B2B #1042 PO 88213');
  expect(order.metadata).not.toHaveProperty('po_number');
  expect(order.fulfillments[0]?.shipment_details).not.toHaveProperty('shipping_note');
});

it('says which part it is of an order that Square could not hold in one', () => {
  const order = theOrder({ split: { number: 2, of: 3 } });
  expect(order.ticket_name).toBe('B2B #1042 (2/3)');
  expect(order.metadata).toMatchObject({ part: '2/3' });
});

it('takes a discount off the whole order', () => {
  expect(theOrder()).not.toHaveProperty('discounts');
  expect(theOrder({ discountMinor: 150 }).discounts).toMatchObject([
    { type: 'FIXED_AMOUNT', scope: 'ORDER', amount_money: { amount: 150, currency: 'GBP' } },
  ]);
});

it("keeps within Square's lengths, without half a character at the end", () => {
  const order = theOrder(
    { orderName: '#'.repeat(50), poNumber: 'P'.repeat(255) },
    { text: { recipientName: 'n'.repeat(300), note: `${'x'.repeat(239)}${'😀'.repeat(300)}` } },
  );
  const details = order.fulfillments[0]!.shipment_details;
  expect(order.ticket_name).toHaveLength(30);
  expect(order.reference_id.length).toBeLessThanOrEqual(40);
  expect(details.recipient.display_name).toHaveLength(255);
  expect(details.shipping_note!.length).toBeLessThanOrEqual(500);
  // Half of a pair has no encoding.
  expect(() => encodeURIComponent(details.shipping_note!)).not.toThrow();
});

it('records the tender as one external payment over the whole total', () => {
  const payment = toCreatePayment(aPostOrder(), { id: 'ORD1', vendorLocationId: 'L1' }, 'CUST1');
  expect(payment).toEqual({
    source_id: 'EXTERNAL',
    idempotency_key: 'tb-pay-7d5d1b0e-2c1f-5b6a-9d1e-0a1b2c3d4e5f',
    amount_money: { amount: 6_000, currency: 'GBP' },
    order_id: 'ORD1',
    location_id: 'L1',
    customer_id: 'CUST1',
    reference_id: '7d5d1b0e-2c1f-5b6a-9d1e-0a1b2c3d4e5f',
    note: 'On Account, #1042, PO 88213',
    external_details: { type: 'STORED_BALANCE', source: 'On Account', source_id: '#1042' },
  });
  expect(payment.idempotency_key.length).toBeLessThanOrEqual(45);
});
