import { DIFFERENCE_CLASSES } from '@tillbridge/domain';
import { onHandOf, ONLINE, onlineOf, plantedDifferences, STORES } from './planted-differences.js';

const planted = [...plantedDifferences().values()];

it('plants differences of every class, in all stores and at the shop', () => {
  expect(new Set(planted.map(({ reason }) => reason))).toEqual(new Set(DIFFERENCE_CLASSES));
  expect(new Set(planted.map(({ place }) => place))).toEqual(new Set([...STORES, ONLINE]));
  expect(planted).toHaveLength(500);
});

it('plants nothing that is no difference', () => {
  for (const { place, sku, says } of planted) {
    const index = Number(sku.slice('SKU-'.length));
    const store = STORES.findIndex((each) => each === place);
    expect(says?.units).not.toBe(store === -1 ? onlineOf(index) : onHandOf(index, store));
  }
});
