import { totalsOf } from './order-record.js';
import { Shop, type OrderedLine, type Sale } from './shop.js';

const HERE = 'gid://shopify/Location/7001';

let told: unknown[];
let shop: Shop;

beforeEach(() => {
  told = [];
  shop = new Shop(
    [{ id: HERE, name: 'Online' }],
    () => 0,
    (event) => told.push(event),
  );
});

/** Ten of it are there. */
function aVariant(sku: string) {
  const variant = shop.catalogue.addVariant({ sku, title: sku, priceMinor: 500, atMs: 0 });
  shop.stock.open(variant.inventoryItemId, HERE, 10);
  return variant;
}

const some = (sku: string, quantity: number, unitPriceMinor: number): OrderedLine => ({
  ...{ variant: aVariant(sku), title: sku, quantity, unitPriceMinor, attributes: [] },
});

const aSale = (discountMinor: number): Sale => ({
  ...{ locationId: HERE, customer: null, shippingMinor: null, discountMinor },
  ...{ attributes: [], note: null, poNumber: null, tags: [], paymentTerms: null },
  lines: [some('MUG', 4, 300)],
});

const availableOf = (sku: string) =>
  shop.stock.level(shop.catalogue.variantOfSku(sku).inventoryItemId, HERE).available;

it('sells more of a line at what the line cost, out of what is available', () => {
  const order = shop.placeOrder(aSale(0), { sourceName: 'web', paid: true });
  const line = order.lines[0]!;
  shop.edits.editOrderLine(order, line.id, 6);
  expect(line).toMatchObject({ quantity: 6, currentQuantity: 6, totalMinor: 1_800 });
  expect(availableOf('MUG')).toBe(4);
  expect(told.at(-1)).toMatchObject({ kind: 'order-edited', lines: [{ sku: 'MUG', units: -2 }] });
  expect(() => shop.edits.editOrderLine(order, line.id, 6)).toThrow(RangeError);
});

it('puts another line on an order, out of what is available, and leaves its discount alone', () => {
  const order = shop.placeOrder(aSale(100), { sourceName: 'web', paid: false });
  shop.edits.addOrderLine(order, some('JUG', 3, 700));
  expect(order).toMatchObject({ edited: true, lines: [{}, { currentQuantity: 3 }] });
  expect(order.lines.map(({ cartDiscountMinor }) => cartDiscountMinor)).toEqual([100, 0]);
  expect(totalsOf(order, 'current').totalMinor).toBe(1_200 - 100 + 2_100);
  expect(availableOf('JUG')).toBe(7);
  expect(told.at(-1)).toMatchObject({ kind: 'order-edited', lines: [{ sku: 'JUG', units: -3 }] });
});

it('puts another line on a draft, takes nothing for it, and spreads the discount anew', () => {
  const draft = shop.placeDraft(aSale(110));
  shop.edits.addDraftLine(draft, some('JUG', 3, 700));
  expect(draft.lines.map(({ cartDiscountMinor }) => cartDiscountMinor)).toEqual([40, 70]);
  expect(availableOf('JUG')).toBe(10);
  expect(told.at(-1)).toMatchObject({ kind: 'draft-edited', lines: [{ sku: 'JUG', units: -3 }] });
});
