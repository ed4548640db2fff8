import { Failure, StockSet } from '@tillbridge/contracts';
import { freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import { randomUUID } from 'node:crypto';
import { ComparedSystems } from '../../test/compared-systems.js';
import {
  aCount,
  aLine,
  aMerchant,
  anOrder,
  at,
  InventoryUnderTest,
  ONLINE,
  SHOP,
  TILL,
} from '../../test/inventory-under-test.js';

const TABLES =
  'stock_level, stock_cause, stock_ledger, channel_order, allocation, commitment, publication, ' +
  'stock_batch, poll_watermark, poll_pending, inbox, outbox, exception, reconciliation_run, ' +
  'reconciliation_reading, reconciliation_mention, stock_difference';

let fresh: FreshDatabase;
let inventory: InventoryUnderTest;
let systems: ComparedSystems;

beforeAll(async () => {
  fresh = await freshDatabase();
  inventory = await InventoryUnderTest.open(fresh.url, aMerchant());
});

beforeEach(async () => {
  inventory.nowMs = Date.UTC(2026, 5, 1, 12);
  systems = new ComparedSystems(inventory);
  await inventory.database.query(`truncate ${TABLES}`);
});

afterAll(async () => {
  await inventory.database.close();
  await fresh.drop();
});

/** Ten A and five B at each store; the shop shows what is left of them, and all agree. */
async function allAgree(): Promise<void> {
  for (const locationId of ['north', 'south']) {
    for (const [sku, units] of [
      ['A', 24],
      ['B', 5],
    ] as const) {
      await inventory.deliver([aCount(sku, units, 0, { locationId })]);
      systems.tillSays(locationId, sku, units, 0);
    }
  }
  for (const [sku, units] of [
    ['A', 48],
    ['B', 10],
    ['CASE', 4],
    ['KIT', 10],
  ] as const) {
    await inventory.channelShows(sku, units, 1);
    systems.shopSays(sku, units);
  }
  inventory.nowMs += 1_000;
  await inventory.poll();
  inventory.nowMs += 1_000;
}

interface Row {
  readonly place: string;
  readonly sku: string;
  readonly reason: string;
  readonly explanation: string;
  readonly open: boolean;
}

async function differences(): Promise<Row[]> {
  return inventory.database.query<Row>(
    `select place, sku, class as reason, explanation, cleared_at is null as open
       from stock_difference order by place, sku`,
  );
}

async function onHand(sku: string, locationId = 'north'): Promise<number | undefined> {
  const { locations } = await inventory.queries.stockOfSku({ sku });
  return locations.find((each) => each.locationId === locationId)?.onHandUnits;
}

it('finds nothing where all agree, having looked at every figure once', async () => {
  await allAgree();
  expect(await systems.compare()).toEqual({});
  expect(await differences()).toEqual([]);
  const run = await systems.queries.run({});
  expect(run).toMatchObject({ scope: 'all', askedBy: 'person', complete: true, pairs: 8 });
  expect(systems.asked.map(({ connectionId, after }) => [connectionId, after])).toEqual(
    expect.arrayContaining([
      [TILL, undefined],
      [TILL, '3'],
      [SHOP, undefined],
      [SHOP, '3'],
    ]),
  );
});

it('tells nobody of what was on its way and came before the second look', async () => {
  await allAgree();
  systems.tillSays('north', 'A', 22, 60);
  const sale = { causeId: 's1', kind: 'sale' as const, units: -2, at: at(60) };
  const found = await systems.compare('all', async () => {
    await inventory.deliver([aCount('A', 22, 60, { causes: [sale] })]);
  });
  expect(found).toEqual({});
  const [row, ...more] = await differences();
  expect(more).toEqual([]);
  expect(row).toMatchObject({ sku: 'A', reason: 'in-flight', open: false });
  expect(row?.explanation).toMatch(/^Ended by itself: till sale of 2 \d+ min ago/);
  expect(await inventory.openExceptions()).toEqual([]);
});

it('takes a figure whose fact never came, and the promise it contains leaves when its cause does', async () => {
  await allAgree();
  systems.tillSays('north', 'A', 20, 60);
  expect(await systems.compare()).toEqual({ 'late-event': 1 });
  expect(await onHand('A')).toBe(20);
  expect(await inventory.desired()).toMatchObject({ A: 44, CASE: 3 });
  expect(await differences()).toMatchObject([{ sku: 'A', reason: 'late-event', open: false }]);
  // The master's own fact of that moment comes after all, with the order that took them.
  const orderId = randomUUID();
  await inventory.deliver([anOrder({ orderId, lines: [aLine({ sku: 'A', orderedQuantity: 4 })] })]);
  expect(await inventory.desired()).toMatchObject({ A: 40 });
  const cause = { causeId: 'o1', kind: 'order' as const, orderId, units: -4, at: at(60) };
  await inventory.deliver([aCount('A', 20, 60, { causes: [cause] })]);
  expect(await inventory.desired()).toMatchObject({ A: 44 });
});

it('takes the first figure of goods that the hub has never heard of', async () => {
  await allAgree();
  systems.tillSays('north', 'C', 7, 60);
  expect(await systems.compare()).toEqual({ 'late-event': 1 });
  expect(await onHand('C')).toBe(7);
});

it('publishes over what somebody else wrote, and says who until the shop is right again', async () => {
  await allAgree();
  systems.shopSays('B', 99);
  expect(await systems.compare()).toEqual({ 'written-elsewhere': 1 });
  expect(await inventory.openExceptions()).toEqual([
    `stock-written-elsewhere B at ${SHOP} ${ONLINE}`,
  ]);
  const [fall] = await inventory.publish();
  expect(fall?.items).toEqual([
    { channelLocationId: ONLINE, sku: 'B', fromUnits: 99, toUnits: 10 },
  ]);
  await inventory.accept(fall!, 2);
  systems.shopSays('B', 10);
  expect(await systems.compare('changed')).toEqual({});
  expect(await inventory.openExceptions()).toEqual([]);
});

it('accuses nobody before all orders until the first look are known', async () => {
  await allAgree();
  systems.shopSays('B', 7);
  const nothing = async () => undefined;
  expect(await systems.compare('all', nothing, false)).toEqual({ 'in-flight': 1 });
  expect(await inventory.openExceptions()).toEqual([]);
  expect(await systems.compare('changed')).toEqual({ 'written-elsewhere': 1 });
});

it('accuses nobody of a shop that sold again between the looks', async () => {
  await allAgree();
  systems.shopSays('B', 7);
  const sellsOn = async () => systems.shopSays('B', 6);
  expect(await systems.compare('all', sellsOn)).toEqual({ 'in-flight': 1 });
});

it('calls it late when orders that the hub knows took just that from the shop', async () => {
  await allAgree();
  // The platform keeps such orders from this shop's figures; the hub counts them for nothing.
  await inventory.deliver([
    anOrder({
      orderId: randomUUID(),
      status: 'cancelled',
      placedAt: new Date(inventory.nowMs + 5_000).toISOString(),
      lines: [aLine({ sku: 'B', orderedQuantity: 3 })],
    }),
  ]);
  systems.shopSays('B', 7);
  expect(await systems.compare()).toEqual({ 'late-event': 1 });
  expect(await inventory.openExceptions()).toEqual([]);
});

it('leaves alone what is being set, however long that takes', async () => {
  await allAgree();
  await inventory.deliver([aCount('B', 2, 60)]);
  systems.tillSays('north', 'B', 2, 60);
  const [fall] = await inventory.publish();
  expect(await systems.compare()).toEqual({ 'in-flight': 2 });
  expect(await inventory.openExceptions()).toEqual([]);
  await inventory.accept(fall!, 2);
  systems.shopSays('B', 7);
  systems.shopSays('KIT', 7);
  expect(await systems.compare('changed')).toEqual({});
});

it('names a SKU that no master counts, and is quiet again when one does', async () => {
  await allAgree();
  await inventory.channelShows('GIFT', 3, 1);
  systems.shopSays('GIFT', 3);
  expect(await systems.compare()).toEqual({ 'unmapped-sku': 1 });
  expect(await inventory.openExceptions()).toEqual([`sku-unmatched GIFT at ${SHOP} ${ONLINE}`]);
  await inventory.deliver([aCount('GIFT', 3, 60)]);
  systems.tillSays('north', 'GIFT', 3, 60);
  expect(await systems.compare('changed')).toEqual({});
  expect(await inventory.openExceptions()).toEqual([]);
});

it('names a SKU that its master has lost, and only when a second look misses it too', async () => {
  await allAgree();
  systems.forget('B');
  systems.shopSays('B', 10);
  expect(
    await systems.compare('all', async () => {
      systems.tillSays('south', 'B', 5, 0);
    }),
  ).toEqual({ 'unmapped-sku': 1 });
  expect(await inventory.openExceptions()).toEqual([`sku-unmatched B at ${TILL} north`]);
  systems.tillSays('north', 'B', 5, 0);
  await systems.compare();
  expect(await inventory.openExceptions()).toEqual([]);
});

it('names a place of which the master says nothing, and none of its SKUs', async () => {
  await allAgree();
  systems.forget('A');
  systems.forget('B');
  for (const [sku, units] of [
    ['A', 24],
    ['B', 5],
  ] as const)
    systems.tillSays('north', sku, units, 0);
  systems.shopSays('A', 48);
  systems.shopSays('B', 10);
  expect(await systems.compare()).toEqual({ 'location-mapping': 1 });
  expect(await inventory.openExceptions()).toEqual([`location-mapping-wrong ${TILL} south`]);
  systems.tillSays('south', 'A', 24, 0);
  systems.tillSays('south', 'B', 5, 0);
  await systems.compare();
  expect(await inventory.openExceptions()).toEqual([]);
});

it('sees that two stores show the figures of each other, and takes neither', async () => {
  await allAgree();
  await inventory.deliver([aCount('A', 7, 10)]);
  systems.tillSays('north', 'A', 24, 60);
  systems.tillSays('south', 'A', 7, 60);
  systems.shopSays('A', 31);
  systems.shopSays('CASE', 2);
  await inventory.channelShows('A', 31, 2);
  await inventory.channelShows('CASE', 2, 2);
  await inventory.channelShows('KIT', 8, 2);
  systems.shopSays('KIT', 8);
  expect(await systems.compare()).toEqual({ 'location-mapping': 2 });
  expect(await onHand('A')).toBe(7);
  const [north] = (await differences()).filter(({ place }) => place === 'north');
  expect(north?.explanation).toContain('it shows what belongs to south');
});

it('corrects a shop that shows cases as units, and asks for the pack size', async () => {
  await allAgree();
  systems.shopSays('CASE', 48);
  expect(await systems.compare()).toEqual({ 'pack-factor': 1 });
  expect(await inventory.openExceptions()).toEqual([`pack-factor-wrong CASE at ${SHOP} ${ONLINE}`]);
  const [fall] = await inventory.publish();
  expect(fall?.items).toMatchObject([{ sku: 'CASE', fromUnits: 48, toUnits: 4 }]);
});

it('asks people about a master that says another figure by the same clock', async () => {
  await allAgree();
  systems.tillSays('south', 'B', 9, 0);
  expect(await systems.compare()).toEqual({ unknown: 1 });
  expect(await onHand('B', 'south')).toBe(5);
  expect(await inventory.openExceptions()).toEqual([`stock-unexplained B at ${TILL} south`]);
});

it('reads only what changed since the last run that saw everything', async () => {
  await allAgree();
  const begunMs = inventory.nowMs;
  await systems.compare('changed');
  const before = systems.asked.length;
  await systems.compare('changed');
  const [first] = systems.asked.slice(before);
  expect(systems.asked[0]?.since).toBeUndefined();
  expect(Date.parse(first?.since ?? '')).toBe(begunMs - 120_000);
});

it('goes on where it was after a crash, and compares a page once', async () => {
  await allAgree();
  let broken = true;
  systems.before = async ({ connectionId, after }) => {
    if (connectionId === TILL && after === '3' && broken) throw new Error('killed');
  };
  await systems.runs.begin('all', 'person');
  await expect(systems.runs.work()).rejects.toThrow('killed');
  broken = false;
  const before = systems.asked.length;
  await systems.runs.work();
  expect(systems.asked.length).toBe(before);
  // The lease of whoever died runs out.
  inventory.nowMs += 90_000;
  await systems.runs.work();
  expect(systems.asked.slice(before).map(({ after }) => after)).toEqual(['3']);
  expect(await systems.queries.run({})).toMatchObject({ complete: true, pairs: 8 });
});

it('waits for a vendor that cannot answer now, and in the end does without it', async () => {
  await allAgree();
  systems.before = async ({ connectionId }) => {
    if (connectionId === SHOP) throw new Failure('query-timeout', { afterMs: 1_000 }, 'nobody');
  };
  await systems.runs.begin('all', 'person');
  await systems.runs.work();
  expect((await systems.queries.run({})).finishedAt).toBeNull();
  await expect(systems.runs.begin('all', 'person')).rejects.toMatchObject({ code: 'not-ready' });
  inventory.nowMs += 1_800_000;
  await systems.runs.work();
  expect(await systems.queries.run({})).toMatchObject({ complete: false, pairs: 4 });
  expect(await differences()).toEqual([]);
});

it('does not say that a figure is missing when a page came that was refused before', async () => {
  await allAgree();
  let refusals = 0;
  systems.before = async ({ connectionId, after }) => {
    if (connectionId !== TILL || after === undefined || refusals > 0) return;
    refusals += 1;
    throw new Failure('vendor-refused', 'never', 'the cursor has expired');
  };
  await systems.compare();
  expect(refusals).toBe(1);
  expect(await differences()).toEqual([]);
  expect(await systems.queries.run({})).toMatchObject({ complete: true });
});

it('begins by itself: everything first and after each night, else what changed', async () => {
  await allAgree();
  const scopes = async () => {
    await systems.runs.beginWhenDue();
    await systems.runs.work();
    const rows = await inventory.database.query<{ since: Date | null }>(
      'select since from reconciliation_run order by started_at',
    );
    return rows.map(({ since }) => (since === null ? 'all' : 'changed'));
  };
  expect(await scopes()).toEqual(['all']);
  expect(await scopes()).toEqual(['all']);
  inventory.nowMs += 300_000;
  expect(await scopes()).toEqual(['all', 'changed']);
  inventory.nowMs = Date.UTC(2026, 5, 2, 2, 29, 59);
  expect(await scopes()).toEqual(['all', 'changed', 'changed']);
  inventory.nowMs = Date.UTC(2026, 5, 2, 2, 30, 0);
  expect(await scopes()).toEqual(['all', 'changed', 'changed', 'all']);
});

it('says nothing of figures that a channel was not sent because the hub only observes it', async () => {
  await allAgree();
  await inventory.deliver([aCount('B', 2, 60)]);
  systems.tillSays('north', 'B', 2, 60);
  const [fall] = await inventory.publish();
  const { batchId, connectionId, items } = fall!;
  const results = items.map(({ channelLocationId, sku }) => ({
    channelLocationId,
    sku,
    outcome: 'not-sent' as const,
  }));
  await inventory.deliver([Object.assign(new StockSet(), { batchId, connectionId, results })]);
  expect(await systems.compare()).toEqual({});
});

it('looks only on where the hub does not set the figures', async () => {
  const merchant = aMerchant();
  const connections = merchant.connections.map((each) =>
    each.id === SHOP ? { ...each, publishStock: false } : each,
  );
  await inventory.database.close();
  inventory = await InventoryUnderTest.open(fresh.url, {
    ...merchant,
    connections,
  } as typeof merchant);
  systems = new ComparedSystems(inventory);
  await allAgree();
  systems.shopSays('B', 3);
  expect(await systems.compare()).toEqual({ 'late-event': 1 });
  expect(await inventory.openExceptions()).toEqual([]);
  const { channels } = await inventory.queries.stockOfSku({ sku: 'B' });
  expect(channels).toContainEqual(expect.objectContaining({ sku: 'B', observedUnits: 3 }));
});
