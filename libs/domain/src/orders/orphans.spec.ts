import { orphanPlatformOrders, orphanPosOrders, orphanPostings } from './orphans.js';

const NOW_MS = Date.parse('2026-03-02T12:00:00Z');
const LONG_AGO = '2026-03-02T11:00:00Z';
const JUST_NOW = '2026-03-02T11:50:00Z';

function inPos(
  postingId: string,
  posOrderId: string,
  rest: { live?: boolean; createdAt?: string } = {},
) {
  return { postingId, posOrderId, live: true, createdAt: LONG_AGO, ...rest };
}

it('an order in the POS is an orphan when nobody asked for it, or it is a second one', () => {
  const asked = new Map([
    ['ours', 'pos-1'],
    ['open', null],
  ]);
  const seen = [
    inPos('ours', 'pos-1'),
    inPos('ours', 'pos-2'),
    inPos('open', 'pos-3'),
    inPos('strange', 'pos-4'),
    inPos('strange', 'pos-5', { live: false }),
    inPos('strange', 'pos-6', { createdAt: JUST_NOW }),
  ];
  expect(orphanPosOrders('tills', seen, asked, NOW_MS)).toEqual([
    {
      subject: 'tills/pos-2',
      cause: 'Order pos-2 in the POS is a second order for posting ours, beside pos-1.',
    },
    {
      subject: 'tills/pos-4',
      cause: 'Order pos-4 in the POS says it is posting strange, which was never asked for.',
    },
  ]);
});

it('a posting is an orphan when the POS has lost it, once for each order', () => {
  const posting = (orderId: string, posOrderId: string) => ({
    orderId,
    orderName: `#${orderId}`,
    postingId: `posting-${posOrderId}`,
    posOrderId,
  });
  const confirmed = [posting('1', 'a'), posting('2', 'b'), posting('2', 'c')];
  expect(orphanPostings(confirmed, new Set(['a', 'b', 'c']))).toEqual([]);
  expect(orphanPostings(confirmed, new Set(['a'])).map(({ subject }) => subject)).toEqual(['2']);
});

it('a trade order is an orphan when we never heard of it, not while it is on its way', () => {
  const listed = ['known', 'lost', 'young'].map((vendorId) => ({
    vendorId,
    name: `#${vendorId}`,
    createdAt: vendorId === 'young' ? JUST_NOW : LONG_AGO,
  }));
  const orphans = orphanPlatformOrders('shop', listed, new Set(['known']), NOW_MS);
  expect(orphans.map(({ subject }) => subject)).toEqual(['shop/lost']);
  expect(orphanPlatformOrders('shop', listed, new Set(['known', 'lost']), NOW_MS)).toEqual([]);
});
