import { BookDispatches } from './stock-book-dispatches.js';
import type { FactOf, ShippedGoods } from './stock-facts.js';

const POSTING = { postingId: 'p', orderId: 'o', locationId: 'north' };

function shipped(shipment: Partial<ShippedGoods>): FactOf<'shipped'> {
  const [shipmentId, units] = ['s', [{ sku: 'A', units: 10 }]];
  const data = { ...POSTING, shipmentId, revision: 1, at: '09:03', units, ...shipment };
  return { id: `${data.shipmentId} ${data.revision}`, kind: 'shipped', data };
}

function told(units: number): FactOf<'dispatched'> {
  const data = { ...POSTING, revision: 1, at: '09:08', units: [{ sku: 'A', units }] };
  return { id: 'told', kind: 'dispatched', data };
}

const unitsLeft = (dispatches: BookDispatches, sku = 'A') =>
  [...dispatches.from(`north ${sku}`)].map(({ shipmentId, units }) => [shipmentId, units]);

describe('what has left a shelf', () => {
  it('is kept shipment by shipment, and beside it what the POS tells of the whole posting', () => {
    const dispatches = new BookDispatches();
    const units = [{ sku: 'A', units: 14 }];
    dispatches.take([shipped({}), told(24), shipped({ shipmentId: 't', units })]);
    expect(unitsLeft(dispatches)).toEqual([
      ['s', 10],
      [undefined, 24],
      ['t', 14],
    ]);
  });

  it('is what the last correction of a shipment says, whichever comes first', () => {
    const corrected = shipped({ revision: 2, units: [{ sku: 'B', units: 4 }] });
    const dispatches = new BookDispatches();
    expect(dispatches.take([corrected])).toEqual([{ ...SHELF, sku: 'B' }]);
    expect(dispatches.take([shipped({})])).toEqual([]);
    expect([unitsLeft(dispatches), unitsLeft(dispatches, 'B')]).toEqual([[], [['s', 4]]]);
  });

  it('is less by a shipment that was called off, and the shelf is looked at anew', () => {
    const dispatches = new BookDispatches();
    dispatches.take([shipped({})]);
    expect(dispatches.take([shipped({ revision: 2, units: [] })])).toEqual([SHELF]);
    expect(unitsLeft(dispatches)).toEqual([]);
  });
});

const SHELF = { orderId: 'o', locationId: 'north', sku: 'A' };
