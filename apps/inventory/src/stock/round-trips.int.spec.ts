import { jest } from '@jest/globals';
import { ChannelStockObserved, StockSet, type StockSetResult } from '@tillbridge/contracts';
import { freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import {
  aCount,
  aDeduction,
  aLine,
  aMerchant,
  anOrder,
  InventoryUnderTest,
  ONLINE,
  SHOP,
} from '../../test/inventory-under-test.js';

const MANY = 500;

let fresh: FreshDatabase;
let inventory: InventoryUnderTest;

beforeAll(async () => {
  fresh = await freshDatabase();
  inventory = await InventoryUnderTest.open(fresh.url, aMerchant());
});

afterAll(async () => {
  await inventory.database.close();
  await fresh.drop();
});

/** Every statement that goes to the database meanwhile, `BEGIN` and `COMMIT` too. */
async function statementsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const sent = jest.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    return sent.mock.calls.map(([statement]) => String(statement));
  } finally {
    sent.mockRestore();
  }
}

/** A figure that is not the one that the channel should show. */
function shown(sku: string): ChannelStockObserved {
  const observedAt = new Date(inventory.nowMs).toISOString();
  const place = { connectionId: SHOP, channelLocationId: ONLINE, observedAt };
  return Object.assign(new ChannelStockObserved(), {
    ...place,
    sku,
    availableUnits: 99,
    revision: 1,
  });
}

/** A shelf for each name, of which the channel shows a figure that is not the one it should. */
async function stock(names: readonly string[]): Promise<void> {
  await inventory.deliver(names.map((sku) => aCount(sku, 10, 1)));
  await inventory.deliver(names.map(shown));
}

const ordersOf = (names: readonly string[]) =>
  names.map((sku) =>
    anOrder({ orderId: randomUUID(), lines: [aLine({ sku, orderedQuantity: 12 })] }),
  );

/** What each kind of batch sends, for as many facts as there are names; each fact on its own shelf. */
async function measure(names: readonly string[]): Promise<Record<string, readonly string[]>> {
  await stock(names);
  const orders = ordersOf(names);
  // Each is short by two, and by one when the figure that contains five of them comes.
  const taken = orders.map(({ orderId, lines: [line] }) =>
    aCount(line?.sku ?? '', 6, 3, { causes: [aDeduction(orderId, 5, 2)] }),
  );
  const ordered = await statementsOf(() => inventory.deliver(orders));
  const counted = await statementsOf(() => inventory.deliver(taken));
  const set = names.map((sku): StockSetResult => {
    const outcome = 'set' as const;
    return { channelLocationId: ONLINE, sku, outcome, availableUnits: 98, revision: 2 };
  });
  const told = Object.assign(new StockSet(), {
    batchId: randomUUID(),
    connectionId: SHOP,
    results: set,
  });
  const answered = await statementsOf(() => inventory.deliver([told]));
  return { ordered, counted, answered };
}

it('sends as many statements for a batch of 500 facts as for one', async () => {
  const one = await measure(['ONE']);
  const many = await measure(Array.from({ length: MANY }, (_, at) => `SKU-${at}`));
  expect(many).toEqual(one);
  expect(Math.min(...Object.values(one).map(({ length }) => length))).toBeGreaterThan(5);
});

it('reads the levels that a batch needs once, also those of what else is in a kit', async () => {
  await inventory.deliver([aCount('A', 10, 1), aCount('B', 10, 1)]);
  await inventory.deliver([shown('KIT')]);
  const sent = await statementsOf(() => inventory.deliver([aCount('A', 8, 2)]));
  expect(sent.filter((sql) => sql.includes('insert into publication'))).toHaveLength(1);
  expect(sent.filter((sql) => /^select[^(]*from stock_level/.test(sql.trim()))).toHaveLength(1);
});
