import { playSmallDay } from './play-small-day.js';

/** What is looked for is wrong for good, so the vendors' times may be short. */
const TIME_SCALE = 180;

describe('a day that is broken on purpose is found out', () => {
  it('oversells when the shop is told no stock', async () => {
    const controls = { publicationOff: true };
    const report = await playSmallDay({
      faults: 'off',
      controls,
      timeScale: TIME_SCALE,
      settleWithinMs: 1_000,
    });
    expect(report.stock.oversoldUnits).toBeGreaterThan(0);
    expect(report.ok).toBe(false);
  });

  it('finds figures that are wrong when a deduction is applied twice', async () => {
    const report = await playSmallDay({
      orders: 30,
      faults: 'off',
      controls: { deductTwice: true },
      timeScale: TIME_SCALE,
      settleWithinMs: 5_000,
    });
    expect(report.stock.mismatches.length).toBeGreaterThan(0);
    expect(report.ok).toBe(false);
  });

  it('finds doubled orders when the POS is not given an idempotency key', async () => {
    // With this seed the answers to the 8th and the 10th order that is created are lost.
    const report = await playSmallDay({
      seed: 33,
      orders: 30,
      faults: 'wild',
      controls: { ignoreIdempotencyKeys: true },
      timeScale: TIME_SCALE,
      settleWithinMs: 15_000,
    });
    expect(report.posOrders.duplicated).toBeGreaterThan(0);
    expect(report.ok).toBe(false);
  });
});
