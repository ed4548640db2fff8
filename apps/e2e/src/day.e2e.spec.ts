import type { ServiceName } from '@tillbridge/contracts';
import type { DayReport, RunningDay } from '@tillbridge/day';
import { playSmallDay } from './play-small-day.js';

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

/** Vendors and staff are quick, so that the days are not spent with waiting for them. */
const TIME_SCALE = 120;

describe('a trading day', () => {
  it('balances to the unit and the cent while webhooks are lost and vendors fail', async () => {
    const report = await playSmallDay({ faults: 'mild', timeScale: TIME_SCALE });
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
    const report = await playSmallDay({ faults: 'mild', timeScale: TIME_SCALE, onTrade });
    await Promise.all(kills);
    expect(wrongOf(report)).toEqual(NOTHING_WRONG);
    // As many as without any kill: the plan leaves every buyer something to buy.
    expect(report.orders.placed).toBe(report.input.b2bOrders);
  });
});
