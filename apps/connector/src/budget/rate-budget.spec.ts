import { jest } from '@jest/globals';
import { RateBudget } from './rate-budget.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** Takes `calls` at once and says after how many milliseconds each was let go. */
function taken(budget: RateBudget, calls: number): number[] {
  const begunAtMs = Date.now();
  const atMs: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    void budget.take().then(() => atMs.push(Date.now() - begunAtMs));
  }
  return atMs;
}

it('never lets more go in any second than the burst and the rate allow', async () => {
  const budget = new RateBudget({ perSecond: 10, burst: 20 });
  const atMs = taken(budget, 200);
  await jest.advanceTimersByTimeAsync(30_000);
  expect(atMs).toHaveLength(200);
  for (const [index, at] of atMs.entries()) {
    const within = atMs.slice(index).filter((other) => other < at + 1_000).length;
    expect(within).toBeLessThanOrEqual(30);
  }
  expect(atMs.at(-1)).toBeGreaterThanOrEqual(18_000);
});

it('waits out what the vendor asks for', async () => {
  const budget = new RateBudget({ perSecond: 10, burst: 4 });
  budget.refused(5_000);
  const atMs = taken(budget, 3);
  await jest.advanceTimersByTimeAsync(4_999);
  expect(atMs).toEqual([]);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(atMs).toHaveLength(3);
});

it('lets go at once what it holds when it may not wait, and fails what would have to wait', async () => {
  const budget = new RateBudget({ perSecond: 1, burst: 8 });
  await budget.take(2);
  const waiting = budget.take();
  budget.mayWait(false);
  await expect(waiting).rejects.toMatchObject({ code: 'not-ready' });
  await expect(budget.take()).rejects.toMatchObject({ code: 'not-ready' });
  budget.mayWait(true);
  const again = taken(budget, 2);
  await jest.advanceTimersByTimeAsync(3_000);
  expect(again).toHaveLength(2);
});

it('halves once for calls that were refused together', () => {
  const budget = new RateBudget({ perSecond: 16, burst: 4 });
  for (let call = 0; call < 5; call += 1) budget.refused();
  expect(budget.perSecond).toBe(8);
});

it('takes one refusal among many calls for what it is', async () => {
  const budget = new RateBudget({ perSecond: 20, burst: 4 });
  void taken(budget, 40);
  await jest.advanceTimersByTimeAsync(2_000);
  budget.refused();
  expect(budget.perSecond).toBeGreaterThan(18);
  const atMs = taken(budget, 20);
  await jest.advanceTimersByTimeAsync(1_200);
  expect(atMs).toHaveLength(20);
});

it('waits longer and longer while every call is refused', async () => {
  const budget = new RateBudget({ perSecond: 20, burst: 4 });
  const atMs: number[] = [];
  const begunAtMs = Date.now();
  const caller = async () => {
    for (;;) {
      await budget.take();
      atMs.push(Date.now() - begunAtMs);
      budget.refused();
    }
  };
  void caller();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(atMs.length).toBeLessThan(40);
  const gaps = atMs.slice(1).map((at, index) => at - (atMs[index] ?? 0));
  expect(Math.max(...gaps)).toBeGreaterThanOrEqual(8_000);
});

it('comes back slowly to the rate that was refused, and never above its own', async () => {
  const budget = new RateBudget({ perSecond: 16, burst: 4 });
  budget.refused();
  const rateAfter = async (seconds: number) => {
    await jest.advanceTimersByTimeAsync(seconds * 1_000);
    await budget.take();
    return budget.perSecond;
  };
  expect(await rateAfter(1)).toBeLessThan(13);
  expect(await rateAfter(0.5)).toBeLessThan(16);
  expect(await rateAfter(600)).toBe(16);
});

it('finds the rate of a vendor that allows less than was configured', async () => {
  // The vendor: 5 calls a second, as a bucket of 10.
  let bucket = 10;
  let filledAtMs = Date.now();
  const answers: boolean[] = [];
  const budget = new RateBudget({ perSecond: 20, burst: 20 });
  const caller = async () => {
    for (let call = 0; call < 600; call += 1) {
      await budget.take();
      bucket = Math.min(10, bucket + ((Date.now() - filledAtMs) / 1_000) * 5);
      filledAtMs = Date.now();
      const ok = bucket >= 1;
      if (ok) bucket -= 1;
      else budget.refused();
      answers.push(ok);
    }
  };
  void caller();
  await jest.advanceTimersByTimeAsync(600_000);
  const late = answers.slice(300);
  expect(late).toHaveLength(300);
  expect(late.filter((ok) => !ok).length).toBeLessThan(45);
});

it('lets what is urgent go first', async () => {
  const budget = new RateBudget({ perSecond: 1, burst: 4 });
  await budget.take();
  const order: string[] = [];
  void budget.take(1, 2).then(() => order.push('later'));
  void budget.take(1, 1).then(() => order.push('normal'));
  void budget.take(1, 0).then(() => order.push('urgent'));
  await jest.advanceTimersByTimeAsync(4_000);
  expect(order).toEqual(['urgent', 'normal', 'later']);
});
