import { ordersExplain } from './channel-movement.js';

const moved = (fallenUnits: number, orderedUnits: number, cancelledUnits = 0) =>
  ordersExplain({ fallenUnits, orderedUnits, cancelledUnits });

it('is explained by orders of as many units, also when some of them came before our look', () => {
  expect(moved(2, 2)).toBe(true);
  expect(moved(2, 5)).toBe(true);
  expect(moved(2, 1)).toBe(false);
});

it('is explained by cancelled units when the figure rose, and by no order', () => {
  expect(moved(-3, 0, 3)).toBe(true);
  expect(moved(-3, 9, 2)).toBe(false);
});

it('that cancels itself out is none', () => {
  expect(moved(0, 0)).toBe(true);
});
