import { runDay, type DayReport, type RunningDay } from '@tillbridge/day';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Controls } from '@tillbridge/day';
import type { ServiceName } from '@tillbridge/contracts';

const ORDERS = 80;

interface Day {
  readonly seed?: number;
  readonly faults?: 'off' | 'mild' | 'wild';
  readonly controls?: Controls;
  /** What is promised is promised while trade goes on: such a day need not come to rest. */
  readonly settleWithinMs?: number;
  onTrade?(running: RunningDay): void;
}

async function aDay({
  seed = 1,
  faults = 'mild',
  controls = {},
  settleWithinMs = 60_000,
  onTrade,
}: Day): Promise<DayReport> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'tillbridge-e2e-'));
  const lines: string[] = [];
  try {
    return await runDay({
      seed,
      seededOrders: ORDERS,
      faults,
      dataDir,
      reset: false,
      durable: false,
      timeScale: 60,
      paceMs: 70,
      controls,
      settleWithinMs,
      report: (line) => lines.push(line),
      ...(onTrade === undefined ? {} : { onTrade }),
    });
  } catch (error) {
    throw new Error(`The day failed after:\n${lines.join('\n')}`, { cause: error });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

const wrongOf = ({ posOrders, stock, fulfilment, receivables, messages }: DayReport) => ({
  duplicated: posOrders.duplicated,
  missingPoNumber: posOrders.missingPoNumber,
  wrongTender: posOrders.wrongTender,
  wrongUnits: posOrders.wrongUnits,
  wrongCents: posOrders.wrongCents,
  mismatches: stock.mismatches,
  oversoldUnits: stock.oversoldUnits,
  missing: fulfilment.missing,
  receivables: receivables.missing + receivables.wrongAmount,
  deadLetters: messages.deadLetters,
});

const NOTHING_WRONG = {
  duplicated: 0,
  missingPoNumber: 0,
  wrongTender: 0,
  wrongUnits: 0,
  wrongCents: 0,
  mismatches: [],
  oversoldUnits: 0,
  missing: [],
  receivables: 0,
  deadLetters: 0,
};

describe('a trading day', () => {
  it('balances to the unit and the cent while webhooks are lost and vendors fail', async () => {
    const report = await aDay({ faults: 'mild' });
    expect(wrongOf(report)).toEqual(NOTHING_WRONG);
    expect(report.orders.placed).toBe(report.input.b2bOrders);
    expect(report.orders.posted).toBeGreaterThan(0);
  });

  it('balances when connector, orders and inventory are killed in the middle of it', async () => {
    const kills: Promise<void>[] = [];
    const onTrade = ({ hub }: RunningDay): void => {
      const kill = async (service: ServiceName, afterMs: number): Promise<void> => {
        await new Promise((resolve) => setTimeout(resolve, afterMs));
        await hub.embedded.services.kill(service, 'SIGKILL');
        await hub.embedded.services.start(service);
      };
      kills.push(kill('connector', 1_500), kill('orders', 4_000), kill('inventory', 6_500));
    };
    const report = await aDay({ faults: 'mild', onTrade });
    await Promise.all(kills);
    expect(wrongOf(report)).toEqual(NOTHING_WRONG);
    // As many as without any kill: the plan leaves every buyer something to buy.
    expect(report.orders.placed).toBe(report.input.b2bOrders);
  });
});

describe('a day that is broken on purpose is found out', () => {
  it('oversells when the shop is told no stock', async () => {
    const controls = { publicationOff: true };
    const report = await aDay({ faults: 'off', controls, settleWithinMs: 2_000 });
    expect(report.stock.oversoldUnits).toBeGreaterThan(0);
    expect(report.ok).toBe(false);
  });

  it('finds figures that are wrong when a deduction is applied twice', async () => {
    const report = await aDay({ faults: 'off', controls: { deductTwice: true } });
    expect(report.stock.mismatches.length).toBeGreaterThan(0);
    expect(report.ok).toBe(false);
  });

  it('finds doubled orders when the POS is not given an idempotency key', async () => {
    // With this seed the answers to the 12th and the 33rd order that is created are lost.
    const controls = { ignoreIdempotencyKeys: true };
    const report = await aDay({ seed: 11, faults: 'wild', controls });
    expect(report.posOrders.duplicated).toBeGreaterThan(0);
    expect(report.ok).toBe(false);
  });
});
