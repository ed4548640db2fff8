import {
  AdjustStock,
  AskStockDisagreements,
  OrderAllocated,
  StockAdjusted,
  StockSet,
} from '@tillbridge/contracts';
import { randomUUID } from 'node:crypto';
import {
  aCount,
  aDeduction,
  aDraft,
  aLine,
  aMerchant,
  anOrder,
  at,
  type InventoryUnderTest,
  ONLINE,
  SHOP,
  TILL,
} from '../../test/inventory-under-test.js';
import { SharedInventory } from '../../test/shared-inventory.js';

const shared = new SharedInventory();
let inventory: InventoryUnderTest;

async function begin(configuration = aMerchant()): Promise<void> {
  inventory = await shared.begin(configuration);
}

afterAll(() => shared.close());

describe('a wholesale order', () => {
  const orderId = randomUUID();

  it('keeps the promise of a draft while the draft becomes an order', async () => {
    await begin();
    await inventory.deliver([aCount('A', 10, 0)]);
    await inventory.channelShows('A', 10, 1);
    const lines = [aLine({ lineId: 'd1', sku: 'A', orderedQuantity: 6 })];
    await inventory.deliver([aDraft({ orderId, lines })]);
    const [fall] = await inventory.publish();
    expect(fall?.items).toEqual([
      { channelLocationId: ONLINE, sku: 'A', fromUnits: 10, toUnits: 4 },
    ]);
    await inventory.accept(fall!, 2);
    expect(await inventory.publish()).toEqual([]);

    // The platform takes the six off by itself when staff complete the draft.
    await inventory.channelShows('A', -2, 3);
    await inventory.deliver([aDraft({ orderId, revision: 2, status: 'completed', lines })]);
    expect(await inventory.desired()).toEqual({ A: 4 });
    const orderLines = [aLine({ lineId: 'o1', sku: 'A', orderedQuantity: 6 })];
    const ids = await inventory.deliver([anOrder({ orderId, lines: orderLines })]);
    expect(await inventory.desired()).toEqual({ A: 4 });
    expect(await inventory.publish()).toEqual([]);

    inventory.nowMs += 1000;
    await inventory.poll(ids);
    const [rise] = await inventory.publish();
    expect(rise?.items).toEqual([
      { channelLocationId: ONLINE, sku: 'A', fromUnits: -2, toUnits: 4 },
    ]);
    const told = await inventory.sent(OrderAllocated);
    expect(told.map(({ revision, allocations }) => [revision, allocations[0]?.lineId])).toEqual([
      [1, 'd1'],
      [2, 'o1'],
    ]);
  });

  it('leaves the promise by exactly what the figure contains', async () => {
    await begin();
    await inventory.deliver([aCount('A', 30, 0)]);
    await inventory.channelShows('A', 30, 1);
    const lines = [aLine({ sku: 'CASE', orderedQuantity: 2 })];
    await inventory.deliver([anOrder({ orderId, lines })]);
    expect(await inventory.desired()).toEqual({ A: 6 });
    await inventory.deliver([aCount('A', 20, 10, { causes: [aDeduction(orderId, 10, 5)] })]);
    expect(await inventory.desired()).toEqual({ A: 6 });
    const { locations } = await inventory.queries.stockOfSku({ sku: 'A' });
    expect(locations).toEqual([
      expect.objectContaining({ onHandUnits: 20, committedUnits: 14, sellableUnits: 6 }),
    ]);
  });

  it('is not put back on sale by a cancel before the POS gives the goods back', async () => {
    await begin();
    await inventory.deliver([aCount('A', 10, 0)]);
    await inventory.channelShows('A', 10, 1);
    const line = aLine({ sku: 'A', orderedQuantity: 6 });
    await inventory.deliver([anOrder({ orderId, lines: [line] })]);
    await inventory.deliver([aCount('A', 4, 10, { causes: [aDeduction(orderId, 6, 9)] })]);
    const cancelled = [{ ...line, cancelledQuantity: 6 }];
    await inventory.deliver([
      anOrder({ orderId, revision: 2, status: 'cancelled', lines: cancelled }),
    ]);
    expect(await inventory.desired()).toEqual({ A: 4 });
    expect(await inventory.openExceptions()).toEqual([`restock-pending ${orderId}`]);

    const back = { causeId: 'back', kind: 'reversal' as const, orderId, units: 6, at: at(20) };
    await inventory.deliver([aCount('A', 10, 20, { causes: [back] })]);
    expect(await inventory.desired()).toEqual({ A: 10 });
    expect(await inventory.openExceptions()).toEqual([]);
  });

  it('is short while the shelf lacks its goods, and no longer than that', async () => {
    await begin(aMerchant({ locations: ['north'] }));
    await inventory.deliver([aCount('A', 3, 0)]);
    await inventory.deliver([
      anOrder({ orderId, lines: [aLine({ sku: 'A', orderedQuantity: 5 })] }),
    ]);
    expect(await inventory.openExceptions()).toEqual([`order-short ${orderId}`]);
    await inventory.deliver([aCount('A', 5, 10)]);
    expect(await inventory.openExceptions()).toEqual([]);
    const told = await inventory.sent(OrderAllocated);
    expect(told.map(({ revision, shortUnits }) => [revision, shortUnits])).toEqual([
      [1, 2],
      [2, 0],
    ]);
    expect(told.map(({ allocations }) => allocations[0]?.shortQuantity)).toEqual([2, undefined]);
  });

  it('waits for the first count of a SKU that nobody stocks', async () => {
    await begin();
    await inventory.deliver([anOrder({ orderId, lines: [aLine({ sku: 'KIT' })] })]);
    await inventory.deliver([aCount('A', 5, 0)]);
    expect((await inventory.sent(OrderAllocated)).at(-1)).toMatchObject({
      allocations: [],
      unallocated: [{ lineId: 'line-KIT', reason: 'unknown-sku' }],
    });
    await inventory.deliver([aCount('B', 5, 0)]);
    expect((await inventory.sent(OrderAllocated)).at(-1)).toMatchObject({
      allocations: [
        {
          locationId: 'north',
          quantity: 1,
          components: [
            { sku: 'A', units: 2 },
            { sku: 'B', units: 1 },
          ],
        },
      ],
      unallocated: [],
    });
  });
});

