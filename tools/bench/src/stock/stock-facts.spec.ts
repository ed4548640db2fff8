import type { ChannelStockObserved, StockCounted } from '@tillbridge/contracts';
import { StockFacts, type Mix } from './stock-facts.js';

const salesOf = (facts: StockFacts, mix: Mix, count: number): StockCounted[] =>
  facts.sales(mix, count).map(({ payload }) => JSON.parse(payload) as StockCounted);

it('begins with every figure that a sale can change, and orders that promise some of them', () => {
  const facts = new StockFacts();
  const subjects = facts.opening().map(({ subject }) => subject);
  const count = (part: string) => subjects.filter((subject) => subject.includes(part)).length;
  expect([count('stock-counted'), count('stock-observed'), count('order-observed')]).toEqual([
    10_000, 5_000, 1_000,
  ]);
});

it('names no SKU twice within a batch when all are sold in turn', () => {
  const sales = salesOf(new StockFacts(), 'spread', 5_000);
  expect(new Set(sales.map(({ sku }) => sku)).size).toBe(5_000);
});

it('sells five hot SKUs four times of five', () => {
  const sales = salesOf(new StockFacts(), 'hot', 1_000);
  const hot = ['SKU-0', 'SKU-1', 'SKU-2', 'SKU-3', 'SKU-4'];
  const share = sales.filter(({ sku }) => hot.includes(sku)).length / 1_000;
  expect(share).toBeGreaterThanOrEqual(0.8);
  expect(share).toBeLessThan(0.82);
});

it('knows what the shop should show: what is on the shelves, less what is promised', () => {
  const facts = new StockFacts();
  const shown = facts.opening().find(({ subject }) => subject.includes('stock-observed'));
  const { availableUnits } = JSON.parse(shown?.payload ?? '') as ChannelStockObserved;
  const sold = new Map<string, number>();
  for (const { sku } of salesOf(facts, 'hot', 2_000)) sold.set(sku, (sold.get(sku) ?? 0) + 1);
  const desired = facts.desired();
  expect(desired.get('SKU-4')).toBe(availableUnits - 1 - (sold.get('SKU-4') ?? 0));
  expect(desired.get('SKU-4999')).toBe(availableUnits);
});

it('goes on alike for both sides, each with a clock that only goes forward', () => {
  const ours = new StockFacts();
  ours.sales('spread', 700);
  const bare = ours.copy();
  const [one, other] = [salesOf(ours, 'hot', 500), salesOf(bare, 'hot', 500)];
  const plain = ({ sku, locationId, onHandUnits, countedAt, revision }: StockCounted) =>
    [sku, locationId, onHandUnits, countedAt, revision].join();
  expect(one.map(plain)).toEqual(other.map(plain));
  const clocks = one.map(({ countedAt }) => countedAt);
  expect(clocks).toEqual([...new Set(clocks)].sort());
  expect(ours.desired()).toEqual(bare.desired());
});
