import type { DayReport } from '@tillbridge/day';
import { playSmallDay } from './play-small-day.js';

/** What is looked for is wrong for good, so the vendors' times may be short. */
const TIME_SCALE = 180;

describe('a day that is broken on purpose is found out', () => {
  let untold: Promise<DayReport>;
  let deductedTwice: Promise<DayReport>;
  let withoutKeys: Promise<DayReport>;

  /** All at once: each waits most of the time, and none of them minds a slow machine. */
  beforeAll(async () => {
    untold = playSmallDay({
      faults: 'off',
      controls: { publicationOff: true },
      timeScale: TIME_SCALE,
      settleWithinMs: 1_000,
    });
    deductedTwice = playSmallDay({
      orders: 30,
      faults: 'off',
      controls: { deductTwice: true },
      timeScale: TIME_SCALE,
      settleWithinMs: 10_000,
    });
    withoutKeys = playSmallDay({
      // With this seed the answers to the 8th and the 10th order that is created are lost.
      seed: 33,
      orders: 30,
      faults: 'wild',
      controls: { ignoreIdempotencyKeys: true },
      timeScale: TIME_SCALE,
      settleWithinMs: 20_000,
    });
    await Promise.allSettled([untold, deductedTwice, withoutKeys]);
  });

  it('oversells when the shop is told no stock', async () => {
    const report = await untold;
    expect(report.stock.oversoldUnits).toBeGreaterThan(0);
    expect(report.ok).toBe(false);
  });

  it('finds figures that are wrong when a deduction is applied twice', async () => {
    const report = await deductedTwice;
    expect(report.stock.mismatches.length).toBeGreaterThan(0);
    expect(report.ok).toBe(false);
  });

  it('finds doubled orders when the POS is not given an idempotency key', async () => {
    const report = await withoutKeys;
    expect(report.posOrders.duplicated).toBeGreaterThan(0);
    expect(report.ok).toBe(false);
  });
});
