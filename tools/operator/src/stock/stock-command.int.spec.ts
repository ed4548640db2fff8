import { Controller, Module } from '@nestjs/common';
import {
  AskReconciliation,
  Failure,
  ReconcileStock,
  ReconciliationRun,
  StockDifferenceRow,
  VerifiedChannel,
  VerifiedEntry,
  VerifiedPromise,
  VerifiedReading,
  VerifiedShelf,
  VerifiedStock,
  VerifyStock,
} from '@tillbridge/contracts';
import { Answers, MessagingModule } from '@tillbridge/messaging';
import { PostgresModule } from '@tillbridge/postgres';
import { RuntimeModule } from '@tillbridge/runtime';
import { OperatedHub } from '../../test/operated-hub.js';

const AT = '2026-06-01T09:00:00.000Z';
const ORDER = '7d2b2ff2-3f2c-4d0f-8f0a-6f8f8e0c9a11';
const RUN = '7d2b2ff2-3f2c-4d0f-8f0a-6f8f8e0c9a12';

const DIFFERENCE = Object.assign(new StockDifferenceRow(), {
  connectionId: 'shop',
  place: '1',
  sku: 'A',
  side: 'channel',
  hubUnits: 16,
  seenUnits: 30,
  reason: 'written-elsewhere',
  explanation: 'shop 1 says 30, the hub 16.',
  firstSeenAt: AT,
  lastSeenAt: AT,
  clearedAt: null,
});

const CAUSE = { kind: 'sale', units: -3, at: AT } as const;

const STOCK = Object.assign(new VerifiedStock(), {
  sku: 'A',
  at: AT,
  shelves: [
    Object.assign(new VerifiedShelf(), {
      locationId: 'north',
      sku: 'A',
      masterConnectionId: 'tills',
      onHandUnits: 21,
      countedAt: AT,
      committedUnits: 11,
      bufferUnits: 0,
      sellableUnits: 10,
      promises: [
        Object.assign(new VerifiedPromise(), {
          orderId: ORDER,
          name: '#2',
          owedUnits: 11,
          containedUnits: 0,
          committedUnits: 11,
        }),
      ],
      promisesInAll: 1,
    }),
  ],
  channels: [
    Object.assign(new VerifiedChannel(), {
      connectionId: 'shop',
      channelLocationId: '1',
      sku: 'A',
      shownUnits: 30,
      dueUnits: 10,
      formula: 'north 10',
      state: 'to be sent next',
    }),
  ],
  readings: [],
  differences: [],
  ledger: [
    Object.assign(new VerifiedEntry(), {
      recordedAt: AT,
      locationId: 'north',
      sku: 'A',
      messageId: 'fact-1',
      onHandUnits: 21,
      countedAt: AT,
      orderId: null,
      orderName: null,
      owedUnits: null,
      containedUnits: null,
      causes: [CAUSE],
    }),
  ],
});

/** What was asked, and how often a comparison has been looked at. */
const asked: { verify: VerifyStock[]; scopes: string[]; looks: number } = {
  verify: [],
  scopes: [],
  looks: 0,
};
let answer: VerifiedStock;
let rows: StockDifferenceRow[];

@Controller()
class InventoryController {
  @Answers(VerifyStock)
  verify(question: VerifyStock): Promise<VerifiedStock> {
    asked.verify.push(question);
    if (question.sku === 'A') return Promise.resolve(answer);
    throw new Failure('not-found', 'never', `nobody has told anything of '${question.sku}'`);
  }

  @Answers(ReconcileStock)
  reconcile({ scope }: ReconcileStock): Promise<ReconciliationRun> {
    asked.scopes.push(scope);
    return Promise.resolve(aRun(false));
  }

  @Answers(AskReconciliation)
  look(_: AskReconciliation): Promise<ReconciliationRun> {
    asked.looks += 1;
    return Promise.resolve(aRun(true));
  }
}

function aRun(finished: boolean): ReconciliationRun {
  return Object.assign(new ReconciliationRun(), {
    runId: RUN,
    scope: 'all',
    askedBy: 'person',
    startedAt: AT,
    finishedAt: finished ? AT : null,
    complete: finished ? true : null,
    pairs: finished ? 8 : 5,
    differences: finished && rows.length > 0 ? { 'written-elsewhere': rows.length } : {},
    rows,
  });
}

