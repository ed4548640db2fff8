import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SERVICES, type ServiceName } from '@tillbridge/contracts';
import { runDay, type DayReport, type RunningDay } from '@tillbridge/day';
import { countRedeliveries } from './count-redeliveries.js';
import { ReadyBalancer } from './ready-balancer.js';

/** What a deployment sets: longer than a balancer takes to notice that a process is leaving. */
const LINGER_MS = 1_500;
const TRADE_MS = 12_000;
const ORDERS = 60;

interface Roll {
  readonly report: DayReport;
  readonly redelivered: Map<string, number>;
  readonly ends: { readonly service: string; readonly end: string | number | null }[];
  /** Webhooks that were answered while connectors took turns. */
  readonly webhooksMeanwhile: number;
  readonly failedWebhooks: readonly string[];
}

/** A day of trade during which every service is put in the place of itself. */
async function aRollingDay(): Promise<Roll> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'tillbridge-e2e-'));
  const balancer = await ReadyBalancer.open();
  const ends: Roll['ends'] = [];
  let webhooksMeanwhile = 0;
  let failedBefore = 0;
  let rolling: Promise<unknown> = Promise.resolve();
  let redelivered = new Map<string, number>();
  const replace = async ({ hub }: RunningDay, service: ServiceName): Promise<void> => {
    const answered = balancer.answered;
    const { code, signal } = await hub.embedded.services.replace(service, (url) => {
      if (service === 'connector') balancer.watch(url);
    });
    ends.push({ service, end: signal ?? code });
    if (service === 'connector') webhooksMeanwhile = balancer.answered - answered;
  };
  try {
    const report = await runDay({
      seed: 1,
      seededOrders: ORDERS,
      faults: 'off',
      dataDir,
      reset: false,
      durable: false,
      timeScale: 120,
      paceMs: 0,
      tradeMs: TRADE_MS,
      webhooksThrough: async (url) => {
        balancer.watch(url);
        return balancer.url;
      },
      onTrade: (running) => {
        // Until now nobody was there, and nothing had happened.
        failedBefore = balancer.failures.length;
        rolling = Promise.all(SERVICES.map((service) => replace(running, service)));
        // Waited for below; until then a failure is nobody's.
        rolling.catch(() => undefined);
      },
      beforeSettling: async () => void (await rolling),
      examine: async ({ hub }) => {
        redelivered = await countRedeliveries(hub.embedded.nats);
      },
      report: () => undefined,
    });
    return {
      report,
      redelivered,
      ends,
      webhooksMeanwhile,
      failedWebhooks: balancer.failures.slice(failedBefore),
    };
  } finally {
    await balancer.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

describe('a rolling restart of every service under load', () => {
  let roll: Roll;

  beforeAll(async () => {
    process.env['HTTP_LINGER_MS'] = String(LINGER_MS);
    roll = await aRollingDay();
  });
  afterAll(() => {
    delete process.env['HTTP_LINGER_MS'];
  });

  it('ends every old process in order', () => {
    expect(roll.ends).toHaveLength(SERVICES.length);
    expect(roll.ends).toEqual(
      expect.arrayContaining(SERVICES.map((service) => ({ service, end: 'SIGTERM' }))),
    );
  });

  it('has no message delivered a second time', () => {
    expect(Object.fromEntries(roll.redelivered)).toEqual({});
  });

  it('answers every webhook', () => {
    expect(roll.failedWebhooks).toEqual([]);
    expect(roll.webhooksMeanwhile).toBeGreaterThan(0);
  });

  it('leaves books that balance', () => {
    const { changes, shipments, orders, posOrders, stock, fulfilment, receivables, messages } =
      roll.report;
    expect({ mismatches: stock.mismatches, missing: fulfilment.missing }).toEqual({
      mismatches: [],
      missing: [],
    });
    expect(posOrders).toMatchObject({
      duplicated: 0,
      wrongUnits: 0,
      wrongCents: 0,
      wrongTender: 0,
    });
    expect(receivables).toMatchObject({ missing: 0, wrongAmount: 0 });
    expect(messages.deadLetters).toBe(0);
    // Some are called off, before they are posted or after.
    const stay = ORDERS - changes.calledOff;
    expect(orders).toMatchObject({ placed: ORDERS, dispatched: stay - shipments.putOff });
    expect(orders.posted).toBeGreaterThanOrEqual(stay);
  });
});
