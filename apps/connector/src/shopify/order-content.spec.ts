import fc from 'fast-check';

import { fromDeleted, fromDraft, fromOrder, type OrderContent } from './order-content.js';
import { toHeader } from './order-header.js';
import { toRefundBook } from './order-refunds.js';
import { NO_REFUNDS, type ReadRefunds } from './refund-reader.js';
import type { DraftNode, OrderLineNode, OrderNode } from './shopify.answers.js';
import { aConnection, aDraft, aDraftLine, anOrder, anOrderLine, money } from './shop-builders.js';

const ORDER_ID = '0b6f3c1e-6d1e-4b0a-9c58-3f1e9a2d7f10';

describe('the goods and money of an order', () => {
  it('of a case line are in cases, at what the buyer pays after the trade discount', () => {
    const line = anOrderLine({ sku: 'TEA-12', quantity: 2, discountedTotalSet: money('108.00') });
    const { lines, charges, totalMinor } = contentOf({ currentTotalPriceSet: money('108.00') }, [
      line,
    ]);
    expect(lines).toEqual([
      {
        lineId: line.id,
        sku: 'TEA-12',
        title: 'Tea',
        orderedQuantity: 2,
        cancelledQuantity: 0,
        fulfilledQuantity: 0,
        totalMinor: 10800,
      },
    ]);
    expect(charges).toEqual([]);
    expect(totalMinor).toBe(10800);
  });

  it('keep the cents of a line that no unit price can hold', () => {
    const line = anOrderLine({ quantity: 3, discountedTotalSet: money('100.00') });
    const { lines } = contentOf({ currentTotalPriceSet: money('100.00') }, [line]);
    expect(lines[0]?.totalMinor).toBe(10000);
  });

  it('of an edited line are what is left of it, the cent of rounding told as a charge', () => {
    const line = anOrderLine({
      quantity: 3,
      currentQuantity: 2,
      discountedTotalSet: money('100.00'),
    });
    const content = contentOf({ currentTotalPriceSet: money('66.66') }, [line]);
    expect(content.lines[0]).toMatchObject({
      orderedQuantity: 3,
      cancelledQuantity: 1,
      totalMinor: 6667,
    });
    expect(content.charges).toEqual([{ kind: 'discount', title: 'Discount', amountMinor: -1 }]);
  });

  it('tell the tax of what is left, within the prices or on top of them', () => {
    const taxLines = [{ priceSet: money('10.00') }, { priceSet: money('5.00') }];
    const line = anOrderLine({
      quantity: 3,
      currentQuantity: 2,
      discountedTotalSet: money('90.00'),
      taxLines,
    });
    const content = contentOf(
      {
        taxesIncluded: false,
        currentTotalTaxSet: money('10.00'),
        currentTotalPriceSet: money('70.00'),
      },
      [line],
    );
    expect(content).toMatchObject({ taxMinor: 1000, taxIncluded: false, totalMinor: 7000 });
    expect(content.lines[0]).toMatchObject({ totalMinor: 6000, taxMinor: 1000 });
    expect(content.charges).toEqual([{ kind: 'fee', title: 'Tax', amountMinor: 1000 }]);
  });

  it('of a cancelled order that was sent in part tell the tax of what was sent', () => {
    const line = anOrderLine({
      quantity: 3,
      currentQuantity: 3,
      unfulfilledQuantity: 2,
      discountedTotalSet: money('30.00'),
      taxLines: [{ priceSet: money('5.01') }],
    });
    const cancelled = { cancelledAt: '2026-03-05T08:00:00Z', currentTotalTaxSet: money('5.01') };
    expect(contentOf(cancelled, [line])).toMatchObject({ totalMinor: 1000, taxMinor: 167 });
  });

  it('count a part dispatch', () => {
    const line = anOrderLine({ quantity: 10, currentQuantity: 8, unfulfilledQuantity: 5 });
    expect(contentOf({}, [line]).lines[0]).toMatchObject({
      orderedQuantity: 10,
      cancelledQuantity: 2,
      fulfilledQuantity: 3,
    });
  });

  it('are all gone when the order is cancelled, whatever the platform left on it', () => {
    const content = contentOf(
      {
        cancelledAt: '2026-03-05T08:00:00Z',
        currentTotalPriceSet: money('15.00'),
        shippingLines: { nodes: [{ title: 'Pallet', currentDiscountedPriceSet: money('5.00') }] },
      },
      [anOrderLine({ quantity: 4 })],
    );
    expect(content).toMatchObject({ status: 'cancelled', totalMinor: 0, charges: [] });
    expect(content.lines[0]).toMatchObject({ cancelledQuantity: 4, totalMinor: 0 });
  });

  it('of a line typed in by hand are no stock', () => {
    const line = anOrderLine({ sku: 'ENGRAVING', variant: null });
    expect(contentOf({}, [line]).lines[0]?.sku).toBeNull();
  });

  it('of a variant without a SKU show its own id, so that nobody sells it unseen', () => {
    const line = anOrderLine({ sku: '' });
    expect(contentOf({}, [line]).lines[0]?.sku).toBe('gid://shopify/ProductVariant/71');
  });

  it('carry a discount on the whole order once: as a charge, in no line', () => {
    const content = contentOf(
      {
        currentTotalPriceSet: money('23.00'),
        shippingLines: { nodes: [{ title: 'Pallet', currentDiscountedPriceSet: money('5.00') }] },
      },
      [anOrderLine({ quantity: 2, discountedTotalSet: money('20.00') })],
    );
    expect(content.lines[0]?.totalMinor).toBe(2000);
    expect(content.charges).toEqual([
      { kind: 'shipping', title: 'Pallet', amountMinor: 500 },
      { kind: 'discount', title: 'Discount', amountMinor: -200 },
    ]);
  });

  it('name tax only where prices are without it', () => {
    const taxed = { currentTotalPriceSet: money('12.00'), currentTotalTaxSet: money('2.00') };
    const lines = [anOrderLine({ discountedTotalSet: money('10.00') })];
    expect(contentOf({ ...taxed, taxesIncluded: false }, lines).charges).toEqual([
      { kind: 'fee', title: 'Tax', amountMinor: 200 },
    ]);
    const included = [anOrderLine({ discountedTotalSet: money('12.00') })];
    expect(contentOf({ ...taxed, taxesIncluded: true }, included).charges).toEqual([]);
  });

  it('always sum to the total of the platform', () => {
    fc.assert(
      fc.property(fc.array(someLine(), { maxLength: 20 }), fc.nat(1e8), (lines, total) => {
        const content = contentOf({ currentTotalPriceSet: cents(total) }, lines);
        const lineMoney = content.lines.reduce((sum, line) => sum + line.totalMinor, 0);
        const charged = content.charges.reduce((sum, charge) => sum + charge.amountMinor, 0);
        expect(lineMoney + charged).toBe(content.totalMinor);
        expect(content.totalMinor).toBe(total);
      }),
    );
  });
});

