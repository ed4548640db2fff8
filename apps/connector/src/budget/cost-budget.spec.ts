import { jest } from '@jest/globals';
import { CostBudget } from './cost-budget.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A shop's bucket as the vendor keeps it. */
class Bucket {
  private available: number;
  private atMs = Date.now();
  refused = 0;

  constructor(
    private readonly maximum: number,
    private readonly restoreRate: number,
  ) {
    this.available = maximum;
  }

  query(requestedQueryCost: number, actualQueryCost: number) {
    const now = Date.now();
    const restored = ((now - this.atMs) / 1_000) * this.restoreRate;
    this.available = Math.min(this.maximum, this.available + restored);
    this.atMs = now;
    const ok = this.available >= requestedQueryCost;
    if (ok) this.available -= actualQueryCost;
    else this.refused += 1;
    const throttleStatus = {
      maximumAvailable: this.maximum,
      currentlyAvailable: Math.floor(this.available),
      restoreRate: this.restoreRate,
    };
    return {
      ok,
      cost: { requestedQueryCost, actualQueryCost: ok ? actualQueryCost : null, throttleStatus },
    };
  }
}

it('lets go at once what it holds when it may not wait, and fails what would have to wait', async () => {
  const budget = new CostBudget({ maximum: 100, restorePerSecond: 10 });
  await budget.take(90);
  const waiting = budget.take(20);
  budget.mayWait(false);
  await expect(waiting).rejects.toMatchObject({ code: 'not-ready' });
  await budget.take(10);
  await expect(budget.take(1)).rejects.toMatchObject({ code: 'not-ready' });
});

it('follows the bucket, so that hardly anything is refused and nothing stands idle', async () => {
  const bucket = new Bucket(2_000, 100);
  const budget = new CostBudget({ maximum: 1_000, restorePerSecond: 50 });
  let done = 0;
  const caller = async () => {
    while (done < 300) {
      await budget.take(50);
      const { ok, cost } = bucket.query(50, 20);
      budget.learn(cost);
      if (ok) done += 1;
      else budget.throttled(50);
    }
  };
  for (let each = 0; each < 4; each += 1) void caller();
  const begunAtMs = Date.now();
  await jest.advanceTimersByTimeAsync(45_000);
  expect(done).toBeGreaterThanOrEqual(300);
  expect(bucket.refused).toBeLessThan(5);
  expect(Date.now() - begunAtMs).toBe(45_000);
});

it('waits until the refused query can be afforded', async () => {
  const budget = new CostBudget({ maximum: 1_000, restorePerSecond: 100 });
  const throttleStatus = { maximumAvailable: 1_000, currentlyAvailable: 10, restoreRate: 100 };
  await budget.take(500);
  budget.learn({ requestedQueryCost: 500, actualQueryCost: null, throttleStatus });
  budget.throttled(500);
  let gone = false;
  void budget.take(500).then(() => (gone = true));
  await jest.advanceTimersByTimeAsync(4_800);
  expect(gone).toBe(false);
  await jest.advanceTimersByTimeAsync(200);
  expect(gone).toBe(true);
});

it('counts what is in flight, whose cost no answer has shown yet', async () => {
  const budget = new CostBudget({ maximum: 1_000, restorePerSecond: 1 });
  await budget.take(400);
  await budget.take(400);
  const throttleStatus = { maximumAvailable: 1_000, currentlyAvailable: 900, restoreRate: 1 };
  budget.learn({ requestedQueryCost: 400, actualQueryCost: 100, throttleStatus });
  let gone = false;
  void budget.take(600).then(() => (gone = true));
  await jest.advanceTimersByTimeAsync(1_000);
  expect(gone).toBe(false);
});

it('lets a query go that is dearer than the whole bucket once the bucket is full', async () => {
  const budget = new CostBudget({ maximum: 1_000, restorePerSecond: 100 });
  await budget.take(5_000);
  let gone = false;
  void budget.take(100).then(() => (gone = true));
  await jest.advanceTimersByTimeAsync(30_000);
  expect(gone).toBe(false);
  await jest.advanceTimersByTimeAsync(12_000);
  expect(gone).toBe(true);
});

it('lets what is urgent go before what has patience, though that came first', async () => {
  const budget = new CostBudget({ maximum: 1_000, restorePerSecond: 50 });
  await budget.take(900);
  const gone: string[] = [];
  void budget.take(751, 2).then(() => gone.push('patient'));
  void budget.take(80).then(() => gone.push('normal'));
  await jest.advanceTimersByTimeAsync(10);
  expect(gone).toEqual(['normal']);
  await jest.advanceTimersByTimeAsync(20_000);
  expect(gone).toEqual(['normal', 'patient']);
});
