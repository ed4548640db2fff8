import { AdjustStock, AvailabilityChanged, type StockCause } from '@tillbridge/contracts';
import { containmentByOrder, standingOf, type Dispatch } from '@tillbridge/domain';
import fc from 'fast-check';
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

const KINDS = ['order', 'reversal', 'retail-dispatch', 'physical-count', 'left'] as const;

/** What happened on a shelf, second by second, dated as it was or earlier, and told in some order. */
function evidence() {
  const entry = fc.record({
    kind: fc.constantFrom(...KINDS),
    units: fc.integer({ min: 1, max: 9 }),
    datedBack: fc.constantFrom(0, 0, 3),
  });
  return fc
    .array(entry, { minLength: 1, maxLength: 8 })
    .chain((entries) =>
      fc.tuple(
        fc.constant(entries),
        fc.shuffledSubarray([...entries.keys()], { minLength: entries.length }),
      ),
    );
}

const GONE = [{ sku: 'A', units: 10 }];

describe('a physical count', () => {
  it('finds goods that were deducted at payment and are still on the shelf: they stay promised', async () => {
    await begin();
    await inventory.deliver([aCount('A', 30, 0)]);
    await inventory.deliver([ordered(10)]);
    await inventory.deliver([aCount('A', 20, 5, { causes: [aDeduction(orderId, 10, 5)] })]);
    expect(await shelf()).toEqual([20, 0, 20]);
    // The ten are packed, not sent, and staff count all thirty.
    await inventory.deliver([aCount('A', 30, 9, { causes: [aPhysicalCount(30, 9)] })]);
    expect(await shelf()).toEqual([30, 10, 20]);
    expect(await inventory.desired()).toEqual({ A: 20 });
    expect(await inventory.openExceptions()).toEqual([]);
    // When they have left, the next count says so.
    await inventory.deliver([aDispatch(orderId, GONE, 12)]);
    expect(await shelf()).toEqual([30, 10, 20]);
    await inventory.deliver([aCount('A', 20, 15, { causes: [aPhysicalCount(20, 15)] })]);
    expect(await shelf()).toEqual([20, 0, 20]);
  });

  it('ends the same whether it is told before or after the dispatch, the order and the deduction', async () => {
    await begin();
    const told = [
      [aCount('A', 30, 0)],
      [ordered(10)],
      [aCount('A', 20, 5, { causes: [aDeduction(orderId, 10, 5)] })],
      [aDispatch(orderId, GONE, 7)],
      [aCount('A', 21, 9, { causes: [aPhysicalCount(21, 9)] })],
    ];
    for (const facts of told.reverse()) await inventory.deliver(facts);
    expect(await shelf()).toEqual([21, 0, 21]);
    for (const facts of told.reverse()) await inventory.deliver(facts);
    expect(await shelf()).toEqual([21, 0, 21]);
    expect(await inventory.openExceptions()).toEqual([]);
  });

  it('that missed goods which the master deducts afterwards is told with the correcting entry', async () => {
    await begin();
    await inventory.deliver([aCount('A', 30, 0)]);
    await inventory.deliver([ordered(10)]);
    await inventory.deliver([aDispatch(orderId, GONE, 3)]);
    await inventory.deliver([aCount('A', 20, 5, { causes: [aPhysicalCount(20, 5)] })]);
    expect(await shelf()).toEqual([20, 0, 20]);
    await inventory.deliver([aCount('A', 10, 9, { causes: [aDeduction(orderId, 10, 9)] })]);
    expect(await inventory.openExceptions()).toEqual([`deducted-twice-by-master ${orderId}`]);
    const [told] = await inventory.database.query('select system, cause from exception');
    expect(told).toMatchObject({
      system: 'till',
      cause: expect.stringContaining("Proposed entry: +10 of A at 'north'."),
    });
    expect(await shelf()).toEqual([10, 0, 10]);
    await inventory.deliver([aCount('A', 20, 20, { causes: [aPhysicalCount(20, 20)] })]);
    expect(await inventory.openExceptions()).toEqual([]);
  });

  it('that found goods which are put back once more keeps them from sale until it is corrected', async () => {
    await begin();
    await inventory.deliver([aCount('A', 30, 0)]);
    await inventory.deliver([ordered(10)]);
    await inventory.deliver([aCount('A', 20, 5, { causes: [aDeduction(orderId, 10, 5)] })]);
    await inventory.deliver([aCount('A', 30, 7, { causes: [aPhysicalCount(30, 7)] })]);
    await inventory.deliver([ordered(10, { revision: 2, status: 'cancelled' })]);
    expect(await shelf()).toEqual([30, 0, 30]);
    await inventory.deliver([aCount('A', 40, 9, { causes: [aReversal(orderId, 10, 9)] })]);
    expect(await shelf()).toEqual([40, 10, 30]);
    expect(await inventory.openExceptions()).toEqual([`put-back-twice-by-master ${orderId}`]);
    await inventory.deliver([aCount('A', 30, 20, { causes: [aPhysicalCount(30, 20)] })]);
    expect(await shelf()).toEqual([30, 0, 30]);
    expect(await inventory.openExceptions()).toEqual([]);
  });

  it('between the dispatch of a retail order and its booking has missed goods that are taken out once', async () => {
    await begin();
    await inventory.deliver([aCount('A', 10, 0)]);
    inventory.nowMs = Date.parse(at(4));
    const lines = [aLine({ sku: 'A', orderedQuantity: 3, fulfilledQuantity: 3 })];
    await inventory.deliver([ordered(3, { trade: false, lines })]);
    expect(await inventory.sent(AdjustStock)).toMatchObject([{ happenedAt: at(4) }]);
    await inventory.deliver([aCount('A', 7, 8, { causes: [aPhysicalCount(7, 8)] })]);
    expect(await shelf()).toEqual([7, 3, 4]);
    // The master dates it before the count, and leaves the figure as it is.
    const booked = { causeId: 'booked', kind: 'retail-dispatch', orderId, units: -3 } as const;
    const causes = [{ ...booked, at: at(11), happenedAt: at(4) }];
    await inventory.deliver([aCount('A', 7, 12, { causes })]);
    expect(await shelf()).toEqual([7, 0, 7]);
    expect(await inventory.openExceptions()).toEqual([]);
  });

  it('leaves promises alone where promised goods are set aside and not counted', async () => {
    await begin({ locations: ['north'], promisedGoodsAreSetAside: true });
    await inventory.deliver([aCount('A', 30, 0)]);
    await inventory.deliver([ordered(10)]);
    await inventory.deliver([aCount('A', 20, 5, { causes: [aDeduction(orderId, 10, 5)] })]);
    await inventory.deliver([aCount('A', 20, 9, { causes: [aPhysicalCount(20, 9)] })]);
    expect(await shelf()).toEqual([20, 0, 20]);
  });

  it('ends as the rule says, whatever was booked and has left, and in whichever order it is told', async () => {
    await begin();
    const property = fc.asyncProperty(evidence(), async ([entries, order]) => {
      orderId = randomUUID();
      const sku = orderId;
      const causes: StockCause[] = [];
      const dispatches: Dispatch[] = [];
      const facts = entries.map(({ kind, units, datedBack }, n) => {
        if (kind === 'left') {
          const told = aDispatch(orderId, [{ sku, units }], 10 + n);
          dispatches.push({ orderId, postingId: told.postingId, units, at: at(10 + n) });
          return told;
        }
        const about = kind === 'physical-count' ? {} : { orderId };
        const signed = kind === 'reversal' || kind === 'physical-count' ? units : -units;
        const dated = { at: at(10 + n), happenedAt: at(10 + n - datedBack) };
        causes.push({ causeId: randomUUID(), kind, units: signed, ...dated, ...about });
        return aCount(sku, 50, 1, { causes: causes.slice(-1) });
      });
      for (const n of order) await inventory.deliver([facts[n]!]);
      await inventory.deliver([aCount(sku, 50, 59)]);
      const rule = containmentByOrder({
        causes,
        dispatches,
        countedAt: at(59),
        promisedGoodsAreSetAside: false,
      }).get(orderId);
      const [row] = await inventory.database.query(
        `select contained_units as "containedUnits", left_units as "leftUnits",
                committed_units as "committedUnits" from commitment where order_id = $1`,
        [orderId],
      );
      const { containedUnits = 0, leftUnits = 0, counted = false } = rule ?? {};
      const { committedUnits } = standingOf(0, { containedUnits, leftUnits, counted });
      expect(row ?? { containedUnits: 0, leftUnits: 0, committedUnits: 0 }).toEqual({
        containedUnits,
        leftUnits,
        committedUnits,
      });
    });
    await fc.assert(property, { numRuns: 40 });
  });

  it('can be followed in the ledger, each promise with the fact that changed it', async () => {
    await begin();
    await inventory.deliver([aCount('A', 30, 0)]);
    await inventory.deliver([ordered(10)], ['the order']);
    const taken = aCount('A', 20, 5, { causes: [aDeduction(orderId, 10, 5)] });
    await inventory.deliver([taken], ['the deduction']);
    const found = aCount('A', 30, 9, { causes: [aPhysicalCount(30, 9)] });
    await inventory.deliver([found], ['the count']);
    await inventory.deliver([aDispatch(orderId, GONE, 8)], ['the dispatch']);
    const ledger = await inventory.database.query(
      `select message_id as fact, owed_units as owed, contained_units as contained
         from stock_ledger where order_id is not null order by id`,
    );
    expect(ledger).toEqual([
      { fact: 'the order', owed: 10, contained: 0 },
      { fact: 'the deduction', owed: 10, contained: 10 },
      { fact: 'the count', owed: 10, contained: 0 },
      { fact: 'the dispatch', owed: 10, contained: 10 },
    ]);
  });
});

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
  await inventory.deliver([aDispatch(orderId, GONE, 3)]);
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
