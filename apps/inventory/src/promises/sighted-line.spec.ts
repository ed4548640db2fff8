import type { ObservedLine } from '@tillbridge/contracts';
import { toSightedLine } from './sighted-line.js';

const sent: ObservedLine = {
  lineId: 'line-1',
  sku: 'A',
  title: 'A',
  orderedQuantity: 6,
  cancelledQuantity: 1,
  fulfilledQuantity: 5,
  totalMinor: 500,
};

describe('goods that came back', () => {
  it('and are for sale again are owed no more', () => {
    expect(toSightedLine({ ...sent, returnedQuantity: 3, restockedQuantity: 2 })).toEqual({
      lineId: 'line-1',
      sku: 'A',
      orderedQuantity: 6,
      cancelledQuantity: 3,
      fulfilledQuantity: 3,
    });
  });

  it('and are for sale nowhere stay gone: nobody has to put them back', () => {
    const lost = toSightedLine({ ...sent, returnedQuantity: 3, restockedQuantity: 0 });
    expect(lost).toEqual(toSightedLine(sent));
  });
});