@Module({
  imports: [
    RuntimeModule.forService('inventory'),
    PostgresModule.forService('inventory', { migrations: [] }),
    MessagingModule.forService('inventory'),
  ],
  controllers: [InventoryController],
})
class InventoryModule {}

let hub: OperatedHub;

beforeAll(async () => {
  hub = await OperatedHub.start('inventory', InventoryModule);
});

beforeEach(() => {
  Object.assign(asked, { verify: [], scopes: [], looks: 0 });
  answer = STOCK;
  rows = [];
});

afterAll(() => hub.stop());

describe('stock verify', () => {
  it('shows a table for each question, in columns that line up', async () => {
    const { code, out } = await hub.run('stock', 'verify', 'A');
    expect(code).toBe(0);
    expect(asked.verify).toEqual([expect.objectContaining({ sku: 'A', askSystems: true })]);
    const text = out.join('\n');
    expect(text).toMatch(/location +sku +master +on hand +- committed +- buffer +/);
    expect(text).toMatch(/north +A +tills +21 +11 +0 +10 +2026/);
    expect(text).toMatch(/north +A +#2 +11 +0 +11/);
    expect(text).toMatch(/shop +1 +A +30 +10 +north 10 +to be sent next/);
    expect(text).toMatch(/on hand 21 +sale -3 +fact-1/);
    const heading = out.findIndex((line) => line.startsWith('channel '));
    expect(out[heading]!.indexOf('because')).toBe(out[heading + 1]!.indexOf('north 10'));
  });

  it('asks for a past moment without the systems, and prints for programs', async () => {
    const { code, json } = await hub.run(
      'stock',
      'verify',
      'A',
      '--at',
      '2026-06-01T11:00+02:00',
      '--json',
    );
    expect(code).toBe(0);
    expect(asked.verify).toEqual([expect.objectContaining({ at: AT })]);
    expect(asked.verify[0]).not.toHaveProperty('askSystems');
    expect(json()).toMatchObject({ sku: 'A', shelves: [{ onHandUnits: 21 }] });
  });

  it('ends with 1 while a difference is open or a system is silent, and with 2 for an unknown SKU', async () => {
    const silent = { connectionId: 'tills', place: 'north', sku: 'A', units: null };
    const reading = Object.assign(new VerifiedReading(), {
      ...silent,
      countedAt: null,
      silence: 'it is asleep',
    });
    answer = Object.assign(new VerifiedStock(), { ...STOCK, readings: [reading] });
    const asleep = await hub.run('stock', 'verify', 'A');
    expect([asleep.code, asleep.out.join('\n')]).toEqual([
      1,
      expect.stringContaining('it is asleep'),
    ]);
    answer = Object.assign(new VerifiedStock(), { ...STOCK, differences: [DIFFERENCE] });
    expect((await hub.run('stock', 'verify', 'A')).code).toBe(1);
    expect(await hub.run('stock', 'verify', 'Z')).toMatchObject({
      code: 2,
      complaints: [expect.stringContaining("nobody has told anything of 'Z'")],
    });
    expect((await hub.run('stock', 'verify', 'A', '--at', 'noon')).code).toBe(2);
  });
});

describe('stock reconcile', () => {
  it('says how far it is, waits for the end and ends with 0 when all agree', async () => {
    const { code, out, complaints } = await hub.run('stock', 'reconcile');
    expect([code, out]).toEqual([0, ['8 figures compared (all); no differences']]);
    expect(complaints).toEqual(['5 figures compared, 0 differences so far']);
    expect(asked).toMatchObject({ scopes: ['changed'], looks: 1 });
  });

  it('shows each difference that stays, and ends with 1', async () => {
    rows = [DIFFERENCE];
    const { code, out } = await hub.run('stock', 'reconcile', '--all');
    expect(asked.scopes).toEqual(['all']);
    expect(code).toBe(1);
    expect(out[0]).toBe('8 figures compared (all); 1 written-elsewhere');
    expect(out.join('\n')).toMatch(/shop +1 +A +30 +16 +written-elsewhere +shop 1 says 30/);
  });
});
