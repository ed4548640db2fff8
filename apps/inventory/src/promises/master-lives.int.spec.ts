import { AdjustStock, AvailabilityChanged, type StockCause } from '@tillbridge/contracts';
import { randomUUID } from 'node:crypto';
import {
  aCount,
  aDeduction,
  aDispatch,
  aLine,
  aMerchant,
  anOrder,
  aPhysicalCount,
  aReversal,
  at,
  type InventoryUnderTest,
} from '../../test/inventory-under-test.js';
import { SharedInventory } from '../../test/shared-inventory.js';

const shared = new SharedInventory();
let inventory: InventoryUnderTest;
let orderId: string;

afterAll(() => shared.close());

async function begin(change: Parameters<typeof aMerchant>[0] = { locations: ['north'] }) {
  inventory = await shared.begin(aMerchant(change));
  orderId = randomUUID();
  await inventory.channelShows('A', 0, 1);
}

function ordered(units: number, change: Partial<Parameters<typeof anOrder>[0]> = {}) {
  return anOrder({ orderId, lines: [aLine({ sku: 'A', orderedQuantity: units })], ...change });
}

async function shelf() {
  const { locations } = await inventory.queries.stockOfSku({ sku: 'A' });
  const [north] = locations;
  return [north?.onHandUnits, north?.committedUnits, north?.sellableUnits];
}

describe("the master's deduction", () => {
  it('counts once, in whichever order the figure and its cause are seen', async () => {
    await begin();
    await inventory.deliver([aCount('A', 30, 0)]);
    await inventory.deliver([ordered(10)]);
    const cause = aDeduction(orderId, 10, 5);
    // The cause alone, with the figure from before: it is not in it yet.
    await inventory.deliver([aCount('A', 30, 1, { causes: [cause] })]);
    expect(await shelf()).toEqual([30, 10, 20]);
    await inventory.deliver([aCount('A', 20, 5)]);
    expect(await shelf()).toEqual([20, 0, 20]);
    // And the other way round: a figure whose cause comes later keeps too much back, never too little.
    orderId = randomUUID();
    await inventory.deliver([ordered(4)]);
    await inventory.deliver([aCount('A', 16, 9)]);
    expect(await shelf()).toEqual([16, 4, 12]);
    const late = aDeduction(orderId, 4, 8);
    await inventory.deliver([aCount('A', 16, 9, { causes: [late] })]);
    await inventory.deliver([aCount('A', 16, 9, { causes: [late] })]);
    expect(await shelf()).toEqual([16, 0, 16]);
  });

  it('of twelve leaves two to be put back when the order is edited to ten', async () => {
    await begin();
    await inventory.deliver([aCount('A', 30, 0)]);
    await inventory.deliver([ordered(12)]);
    const edited = aLine({ sku: 'A', orderedQuantity: 12, cancelledQuantity: 2 });
    await inventory.deliver([ordered(12, { revision: 2, lines: [edited] })]);
    expect(await shelf()).toEqual([30, 10, 20]);
    await inventory.deliver([aCount('A', 18, 5, { causes: [aDeduction(orderId, 12, 5)] })]);
    expect(await shelf()).toEqual([18, 0, 18]);
    expect(await inventory.openExceptions()).toEqual([`restock-pending ${orderId}`]);
    await inventory.deliver([aCount('A', 20, 9, { causes: [aReversal(orderId, 2, 9)] })]);
    expect(await shelf()).toEqual([20, 0, 20]);
    expect(await inventory.openExceptions()).toEqual([]);
  });
});

describe('a till', () => {
  it('tells of an offline sale three days late: the figure falls then, and no promise with it', async () => {
    await begin();
    await inventory.deliver([aCount('A', 30, 0)]);
    await inventory.deliver([ordered(10)]);
    const sale = { causeId: 'offline', kind: 'sale' as const, units: -5, happenedAt: at(1) };
    const threeDays = 72 * 3600;
    await inventory.deliver([
      aCount('A', 25, threeDays, { causes: [{ ...sale, at: at(threeDays) }] }),
    ]);
    expect(await shelf()).toEqual([25, 10, 15]);
    expect(await inventory.desired()).toEqual({ A: 15 });
  });

  it('tells of an offline sale from before a count: the counted figure stays', async () => {
    await begin();
    await inventory.deliver([aCount('A', 30, 5, { causes: [aPhysicalCount(30, 5)] })]);
    await inventory.deliver([ordered(10)]);
    const sale = { causeId: 'offline', kind: 'sale' as const, units: -5, happenedAt: at(1) };
    await inventory.deliver([aCount('A', 30, 90, { causes: [{ ...sale, at: at(90) }] })]);
    expect(await shelf()).toEqual([30, 10, 20]);
  });

  it('that sold more than was there leaves a shelf below zero, and nothing to sell on any channel', async () => {
    await begin({ locations: ['north', 'south'] });
    await inventory.deliver([aCount('A', -3, 0), aCount('A', 5, 0, { locationId: 'south' })]);
    // The south store's five are all that can be sold: the north's debt is its own.
    expect(await inventory.desired()).toEqual({ A: 5 });
    await inventory.deliver([aCount('A', -1, 5, { locationId: 'south' })]);
    expect(await inventory.desired()).toEqual({ A: 0 });
    await inventory.deliver([ordered(2)]);
    expect(await inventory.openExceptions()).toEqual([`order-short ${orderId}`]);
    expect(await shelf()).toEqual([-3, 2, 0]);
    await inventory.deliver([aCount('A', 2, 9)]);
    expect(await inventory.openExceptions()).toEqual([]);
  });

  it('that took a return back has booked it, and the platform books it no second time', async () => {
    await begin();
    await inventory.deliver([aCount('A', 10, 0)]);
    const sold = aLine({ sku: 'A', orderedQuantity: 4, fulfilledQuantity: 4 });
    await inventory.deliver([ordered(4, { trade: false, lines: [sold] })]);
    const out = { causeId: 'out', kind: 'retail-dispatch' as const, orderId, units: -4, at: at(5) };
    await inventory.deliver([aCount('A', 6, 5, { causes: [out] })]);
    expect(await shelf()).toEqual([6, 0, 6]);
    const back = { causeId: 'back', kind: 'return' as const, units: 4, at: at(9) };
    await inventory.deliver([aCount('A', 10, 9, { causes: [back] })]);
    const returned = { ...sold, returnedQuantity: 4, restockedQuantity: 4 };
    await inventory.deliver([ordered(4, { trade: false, revision: 2, lines: [returned] })]);
    expect(await shelf()).toEqual([10, 0, 10]);
    expect(await inventory.sent(AdjustStock)).toHaveLength(1);
  });
});

