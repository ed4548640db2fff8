import { planFulfilment } from './fulfilment-plan.js';
import type { FulfilmentOrderNode } from './shopify.answers.js';
import { SHOPIFY } from './shopify.capabilities.js';

describe('the plan of a fulfilment', () => {
  it('takes units from where the platform still expects them', () => {
    const plan = planFulfilment(
      [waiting('FO1', { tea: 2 }), waiting('FO2', { tea: 5 })],
      [{ lineId: 'tea', quantity: 4 }],
    );
    expect(plan).toEqual([
      {
        lineItemsByFulfillmentOrder: [
          {
            fulfillmentOrderId: 'FO1',
            fulfillmentOrderLineItems: [{ id: 'FO1-tea', quantity: 2 }],
          },
          {
            fulfillmentOrderId: 'FO2',
            fulfillmentOrderLineItems: [{ id: 'FO2-tea', quantity: 2 }],
          },
        ],
        lines: [
          { lineId: 'tea', quantity: 2 },
          { lineId: 'tea', quantity: 2 },
        ],
      },
    ]);
  });

  it('is one call for each place', () => {
    const plan = planFulfilment(
      [waiting('FO1', { tea: 1 }, { place: 'A' }), waiting('FO2', { cup: 1 }, { place: 'B' })],
      [
        { lineId: 'tea', quantity: 1 },
        { lineId: 'cup', quantity: 1 },
      ],
    );
    expect(plan.map(({ lines }) => lines)).toEqual([
      [{ lineId: 'tea', quantity: 1 }],
      [{ lineId: 'cup', quantity: 1 }],
    ]);
  });

  it('is several calls for more lines than the platform takes in one', () => {
    const ids = Array.from({ length: SHOPIFY.fulfilmentLines + 1 }, (_, at) => `line-${at}`);
    const waits = waiting('FO1', Object.fromEntries(ids.map((id) => [id, 1])));
    const plan = planFulfilment(
      [waits],
      ids.map((lineId) => ({ lineId, quantity: 1 })),
    );
    expect(plan.map(({ lines }) => lines.length)).toEqual([SHOPIFY.fulfilmentLines, 1]);
    expect(plan[1]?.lineItemsByFulfillmentOrder).toHaveLength(1);
  });

  it('reports no unit that staff have reported already', () => {
    const orders = [waiting('FO1', { tea: 1 })];
    expect(planFulfilment(orders, [{ lineId: 'tea', quantity: 3 }])[0]?.lines).toEqual([
      { lineId: 'tea', quantity: 1 },
    ]);
    expect(planFulfilment([], [{ lineId: 'tea', quantity: 3 }])).toEqual([]);
  });

  it('does not take the same units for two dispatched lines of one order line', () => {
    const twice = [
      { lineId: 'tea', quantity: 2 },
      { lineId: 'tea', quantity: 2 },
    ];
    const [planned] = planFulfilment([waiting('FO1', { tea: 3 })], twice);
    expect(planned?.lines.map(({ quantity }) => quantity)).toEqual([2, 1]);
  });

  it('is refused when somebody has put the goods on hold', () => {
    const held = [waiting('FO1', { tea: 3 }, { status: 'ON_HOLD' })];
    expect(() => planFulfilment(held, [{ lineId: 'tea', quantity: 1 }])).toThrow(/on hold/);
  });
});

function waiting(
  id: string,
  remaining: Record<string, number>,
  { place = 'A', status = 'OPEN' } = {},
): FulfilmentOrderNode {
  return {
    id,
    status,
    assignedLocation: { location: { id: place } },
    lineItems: {
      pageInfo: { hasNextPage: false, endCursor: null },
      nodes: Object.entries(remaining).map(([line, remainingQuantity]) => ({
        id: `${id}-${line}`,
        remainingQuantity,
        lineItem: { id: line },
      })),
    },
  };
}
