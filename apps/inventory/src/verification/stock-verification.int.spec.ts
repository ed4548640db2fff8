import { setTimeout as sleep } from 'node:timers/promises';
import type { VerifiedStock, VerifyStock } from '@tillbridge/contracts';
import { Failure } from '@tillbridge/contracts';
import { freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import { randomUUID } from 'node:crypto';
import { ComparedSystems } from '../../test/compared-systems.js';
import {
  aCount,
  aDeduction,
  aLine,
  aMerchant,
  anOrder,
  aPhysicalCount,
  aReversal,
  at,
  InventoryUnderTest,
  ONLINE,
  SHOP,
  TILL,
} from '../../test/inventory-under-test.js';

let fresh: FreshDatabase;
let inventory: InventoryUnderTest;
let systems: ComparedSystems;

beforeAll(async () => {
  fresh = await freshDatabase();
  inventory = await InventoryUnderTest.open(fresh.url, aMerchant());
});

beforeEach(async () => {
  await inventory.forgetAll();
  systems = new ComparedSystems(inventory);
});

afterAll(async () => {
  await inventory.database.close();
  await fresh.drop();
});

function verify(question: Partial<VerifyStock> & { sku: string }): Promise<VerifiedStock> {
  return systems.verification.verify(question);
}

/** 24 A in the north and 6 in the south, 5 B in the north; the shop shows all of it. */
async function opened(): Promise<void> {
  await inventory.deliver([
    aCount('A', 24, 0),
    aCount('A', 6, 0, { locationId: 'south' }),
    aCount('B', 5, 0),
  ]);
  for (const [sku, units] of Object.entries({ A: 30, B: 5, CASE: 2, KIT: 5 })) {
    await inventory.channelShows(sku, units, 1);
  }
}

const ordered = (orderId: string, quantity: number, about: object = {}) =>
  anOrder({ orderId, lines: [aLine({ sku: 'A', orderedQuantity: quantity })], ...about });

/** What does not depend on when it is asked. */
function truthOf({ shelves, channels }: VerifiedStock) {
  const told = channels.map(({ state: _, ...rest }) => rest);
  return { shelves, told };
}

it('shows each figure with its clock, its promises, and how what channels are told comes about', async () => {
  await opened();
  const [first, second] = [randomUUID(), randomUUID()];
  await inventory.deliver([ordered(first, 4, { name: '#1' }), ordered(second, 10, { name: '#2' })]);
  await inventory.deliver([aCount('A', 21, 9, { causes: [aDeduction(first, 3, 8)] })]);
  const { shelves, channels } = await verify({ sku: 'A' });
  expect(shelves).toMatchObject([
    {
      locationId: 'north',
      masterConnectionId: TILL,
      onHandUnits: 21,
      countedAt: at(9),
      committedUnits: 11,
      sellableUnits: 10,
      promisesInAll: 2,
      promises: [
        { name: '#2', owedUnits: 10, containedUnits: 0, committedUnits: 10 },
        { name: '#1', owedUnits: 4, containedUnits: 3, committedUnits: 1 },
      ],
    },
    { locationId: 'south', onHandUnits: 6, committedUnits: 0, sellableUnits: 6, promises: [] },
  ]);
  expect(channels.map(({ sku, dueUnits, formula }) => [sku, dueUnits, formula])).toEqual([
    ['A', 16, 'north 10 + south 6'],
    ['CASE', 0, 'north ⌊10 / 12⌋ + south ⌊6 / 12⌋'],
    ['KIT', 5, 'north min(⌊10 / 2⌋, 5) + south min(⌊6 / 2⌋, not counted)'],
  ]);
  expect(channels.map(({ state }) => state)).toEqual([
    'to be sent next',
    'to be sent next',
    'agrees',
  ]);
  expect(Object.fromEntries(channels.map(({ sku, dueUnits }) => [sku, dueUnits]))).toEqual(
    await inventory.desired().then(({ A, CASE, KIT }) => ({ A, CASE, KIT })),
  );
});

it('shows of a pack the shelves that it is taken from, and itself alone as sold', async () => {
  await opened();
  const { shelves, channels } = await verify({ sku: 'CASE' });
  expect(shelves.map(({ sku, locationId }) => [sku, locationId])).toEqual([
    ['A', 'north'],
    ['A', 'south'],
  ]);
  expect(channels).toMatchObject([
    { sku: 'CASE', connectionId: SHOP, channelLocationId: ONLINE, shownUnits: 2, dueUnits: 2 },
  ]);
});

it('derives any past moment from the ledgers, exactly as it was then', async () => {
  const [first, second] = [randomUUID(), randomUUID()];
  const life: (() => Promise<unknown>)[] = [
    opened,
    () => inventory.deliver([ordered(first, 10)]),
    () => inventory.channelShows('A', 20, 2),
    () => inventory.deliver([aCount('A', 18, 9, { causes: [aDeduction(first, 6, 8)] })]),
    () => inventory.deliver([ordered(second, 5)]),
    () => inventory.channelShows('CASE', 1, 2),
    () => inventory.deliver([ordered(first, 10, { revision: 2, status: 'cancelled' })]),
    () => inventory.deliver([aCount('A', 24, 20, { causes: [aReversal(first, 6, 19)] })]),
    () => inventory.deliver([aCount('A', 23, 30, { causes: [aPhysicalCount(23, 29)] })]),
  ];
  const seen: { at: string; truth: unknown }[] = [];
  for (const step of life) {
    await step();
    const now = await verify({ sku: 'A' });
    seen.push({ at: now.at, truth: truthOf(now) });
    // What follows is not of the same millisecond.
    await sleep(2);
  }
  for (const { at: moment, truth } of seen) {
    expect(truthOf(await verify({ sku: 'A', at: moment }))).toEqual(truth);
  }
  expect(new Set(seen.map(({ truth }) => JSON.stringify(truth))).size).toBe(life.length);
  await expect(verify({ sku: 'A', at: '2020-01-01T00:00:00Z' })).rejects.toThrow(/nobody has told/);
});

it('counts to a moment all of its millisecond', async () => {
  await opened();
  const at = '2026-03-04T10:15:30.003Z';
  for (const ledger of ['stock_ledger', 'channel_ledger']) {
    const late = `timestamptz '${at}' + interval '900 microseconds'`;
    await inventory.database.query(`update ${ledger} set recorded_at = ${late}`);
  }
  const { shelves, channels } = await verify({ sku: 'A', at });
  expect(shelves.length).toBeGreaterThan(0);
  expect(channels.map(({ shownUnits }) => shownUnits)).toContain(30);
});

it('keeps from sale what was put back twice after a count, in the past as now', async () => {
  await opened();
  const orderId = randomUUID();
  await inventory.deliver([ordered(orderId, 10)]);
  await inventory.deliver([aCount('A', 14, 9, { causes: [aDeduction(orderId, 10, 8)] })]);
  // People find the ten on the shelf; the till puts them back once more.
  await inventory.deliver([aCount('A', 24, 20, { causes: [aPhysicalCount(24, 19)] })]);
  await inventory.deliver([ordered(orderId, 10, { revision: 2, status: 'cancelled' })]);
  await inventory.deliver([aCount('A', 34, 30, { causes: [aReversal(orderId, 10, 29)] })]);
  const [level] = await inventory.database.query<{ committed: number }>(
    `select committed_units as committed from stock_level where location_id = 'north' and sku = 'A'`,
  );
  expect(level).toEqual({ committed: 10 });
  const now = await verify({ sku: 'A' });
  expect(now.shelves[0]).toMatchObject({
    committedUnits: 10,
    promises: [{ owedUnits: 0, containedUnits: -10, committedUnits: 10 }],
  });
  expect(truthOf(await verify({ sku: 'A', at: now.at }))).toEqual(truthOf(now));
});

it('names for each entry of the ledger the order or the causes that made it, latest last', async () => {
  await opened();
  const orderId = randomUUID();
  await inventory.deliver([ordered(orderId, 4, { name: '#7' })]);
  const causes = [{ causeId: 's', kind: 'sale' as const, units: -1, at: at(7) }];
  await inventory.deliver([aCount('A', 19, 9, { causes: [...causes, aDeduction(orderId, 4, 8)] })]);
  const { ledger } = await verify({ sku: 'A', entries: 3 });
  expect(ledger).toMatchObject([
    { orderName: '#7', owedUnits: 4, containedUnits: 0, onHandUnits: null, causes: [] },
    {
      onHandUnits: 19,
      countedAt: at(9),
      causes: [
        { kind: 'sale', units: -1, at: at(7) },
        { kind: 'order', units: -4, at: at(8) },
      ],
    },
    { orderName: '#7', owedUnits: 4, containedUnits: 4, causes: [{ kind: 'order', units: -4 }] },
  ]);
});

it('asks the systems themselves when it is told to, and names those that are silent', async () => {
  await opened();
  systems.tillSays('north', 'A', 23, 50);
  systems.shopSays('A', 30);
  systems.before = async ({ connectionId }) => {
    if (connectionId === SHOP) throw new Failure('query-timeout', { afterMs: 1 }, 'it is asleep');
  };
  const { readings } = await verify({ sku: 'A', askSystems: true });
  expect(readings).toEqual([
    {
      connectionId: SHOP,
      place: ONLINE,
      sku: 'A',
      units: null,
      countedAt: null,
      silence: 'it is asleep',
    },
    { connectionId: TILL, place: 'north', sku: 'A', units: 23, countedAt: at(50) },
  ]);
  expect((await verify({ sku: 'A' })).readings).toEqual([]);
});

it('shows the differences that were open at the moment', async () => {
  await opened();
  for (const [sku, units] of Object.entries({ A: 24, B: 5 }))
    systems.tillSays('north', sku, units, 0);
  systems.tillSays('south', 'A', 6, 0);
  for (const [sku, units] of Object.entries({ A: 30, B: 9, CASE: 2, KIT: 5 })) {
    systems.shopSays(sku, units);
  }
  inventory.nowMs = Date.now() - 3_600_000;
  await inventory.poll();
  await systems.compare();
  const { differences } = await verify({ sku: 'B' });
  expect(differences).toMatchObject([{ sku: 'B', side: 'channel', reason: 'written-elsewhere' }]);
  expect((await verify({ sku: 'A' })).differences).toEqual([]);
});
