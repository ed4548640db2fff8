import { AskSkusOnSale, OrderAllocated, SetStock, SetTradeStock } from '@tillbridge/contracts';
import { randomUUID } from 'node:crypto';
import {
  aCount,
  aLine,
  aMerchant,
  anOrder,
  SHOP,
  TRADE,
  TRADE_STOCK,
  type InventoryUnderTest,
} from '../../test/inventory-under-test.js';
import { ComparedSystems } from '../../test/compared-systems.js';
import { SharedInventory } from '../../test/shared-inventory.js';

const AT_TRADE = { connectionId: TRADE, channelLocationId: TRADE_STOCK };
const shared = new SharedInventory();
let inventory: InventoryUnderTest;

/** The south feeds the trade layer; ten A lie in each store, and both channels show what there is. */
beforeEach(async () => {
  inventory = await shared.begin(aMerchant({ tradeFrom: ['south'] }));
  await inventory.deliver([aCount('A', 10, 0), aCount('A', 10, 0, { locationId: 'south' })]);
  await inventory.channelShows('A', 20, 1);
  await inventory.channelShows('A', 10, 1, AT_TRADE);
});
afterAll(() => shared.close());

async function told(): Promise<[from: number, to: number][]> {
  const before = (await inventory.sent(SetTradeStock)).length;
  await inventory.publisher.publish();
  const batches = (await inventory.sent<SetTradeStock>(SetTradeStock)).slice(before);
  return batches.flatMap(({ items }) =>
    items.map(({ fromUnits, toUnits }): [number, number] => [fromUnits, toUnits]),
  );
}

function southSells(leftUnits: number, second: number): Promise<string[]> {
  return inventory.deliver([aCount('A', leftUnits, second, { locationId: 'south' })]);
}

describe('a trade layer that overwrites', () => {
  it('is told a fall when a poll of its platform has shown what it may have sold unseen', async () => {
    inventory.nowMs += 1_000;
    await southSells(8, 10);
    expect(await told()).toEqual([]);
    // What the platform compares is told at once.
    const [compared] = await inventory.sent<SetStock>(SetStock);
    expect(compared?.items).toMatchObject([{ fromUnits: 20, toUnits: 18 }]);

    inventory.nowMs += 1_000;
    const missing = randomUUID();
    await inventory.poll([missing]);
    expect(await told()).toEqual([]);
    const lines = [aLine({ sku: 'A', orderedQuantity: 3 })];
    await inventory.deliver([anOrder({ orderId: randomUUID(), lines })], [missing]);
    expect(await told()).toEqual([[10, 5]]);
  });

  it('is told of a shelf that sells without a pause', async () => {
    inventory.nowMs += 1_000;
    await southSells(9, 10);
    inventory.nowMs += 1_000;
    await inventory.poll();
    await southSells(8, 20);
    inventory.nowMs += 1_000;
    await southSells(7, 30);
    expect(await told()).toEqual([[10, 7]]);
  });

  it('is told nothing while it shows what it should', async () => {
    await inventory.poll();
    await southSells(8, 10);
    await inventory.channelShows('A', 8, 2, AT_TRADE);
    inventory.nowMs += 1_000;
    await inventory.poll();
    expect(await told()).toEqual([]);
  });
});

it('trade orders come from what feeds the trade layer, all others from what feeds the platform', async () => {
  const lines = [aLine({ sku: 'A', orderedQuantity: 2 })];
  const orderId = randomUUID();
  await inventory.deliver([
    anOrder({ orderId, lines }),
    anOrder({ orderId: randomUUID(), trade: false, lines }),
  ]);
  const allocated = await inventory.sent(OrderAllocated);
  expect(allocated.map((each) => [each.orderId, each.allocations[0]?.locationId])).toEqual([
    [orderId, 'south'],
  ]);
  const { locations, channels } = await inventory.queries.stockOfSku({ sku: 'A' });
  expect(locations.map(({ committedUnits }) => committedUnits)).toEqual([2, 2]);
  expect(channels.map((each) => [each.connectionId, each.desiredUnits])).toEqual([
    [SHOP, 16],
    [TRADE, 8],
  ]);
});

it('the trade layer asks what its platform sells', async () => {
  await inventory.channelShows('B', 1, 1);
  const question = Object.assign(new AskSkusOnSale(), { connectionId: SHOP });
  expect(await inventory.queries.skusOnSale(question)).toEqual({ skus: ['A', 'B'] });
  expect(await inventory.queries.skusOnSale({ ...question, after: 'A' })).toEqual({ skus: ['B'] });
});

describe('what a trade layer shows, compared', () => {
  let systems: ComparedSystems;

  beforeEach(() => {
    systems = new ComparedSystems(inventory);
    systems.tillSays('north', 'A', 10, 0);
    systems.tillSays('south', 'A', 10, 0);
    systems.shopSays('A', 20);
    systems.tradeSays('A', 10);
    inventory.nowMs += 1_000;
  });

  it('is looked at like a platform, and agrees', async () => {
    expect(await systems.compare()).toEqual({});
    expect(await systems.queries.run({})).toMatchObject({ complete: true, pairs: 4 });
  });

  it('is set right when somebody else wrote it, and people are told until it is', async () => {
    systems.tradeSays('A', 99);
    expect(await systems.compare()).toEqual({ 'written-elsewhere': 1 });
    const open = [`stock-written-elsewhere A at ${TRADE} ${TRADE_STOCK}`];
    expect(await inventory.openExceptions()).toEqual(open);
    await inventory.poll();
    const before = await inventory.sent<SetTradeStock>(SetTradeStock);
    expect(before).toEqual([]);
    await inventory.publisher.publish();
    const [batch] = await inventory.sent<SetTradeStock>(SetTradeStock);
    expect(batch?.items).toMatchObject([{ fromUnits: 99, toUnits: 10 }]);
    await inventory.accept(batch!, 2);
    systems.tradeSays('A', 10);
    expect(await systems.compare('changed')).toEqual({});
    expect(await inventory.openExceptions()).toEqual([]);
  });

  it('accuses nobody before all orders of its platform are known, and counts those', async () => {
    systems.tradeSays('A', 7);
    const nothing = async () => undefined;
    expect(await systems.compare('all', nothing, false)).toEqual({ 'in-flight': 1 });
    const placedAt = new Date(inventory.nowMs + 5_000).toISOString();
    const lines = [aLine({ sku: 'A', orderedQuantity: 3 })];
    const orderId = randomUUID();
    await inventory.deliver([anOrder({ orderId, placedAt, status: 'cancelled', lines })]);
    expect(await systems.compare('changed')).toEqual({ 'late-event': 1 });
    expect(await inventory.openExceptions()).toEqual([]);
  });
});