describe('a draft', () => {
  it('promises its goods while it is open, an invoice sent or not', () => {
    expect(draftOf({ status: 'OPEN' }).status).toBe('open');
    expect(draftOf({ status: 'INVOICE_SENT' }).status).toBe('open');
    expect(draftOf({ status: 'COMPLETED' }).status).toBe('completed');
  });

  it('shows its own discount by its title, and a line typed in by hand as no stock', () => {
    const content = draftOf(
      { totalPriceSet: money('18.00'), appliedDiscount: { title: 'Spring' } },
      [aDraftLine({ discountedTotalSet: money('20.00'), custom: true })],
    );
    expect(content.lines[0]?.sku).toBeNull();
    expect(content.charges).toEqual([{ kind: 'discount', title: 'Spring', amountMinor: -200 }]);
  });

  it('that is deleted is told as it was, without goods and money', () => {
    const before = draftOf({ customAttributes: [{ key: 'sparkCartId', value: 'c1' }] });
    const content = fromDeleted(toHeader(before)).content;
    const gone = { status: 'deleted', totalMinor: 0, lines: [], charges: [] };
    expect(content).toEqual({ ...toHeader(before), ...gone });
  });
});

describe('who and what an order is', () => {
  it('is trade by the cart of the trade shop, or by the tag', () => {
    const cart = [{ key: 'sparkCartId', value: '5f2c' }];
    expect(contentOf({ customAttributes: cart })).toMatchObject({ trade: true, cartId: '5f2c' });
    expect(contentOf({ tags: ['B2B'] }).trade).toBe(true);
    expect(contentOf({ tags: ['b2b-lookalike'] }).trade).toBe(false);
  });

  it.each([
    ['upfrontPayment', 'card'],
    ['paymentOnAccount', 'on-account'],
    ['paymentByInvoice', 'invoice'],
    ['quote', 'quote'],
    ['hokodoPayment', 'other'],
    ['somethingNew', 'other'],
  ])('is paid by %s as %s', (value, method) => {
    const customAttributes = [{ key: 'sparkPaymentType', value }];
    expect(contentOf({ customAttributes }).paymentMethod).toBe(method);
  });

  it('takes the PO number from the first place that has one, in the configured order', () => {
    const node = {
      poNumber: 'PO-1',
      customAttributes: [{ key: 'PO Number', value: 'PO-2' }],
      note: 'Ref PO-3, leave at the gate',
    };
    const from = (...poNumberFrom: ('po-number' | 'attribute' | 'note' | 'trade')[]) =>
      contentOf(node, [], { poNumberFrom, poNumberPattern: '(PO-\\d+)' }).poNumber;
    expect(from('po-number', 'attribute', 'note')).toBe('PO-1');
    expect(from('attribute', 'po-number')).toBe('PO-2');
    expect(from('trade', 'note')).toBe('PO-3');
    expect(from('trade')).toBeUndefined();
  });

  it('never takes a whole note for a PO number', () => {
    const node = { note: 'PO-3' };
    expect(contentOf(node, [], { poNumberFrom: ['note'] }).poNumber).toBeUndefined();
    const pattern = { poNumberFrom: ['note' as const], poNumberPattern: 'PO (\\d+)' };
    expect(contentOf(node, [], pattern).poNumber).toBeUndefined();
  });

  it('keeps names and notes out of what is told to all', () => {
    const observation = fromOrder(
      aConnection(),
      anOrder({
        note: 'Ring Ms Hale',
        shippingAddress: ADDRESS,
        customAttributes: [{ key: 'Delivery date', value: '2026-04-01' }],
      }),
      [],
      { orderId: ORDER_ID, refunds: toRefundBook(NO_REFUNDS, [], true, () => undefined) },
    );
    expect(observation.texts).toEqual({
      orderId: ORDER_ID,
      recipientName: 'Northgate Gifts',
      note: 'Ring Ms Hale',
      requestedDate: '2026-04-01',
      address: { line1: '1 Mill Lane', city: 'Leeds', postalCode: 'LS1 1AA', countryCode: 'GB' },
    });
    expect(JSON.stringify(observation.toMessage(1))).not.toMatch(
      /Hale|Northgate|2026-04-01|Mill|LS1/,
    );
  });
});

