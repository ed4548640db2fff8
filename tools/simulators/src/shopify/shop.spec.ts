import { Shop } from './shop.js';

const HERE = 'gid://shopify/Location/7001';

it('sells more of a line at what the line cost, out of what is available', () => {
  const told: unknown[] = [];
  const shop = new Shop(
    [{ id: HERE, name: 'Online' }],
    () => 0,
    (event) => told.push(event),
  );
  const variant = shop.catalogue.addVariant({ sku: 'MUG', title: 'Mug', priceMinor: 500, atMs: 0 });
  shop.stock.open(variant.inventoryItemId, HERE, 10);
  const mugs = { variant, title: 'Mug', quantity: 4, unitPriceMinor: 300, attributes: [] };
  const order = shop.placeOrder(
    {
      ...{ locationId: HERE, customer: null, shippingMinor: null, discountMinor: 0 },
      ...{ attributes: [], note: null, poNumber: null, tags: [], paymentTerms: null },
      lines: [mugs],
    },
    { sourceName: 'web', paid: true },
  );
  const line = order.lines[0]!;
  shop.editOrderLine(order, line.id, 6);
  expect(line).toMatchObject({ quantity: 6, currentQuantity: 6, totalMinor: 1_800 });
  expect(shop.stock.level(variant.inventoryItemId, HERE).available).toBe(4);
  expect(told.at(-1)).toMatchObject({ kind: 'order-edited', lines: [{ sku: 'MUG', units: -2 }] });
  expect(() => shop.editOrderLine(order, line.id, 6)).toThrow(RangeError);
});
