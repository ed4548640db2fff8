import { ProductMap } from '../products/product-map.js';
import { isToldFigure, linesByPlace } from './own-place.js';
import type { Sighting } from './owed.js';

const COUNTER = 'counter';
const products = new ProductMap({ packs: [{ sku: 'CASE', of: 'A', units: 12 }], kits: [] });

/** The shop counts its counter itself; its other place is fed by a store. */
function aMerchant({ hubWrites = true } = {}) {
  const own = { locationId: 'shop-floor', hubWrites };
  return {
    products,
    ownPlaceAt: ({ channelLocationId }: { channelLocationId: string }) =>
      channelLocationId === COUNTER ? own : undefined,
    feedersOf: ({ channelLocationId }: { channelLocationId: string }) =>
      channelLocationId === 'nowhere' ? [] : ['north'],
    policyOf: () => ({
      retailOrders: 'separate-location' as const,
      ordersFrom: '2026-01-01T00:00:00Z',
      hubWritesMasters: true,
    }),
  };
}

function line(sku: string, channelLocationId: string | null, cancelledQuantity = 0) {
  const quantities = { orderedQuantity: 3, cancelledQuantity, fulfilledQuantity: 3 };
  return { lineId: `line-${sku}`, sku, ...quantities, channelLocationId };
}

function sold(change: Partial<Sighting> = {}): Sighting & { connectionId: string } {
  return {
    connectionId: 'shop',
    stage: 'order',
    revision: 1,
    status: 'open',
    trade: false,
    paymentMethod: 'card',
    placedAt: '2026-06-01T09:00:00Z',
    lines: [line('A', COUNTER), line('CASE', COUNTER, 1), line('B', 'online'), line('C', null)],
    ...change,
  };
}

const skusOf = ({ lines }: Sighting) => lines.map(({ sku }) => sku);

describe('what a platform sells at a place of its own', () => {
  it('is in its figure from the beginning; the units of a pack are owed until the hub took them out', () => {
    const { elsewhere, made } = linesByPlace(sold(), aMerchant());
    expect(skusOf(elsewhere)).toEqual(['B', 'C']);
    expect([...made]).toEqual([
      ['shop-floor', [{ lineId: 'line-CASE', sku: 'CASE', quantity: 2 }]],
    ]);
  });

  it.each([
    ['is cancelled', sold({ status: 'cancelled' }), aMerchant()],
    ['is from before the cut-over', sold({ placedAt: '2025-12-31T23:00:00Z' }), aMerchant()],
    ['is on a platform that is only observed', sold(), aMerchant({ hubWrites: false })],
  ])('owes nothing of a pack when the order %s', (_, order, merchant) => {
    const { elsewhere, made } = linesByPlace(order, merchant);
    expect(skusOf(elsewhere)).toEqual(['B', 'C']);
    expect([...made]).toEqual([]);
  });

  it('is no trade order: that is posted to a POS', () => {
    const { elsewhere } = linesByPlace(sold({ trade: true }), aMerchant());
    expect(skusOf(elsewhere)).toEqual(['A', 'CASE', 'B', 'C']);
  });
});

it.each([
  ['a pack at a place of its own', 'CASE', COUNTER, true],
  ['goods that it counts itself', 'A', COUNTER, false],
  ['goods at a place that a store feeds', 'A', 'online', true],
  ['a pack at a place that nothing feeds', 'CASE', 'nowhere', false],
])('of %s, the hub tells the figure or not', (_, sku, channelLocationId, told) => {
  const at = { connectionId: 'shop', channelLocationId, sku };
  expect(isToldFigure(at, aMerchant())).toBe(told);
});
