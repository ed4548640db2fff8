import fc from 'fast-check';

import { fromOrder, type OrderContent } from './order-content.js';
import { toRefundBook } from './order-refunds.js';
import type { ReadRefunds } from './refund-reader.js';
import type { OrderLineNode, OrderNode, RefundLineNode, RefundNode } from './shopify.answers.js';
import { aConnection, anOrder, anOrderLine, money } from './shop-builders.js';

const LINE = anOrderLine().id;
const MILL_LANE = { id: 'gid://shopify/Location/5' };

function aRefund(
  lines: readonly Partial<RefundLineNode>[],
  { paidBack = '0.00', adjusted = '0.00', id = 'gid://shopify/Refund/1' } = {},
): RefundNode {
  return {
    id,
    processedAt: '2026-03-09T08:00:00Z',
    totalRefundedSet: money(paidBack),
    orderAdjustments: { nodes: [{ amountSet: money(adjusted), taxAmountSet: money('0.00') }] },
    refundLineItems: {
      pageInfo: { hasNextPage: false, endCursor: null },
      nodes: lines.map((line) => ({
        quantity: 1,
        restockType: 'RETURN',
        restocked: line.restockType === undefined || line.restockType === 'RETURN',
        location: MILL_LANE,
        lineItem: { id: LINE },
        subtotalSet: money('10.00'),
        totalTaxSet: money('0.00'),
        ...line,
      })),
    },
  };
}

function contentOf(
  line: Partial<OrderLineNode>,
  read: ReadRefunds,
  node: Partial<OrderNode> = {},
): OrderContent {
  const order = anOrder({ currentTotalPriceSet: money('20.00'), ...node });
  const lines = [anOrderLine({ quantity: 3, discountedTotalSet: money('30.00'), ...line })];
  const refunds = toRefundBook(read, lines, order.taxesIncluded, (placeId) =>
    placeId === MILL_LANE.id ? 'mill-lane' : undefined,
  );
  const observed = fromOrder(aConnection(), order, lines, { orderId: 'ours', refunds });
  return observed.content as OrderContent;
}

describe('goods that came back', () => {
  const back = { currentQuantity: 2, unfulfilledQuantity: 0 };

  it('were sent, are not cancelled, and stay charged beside what is credited for them', () => {
    const content = contentOf(back, { refunds: [aRefund([{}])] });
    expect(content.lines[0]).toMatchObject({
      orderedQuantity: 3,
      cancelledQuantity: 0,
      fulfilledQuantity: 3,
      returnedQuantity: 1,
      restockedQuantity: 1,
      totalMinor: 3000,
    });
    expect(content).toMatchObject({ totalMinor: 3000, charges: [] });
    expect(content.refunds).toEqual([
      {
        refundId: 'gid://shopify/Refund/1',
        refundedAt: '2026-03-09T08:00:00Z',
        creditMinor: 1000,
        paidBackMinor: 0,
        goods: [
          {
            lineId: LINE,
            quantity: 1,
            restocked: true,
            locationId: 'mill-lane',
            amountMinor: 1000,
          },
        ],
      },
    ]);
  });

  it('and were cancelled before they were sent are told apart', () => {
    const refunds = [aRefund([{ restockType: 'CANCEL' }]), aRefund([{}], { id: 'second' })];
    const content = contentOf({ currentQuantity: 1, unfulfilledQuantity: 0 }, { refunds });
    expect(content.lines[0]).toMatchObject({
      cancelledQuantity: 1,
      fulfilledQuantity: 2,
      returnedQuantity: 1,
      totalMinor: 2000,
    });
    expect(content.refunds?.map(({ goods }) => goods.length)).toEqual([0, 1]);
  });

  it('are for sale nowhere when nobody restocks them', () => {
    const refunds = [aRefund([{ restockType: 'NO_RESTOCK' }])];
    const content = contentOf(back, { refunds, sent: new Map([[LINE, 3]]) });
    expect(content.lines[0]).toMatchObject({ returnedQuantity: 1, restockedQuantity: 0 });
    expect(content.refunds?.[0]?.goods).toEqual([
      { lineId: LINE, quantity: 1, restocked: false, amountMinor: 1000 },
    ]);
  });

  it('as a return that cannot be stocked are for sale nowhere either', () => {
    const content = contentOf(back, { refunds: [aRefund([{ restocked: false }])] });
    expect(content.lines[0]).toMatchObject({
      cancelledQuantity: 0,
      fulfilledQuantity: 3,
      returnedQuantity: 1,
      restockedQuantity: 0,
    });
    expect(content.refunds?.[0]?.goods).toEqual([
      { lineId: LINE, quantity: 1, restocked: false, amountMinor: 1000 },
    ]);
  });

  it('without going on sale were never sent where the shipments say so', () => {
    const refunds = [aRefund([{ restockType: 'NO_RESTOCK' }])];
    const unsent = { currentQuantity: 2, unfulfilledQuantity: 2 };
    const content = contentOf(unsent, { refunds, sent: new Map() });
    expect(content.lines[0]).toMatchObject({ cancelledQuantity: 1, fulfilledQuantity: 0 });
    expect(content.lines[0]?.returnedQuantity).toBeUndefined();
    expect(content.totalMinor).toBe(2000);
  });

  it('carry their tax where the prices do not', () => {
    const taxed = aRefund([{ totalTaxSet: money('2.00') }]);
    const content = contentOf(
      { ...back, taxLines: [{ priceSet: money('6.00') }] },
      { refunds: [taxed] },
      {
        taxesIncluded: false,
        currentTotalPriceSet: money('24.00'),
        currentTotalTaxSet: money('4.00'),
      },
    );
    expect(content).toMatchObject({ totalMinor: 3600, taxMinor: 600 });
    expect(content.charges).toEqual([{ kind: 'fee', title: 'Tax', amountMinor: 600 }]);
    expect(content.refunds?.[0]?.creditMinor).toBe(1200);
  });
});

