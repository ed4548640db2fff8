import type { Configuration, SquareConnection } from '@tillbridge/runtime';
import { SquareLocations } from './square-locations.js';

const at = (connection: string, vendorLocationId: string) => ({ connection, vendorLocationId });

it('takes orders where it counts and where another system does, and reads figures only of its own', () => {
  const configuration = {
    locations: [
      { id: 'shop', master: at('till', 'L1') },
      { id: 'warehouse', master: at('erp', 'W1'), posting: at('till', 'L2') },
      { id: 'abroad', master: at('other', 'L3') },
    ],
  } as unknown as Configuration;
  const locations = new SquareLocations(configuration, { id: 'till' } as SquareConnection);
  expect(locations.vendorIds).toEqual(['L1', 'L2']);
  expect(locations.countedIds).toEqual(['L1']);
  expect(locations.vendorId('warehouse')).toBe('L2');
  expect(locations.ourId('L2')).toBe('warehouse');
  expect(locations.vendorId('abroad')).toBeUndefined();
});