const ADDRESS = {
  company: 'Northgate Gifts',
  name: 'A. Hale',
  address1: ' 1 Mill Lane',
  address2: '',
  city: 'Leeds',
  province: null,
  provinceCode: null,
  zip: 'LS1 1AA',
  countryCodeV2: 'GB',
};

function contentOf(
  node: Partial<OrderNode>,
  lines: readonly OrderLineNode[] = [],
  connection: Parameters<typeof aConnection>[0] = {},
  read: ReadRefunds = NO_REFUNDS,
): OrderContent {
  const given = anOrder(node);
  const refunds = toRefundBook(read, lines, given.taxesIncluded, (placeId) =>
    placeId.endsWith('/5') ? 'mill-lane' : undefined,
  );
  const observed = fromOrder(aConnection(connection), given, lines, { orderId: ORDER_ID, refunds });
  return observed.content as OrderContent;
}

function draftOf(node: Partial<DraftNode>, lines = [aDraftLine()]): OrderContent {
  return fromDraft(aConnection(), aDraft(node), lines, ORDER_ID).content as OrderContent;
}

function cents(minor: number) {
  return money(`${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`);
}

function someLine() {
  return fc
    .tuple(fc.integer({ min: 1, max: 400 }), fc.nat(400), fc.nat(1_000_000))
    .map(([quantity, left, minor]) =>
      anOrderLine({
        quantity,
        currentQuantity: Math.min(quantity, left),
        discountedTotalSet: cents(minor),
      }),
    );
}
