import { Shop } from './shop.js';
import type { ShopEvent } from './shop-event.js';
import { financialStateOf, remainingQuantity, totalsOf } from './order-record.js';

const PLACE = 'gid://shopify/Location/7001';

function aSale(paid: boolean) {
  const events: ShopEvent[] = [];
  const shop = new Shop(
    [{ id: PLACE, name: 'Shop' }],
    () => 1_000,
    (event) => events.push(event),
  );
  const variant = shop.catalogue.addVariant({
    ...{ sku: 'MUG', title: 'Mug', priceMinor: 500, atMs: 0 },
  });
  shop.stock.open(variant.inventoryItemId, PLACE, 20);
  const order = shop.placeOrder(
    {
      ...{ locationId: PLACE, customer: null, shippingMinor: 300, discountMinor: 100, tags: [] },
      ...{ attributes: [], note: null, poNumber: null, paymentTerms: null },
      lines: [{ variant, title: 'Mug', quantity: 7, unitPriceMinor: 143, attributes: [] }],
    },
    { sourceName: 'web', paid },
  );
  const [line] = order.lines;
  if (line === undefined) throw new Error('The order has no line.');
  const send = (quantity: number) =>
    shop.fulfil(order, [{ line, quantity }], { carrier: null, trackingNumber: null });
  const available = () => shop.stock.level(variant.inventoryItemId, PLACE).available;
  return { shop, order, line, send, available, events };
}

describe('a refund at the shop', () => {
  it('of goods that were sent puts them on sale again, and asks nobody to send them anew', () => {
    const { shop, order, line, send, available, events } = aSale(false);
    send(5);
    const before = totalsOf(order, 'current').totalMinor;
    const lines = [{ lineId: line.id, quantity: 2, restockType: 'RETURN' as const }];
    const refund = shop.refundOrder(order, { lines });
    expect(line).toMatchObject({ currentQuantity: 5, returnedQuantity: 2, fulfilledQuantity: 5 });
    expect([remainingQuantity(line), available()]).toEqual([2, 15]);
    const fell = before - totalsOf(order, 'current').totalMinor;
    expect(refund).toMatchObject({ paidBackMinor: 0, lines: [{ subtotalMinor: fell }] });
    expect(events.at(-1)).toMatchObject({ kind: 'order-refunded', lines: [{ units: 2 }] });
  });

  it('of goods that were not sent calls them off', () => {
    const { shop, order, line, send, available } = aSale(false);
    send(5);
    const lines = [{ lineId: line.id, quantity: 2, restockType: 'CANCEL' as const }];
    shop.refundOrder(order, { lines });
    expect([remainingQuantity(line), available()]).toEqual([0, 15]);
    const one = [{ lineId: line.id, quantity: 1, restockType: 'CANCEL' as const }];
    expect(() => shop.refundOrder(order, { lines: one })).toThrow('0 can');
  });

  it('of a paid order gives money back, more or less than the goods had cost', () => {
    const { shop, order, line, send } = aSale(true);
    send(7);
    const lines = [{ lineId: line.id, quantity: 1, restockType: 'NO_RESTOCK' as const }];
    const refund = shop.refundOrder(order, { lines, paidBackMinor: 100 });
    expect(refund.discrepancyMinor).toBe((refund.lines[0]?.subtotalMinor ?? 0) - 100);
    expect(financialStateOf(order)).toBe('PARTIALLY_REFUNDED');
    expect(shop.refundOrder(order, { lines: [], paidBackMinor: 50 }).discrepancyMinor).toBe(-50);
    const { shop: other, order: unpaid } = aSale(false);
    expect(() => other.refundOrder(unpaid, { lines: [], paidBackMinor: 50 })).toThrow('not been');
  });

  it('of more than was sent is refused', () => {
    const { shop, order, line, send } = aSale(false);
    send(2);
    const lines = [{ lineId: line.id, quantity: 3, restockType: 'RETURN' as const }];
    expect(() => shop.refundOrder(order, { lines })).toThrow('2 can');
  });
});