describe('many orders at once', () => {
  it('are each promised goods that no other is promised', async () => {
    await begin();
    const shelves = ['north', 'south'].map((locationId) => aCount('A', 20, 0, { locationId }));
    await inventory.deliver(shelves);
    const lines = [aLine({ sku: 'A', orderedQuantity: 2 })];
    const orders = Array.from({ length: 20 }, () => anOrder({ orderId: randomUUID(), lines }));
    // Each comes twice, and every delivery is a transaction of its own.
    const ids = orders.map(() => randomUUID());
    await Promise.all(
      [...orders, ...orders].map((order, n) => inventory.deliver([order], [ids[n % 20]!])),
    );
    const { locations } = await inventory.queries.stockOfSku({ sku: 'A' });
    expect(locations.map(({ committedUnits }) => committedUnits)).toEqual([20, 20]);
    expect(await inventory.openExceptions()).toEqual([]);
    expect(await inventory.sent(OrderAllocated)).toHaveLength(20);
  });
});

describe('a channel', () => {
  it('waits anew with a rise when more is known than its poll covered', async () => {
    await begin();
    await inventory.deliver([aCount('A', 5, 0)]);
    await inventory.channelShows('A', 5, 1);
    const began = inventory.nowMs;
    inventory.nowMs = began + 100;
    await inventory.deliver([aCount('A', 12, 10)]);
    inventory.nowMs = began + 200;
    const sale = anOrder({ orderId: randomUUID(), trade: false, lines: [aLine({ sku: 'A' })] });
    await inventory.deliver([sale]);
    inventory.nowMs = began + 150;
    await inventory.poll();
    expect(await inventory.publish()).toEqual([]);
    inventory.nowMs = began + 200;
    await inventory.poll();
    const [rise] = await inventory.publish();
    expect(rise?.items[0]).toMatchObject({ fromUnits: 5, toUnits: 11 });
  });

  it('that is only observed is worked out once for each figure, and nothing is left to do', async () => {
    await begin();
    await inventory.deliver([aCount('A', 5, 0)]);
    await inventory.channelShows('A', 10, 1);
    const [fall] = await inventory.publish();
    const results = [{ channelLocationId: ONLINE, sku: 'A', outcome: 'not-sent' }];
    await inventory.deliver([Object.assign(new StockSet(), { ...fall, results })]);
    expect(await inventory.publish()).toEqual([]);
    expect(await inventory.queries.disagreements(new AskStockDisagreements())).toMatchObject({
      rows: 1,
      open: 1,
      first: [{ sku: 'A', observedUnits: 10, desiredUnits: 5 }],
    });
  });

  it('is not told of a rise while it may have sold what we have not seen', async () => {
    await begin();
    await inventory.deliver([aCount('A', 10, 0)]);
    await inventory.channelShows('A', 10, 1);
    // The till sells one; the channel, unseen, has sold two.
    await inventory.deliver([aCount('A', 9, 10)]);
    const [fall] = await inventory.publish();
    expect(fall?.items[0]).toMatchObject({ fromUnits: 10, toUnits: 9 });
    const stale = { channelLocationId: ONLINE, sku: 'A', outcome: 'stale', availableUnits: 8 };
    const results = [{ ...stale, revision: 2 }];
    await inventory.deliver([Object.assign(new StockSet(), { ...fall, results })]);
    expect(await inventory.publish()).toEqual([]);

    inventory.nowMs += 1000;
    const missing = randomUUID();
    await inventory.poll([missing]);
    expect(await inventory.publish()).toEqual([]);
    const order = anOrder({
      orderId: randomUUID(),
      trade: false,
      lines: [aLine({ sku: 'A', orderedQuantity: 2 })],
    });
    await inventory.deliver([order], [missing]);
    const [second] = await inventory.publish();
    expect(second?.items[0]).toMatchObject({ fromUnits: 8, toUnits: 7 });
  });

  it('that somebody else writes is told of when no order explains it, until it is right again', async () => {
    await begin();
    await inventory.deliver([aCount('A', 10, 0)]);
    await inventory.channelShows('A', 10, 1);
    const stale = async (availableUnits: number, revision: number) => {
      const [batch] = await inventory.publish();
      const result = { channelLocationId: ONLINE, sku: 'A', outcome: 'stale', availableUnits };
      const results = [{ ...result, revision }];
      await inventory.deliver([Object.assign(new StockSet(), { ...batch, results })]);
    };
    const sale = anOrder({
      orderId: randomUUID(),
      trade: false,
      placedAt: new Date(inventory.nowMs).toISOString(),
      lines: [aLine({ sku: 'A', orderedQuantity: 2 })],
    });
    const coveredByPoll = async () => {
      inventory.nowMs += 1000;
      await inventory.poll();
      await inventory.publisher.watch();
      return inventory.openExceptions();
    };
    // Two were sold that we had not seen.
    await inventory.deliver([aCount('A', 9, 10)]);
    await stale(8, 2);
    await inventory.publisher.watch();
    expect(await inventory.openExceptions()).toEqual([]);
    await inventory.deliver([sale]);
    expect(await coveredByPoll()).toEqual([]);
    // The figure is 7 by now. Another app writes 3.
    await inventory.accept((await inventory.publish())[0]!, 3);
    await inventory.deliver([aCount('A', 8, 20)]);
    inventory.nowMs += 3_600_000;
    await stale(3, 4);
    const told = [`stock-written-elsewhere A at ${SHOP} ${ONLINE}`];
    expect(await coveredByPoll()).toEqual(told);
    const [rise] = await inventory.publish();
    expect(rise?.items[0]).toMatchObject({ fromUnits: 3, toUnits: 6 });
    await inventory.accept(rise!, 5);
    expect(await coveredByPoll()).toEqual([]);
  });

  it('is offered no case of twelve when six lie in each of two stores', async () => {
    await begin();
    await inventory.channelShows('CASE', 0, 1);
    await inventory.channelShows('A', 0, 1);
    await inventory.deliver([aCount('A', 6, 0), aCount('A', 6, 0, { locationId: 'south' })]);
    expect(await inventory.desired()).toEqual({ A: 12, CASE: 0 });
    await inventory.deliver([aCount('A', 13, 1)]);
    expect(await inventory.desired()).toEqual({ A: 19, CASE: 1 });
  });

  it('is asked again only when the figure changes after it refused one', async () => {
    await begin();
    await inventory.deliver([aCount('A', 5, 0)]);
    await inventory.channelShows('A', 10, 1);
    const [fall] = await inventory.publish();
    const where = { channelLocationId: ONLINE, sku: 'A' };
    const results = [{ ...where, outcome: 'refused', reason: 'not tracked' }];
    await inventory.deliver([Object.assign(new StockSet(), { ...fall, results })]);
    expect(await inventory.openExceptions()).toEqual([
      `channel-refused-stock A at ${SHOP} ${ONLINE}`,
    ]);
    expect(await inventory.publish()).toEqual([]);
    await inventory.deliver([aCount('A', 4, 1)]);
    const [again] = await inventory.publish();
    expect(again?.items[0]).toMatchObject({ fromUnits: 10, toUnits: 4 });
    await inventory.accept(again!, 2);
    expect(await inventory.openExceptions()).toEqual([]);
  });

  it('has six batches on the way at most, and people are told of those without an answer', async () => {
    await begin();
    for (const [n, sku] of ['T', 'U', 'V', 'W', 'X', 'Y', 'Z'].entries()) {
      await inventory.deliver([aCount(sku, 1, 0)]);
      await inventory.channelShows(sku, 9, 1);
      expect(await inventory.publish()).toHaveLength(n < 6 ? 1 : 0);
    }
    inventory.nowMs += 601_000;
    await inventory.publisher.watch();
    expect(await inventory.openExceptions()).toHaveLength(6);
  });
});