describe('money that went back', () => {
  it('without goods leaves the goods and the charge as they are', () => {
    const refunds = [aRefund([], { paidBack: '5.00', adjusted: '-5.00' })];
    const content = contentOf(
      { unfulfilledQuantity: 0 },
      { refunds },
      { currentTotalPriceSet: money('30.00') },
    );
    expect(content).toMatchObject({ totalMinor: 3000 });
    expect(content.lines[0]?.returnedQuantity).toBeUndefined();
    expect(content.refunds).toMatchObject([{ creditMinor: 500, paidBackMinor: 500, goods: [] }]);
  });

  it('may be less than the goods had cost', () => {
    const refunds = [aRefund([{}], { paidBack: '7.50', adjusted: '2.50' })];
    const content = contentOf({ currentQuantity: 2, unfulfilledQuantity: 0 }, { refunds });
    expect(content.refunds).toMatchObject([{ creditMinor: 750, paidBackMinor: 750 }]);
  });
});

it('has ordered = cancelled + sent + to be sent, whatever was refunded', () => {
  const units = fc.nat(20);
  fc.assert(
    fc.property(units, units, units, units, units, (open, kept, back, lost, cancelled) => {
      const quantity = open + kept + back + lost + cancelled;
      fc.pre(quantity > 0);
      const line = {
        quantity,
        currentQuantity: open + kept,
        unfulfilledQuantity: open,
        discountedTotalSet: money(`${quantity}.00`),
      };
      const refunds = [
        aRefund(
          [
            { quantity: back, subtotalSet: money(`${back}.00`) },
            { quantity: lost, restockType: 'NO_RESTOCK', subtotalSet: money(`${lost}.00`) },
            { quantity: cancelled, restockType: 'CANCEL' },
          ].filter((each) => each.quantity > 0) as Partial<RefundLineNode>[],
        ),
      ];
      const sent = new Map([[LINE, kept + back + lost]]);
      const content = contentOf(
        line,
        { refunds, sent },
        { currentTotalPriceSet: money(`${open + kept}.00`) },
      );
      const [seen] = content.lines;
      expect(seen).toMatchObject({
        cancelledQuantity: cancelled,
        fulfilledQuantity: kept + back + lost,
        totalMinor: (quantity - cancelled) * 100,
      });
      expect(seen?.returnedQuantity ?? 0).toBe(back + lost);
      expect(content.totalMinor).toBe((quantity - cancelled) * 100);
    }),
  );
});