describe('a location', () => {
  it('believes its own master alone, be it the POS or the ERP', async () => {
    await begin();
    await inventory.deliver([aCount('A', 30, 0)]);
    const foreign = Object.assign(aCount('A', 500, 9), { connectionId: 'erp' });
    await expect(inventory.deliver([foreign])).rejects.toThrow(
      "'erp' counted 'north', whose master is 'till'",
    );
    expect(await shelf()).toEqual([30, 0, 30]);
  });
});

describe('what others oversold by', () => {
  it('two lines of one order that share a component: they are summed before anybody checks', async () => {
    await begin();
    await inventory.deliver([aCount('A', 5, 0), aCount('B', 9, 0)]);
    const lines = [
      aLine({ sku: 'KIT', orderedQuantity: 2 }),
      aLine({ sku: 'A', orderedQuantity: 2 }),
    ];
    await inventory.deliver([ordered(0, { lines })]);
    expect(await shelf()).toEqual([5, 6, 0]);
    expect(await inventory.openExceptions()).toEqual([`order-short ${orderId}`]);
  });

  it('a kit made up of components in two stores: nobody can pick it', async () => {
    await begin({ locations: ['north', 'south'] });
    await inventory.channelShows('KIT', 0, 1);
    await inventory.deliver([
      aCount('A', 2, 0),
      aCount('B', 0, 0),
      aCount('A', 1, 0, { locationId: 'south' }),
      aCount('B', 7, 0, { locationId: 'south' }),
    ]);
    expect(await inventory.desired()).toMatchObject({ KIT: 0 });
    await inventory.deliver([aCount('A', 5, 5, { locationId: 'south' })]);
    expect(await inventory.desired()).toMatchObject({ KIT: 2 });
  });

  it('a case sold as a unit: an order of one case takes twelve', async () => {
    await begin();
    await inventory.channelShows('CASE', 0, 1);
    await inventory.deliver([aCount('A', 30, 0)]);
    await inventory.deliver([ordered(0, { lines: [aLine({ sku: 'CASE' })] })]);
    expect(await inventory.desired()).toEqual({ A: 18, CASE: 1 });
  });

  it('a change of stock by an order that no event told of: each is told, in the same commit', async () => {
    await begin();
    await inventory.deliver([aCount('A', 30, 0)]);
    await inventory.deliver([ordered(10)]);
    const told = await inventory.sent(AvailabilityChanged);
    expect(told.map(({ availableUnits }) => availableUnits)).toEqual([30, 20]);
  });
});

it('an ERP counts the shelf and the till takes the orders: a unit leaves its promise by the ERP’s own figure', async () => {
  const { locations, ...merchant } = aMerchant({ locations: ['north'] });
  const erp = { connection: 'erp', vendorLocationId: 'WH1' };
  const places = locations.map(({ master, ...each }) => ({
    ...each,
    master: erp,
    posting: master,
  }));
  inventory = await shared.begin({ ...merchant, locations: places });
  orderId = randomUUID();
  const counted = (units: number, second: number, causes: StockCause[] = []) =>
    inventory.deliver([
      Object.assign(aCount('A', units, second, { causes }), { connectionId: 'erp' }),
    ]);
  await counted(30, 0);
  await inventory.deliver([ordered(10)]);
  // Posted at the till, and gone; the till's own figure is nobody's business.
  await inventory.deliver([aDispatch(orderId, [{ sku: 'A', units: 10 }], 3)]);
  await expect(inventory.deliver([aCount('A', 20, 5)])).rejects.toMatchObject({
    code: 'configuration',
  });
  expect(await shelf()).toEqual([30, 10, 20]);
  await counted(20, 6);
  expect(await shelf()).toEqual([20, 10, 10]);
  await counted(20, 9, [aDeduction(orderId, 10, 8)]);
  expect(await shelf()).toEqual([20, 0, 20]);
  expect(await inventory.openExceptions()).toEqual([]);
});