describe('a retail order', () => {
  it('of goods that no master has counted is told, and placed with their first count', async () => {
    await begin();
    const lines = [aLine({ sku: 'KIT' })];
    await inventory.deliver([anOrder({ orderId, lines, trade: false })]);
    expect(await inventory.openExceptions()).toEqual([`sku-unknown ${orderId}`]);
    const [told] = await inventory.database.query('select system, cause from exception');
    expect(told).toMatchObject({
      system: SHOP,
      cause: expect.stringContaining('for A, B of order'),
    });
    await inventory.deliver([aCount('A', 5, 0), aCount('B', 5, 0)]);
    expect(await inventory.openExceptions()).toEqual([]);
  });

  const orderId = randomUUID();
  const line = aLine({ sku: 'A', orderedQuantity: 5 });

  it('is promised like any other and leaves the master once a dispatched part', async () => {
    await begin();
    await inventory.deliver([aCount('A', 10, 0)]);
    await inventory.channelShows('A', 10, 1);
    await inventory.deliver([anOrder({ orderId, trade: false, lines: [line] })]);
    expect(await inventory.desired()).toEqual({ A: 5 });
    expect(await inventory.sent(OrderAllocated)).toEqual([]);

    const dispatched = (fulfilledQuantity: number, revision: number) =>
      inventory.deliver([
        anOrder({ orderId, trade: false, revision, lines: [{ ...line, fulfilledQuantity }] }),
      ]);
    await dispatched(2, 2);
    await dispatched(2, 3);
    await dispatched(5, 4);
    const asked = await inventory.sent(AdjustStock);
    expect(asked.map(({ connectionId, changes }) => [connectionId, changes])).toEqual([
      [TILL, [{ sku: 'A', units: -2 }]],
      [TILL, [{ sku: 'A', units: -3 }]],
    ]);
    expect(new Set(asked.map(({ adjustmentId }) => adjustmentId)).size).toBe(2);
    expect(await inventory.desired()).toEqual({ A: 5 });

    const out = { kind: 'retail-dispatch' as const, orderId };
    await inventory.deliver([
      aCount('A', 5, 20, {
        causes: [
          { ...out, causeId: 'one', units: -2, at: at(10) },
          { ...out, causeId: 'two', units: -3, at: at(20) },
        ],
      }),
    ]);
    expect(await inventory.desired()).toEqual({ A: 5 });
  });

  it('whose adjustment the master refuses is shown to people until one is done', async () => {
    await begin();
    await inventory.deliver([aCount('A', 10, 0)]);
    const lines = [{ ...line, fulfilledQuantity: 5 }];
    await inventory.deliver([anOrder({ orderId, trade: false, lines })]);
    const [asked] = await inventory.sent(AdjustStock);
    const result = { ...asked, reason: 'no such item' };
    await inventory.deliver([
      Object.assign(new StockAdjusted(), { ...result, outcome: 'refused' }),
    ]);
    expect(await inventory.openExceptions()).toEqual([`adjustment-refused ${orderId}`]);
    await inventory.deliver([Object.assign(new StockAdjusted(), { ...result, outcome: 'done' })]);
    expect(await inventory.openExceptions()).toEqual([]);
  });

  it('counts for nothing where it has a location of its own', async () => {
    await begin(aMerchant({ retailOrders: 'separate-location' }));
    await inventory.deliver([aCount('A', 10, 0)]);
    await inventory.channelShows('A', 10, 1);
    await inventory.deliver([anOrder({ orderId, trade: false, lines: [line] })]);
    expect(await inventory.desired()).toEqual({ A: 10 });
  });
});
