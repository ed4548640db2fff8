import { AdjustStock, type StockCause } from '@tillbridge/contracts';
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
  aShipment,
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

const KINDS = ['order', 'reversal', 'return', 'retail-dispatch', 'physical-count', 'left'] as const;

/** What happened on a shelf, second by second, dated as it was or earlier, and told in some order. */
function evidence() {
  const entry = fc.record({
    kind: fc.constantFrom(...KINDS),
    units: fc.integer({ min: 1, max: 9 }),
    datedBack: fc.constantFrom(0, 0, 3),
    posting: fc.nat(2),
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

  it('after goods were voided, posted anew and sent has missed them, and nothing of them is kept from sale', async () => {
    await begin();
    await inventory.deliver([aCount('A', 30, 0)]);
    await inventory.deliver([ordered(10)]);
    const causes = [aDeduction(orderId, 10, 1), aReversal(orderId, 10, 2)];
    const again = randomUUID();
    causes.push(aDeduction(orderId, 10, 3, again));
    await inventory.deliver([aCount('A', 20, 5, { causes })]);
    await inventory.deliver([aCount('A', 20, 8, { causes: [aPhysicalCount(20, 8)] })]);
    expect(await shelf()).toEqual([20, 10, 10]);
    const sent = { orderId, postingId: again, units: GONE };
    await inventory.deliver([aShipment(sent, 7)]);
    expect(await shelf()).toEqual([20, 0, 20]);
    expect(await inventory.openExceptions()).toEqual([]);
  });

  it('finds what came back of a part that was sent, and keeps back what is still to go', async () => {
    await begin();
    await inventory.deliver([aCount('A', 30, 0)]);
    await inventory.deliver([ordered(10)]);
    const taken = aDeduction(orderId, 10, 1);
    await inventory.deliver([aCount('A', 20, 2, { causes: [taken] })]);
    const sent = { orderId, postingId: orderId, units: [{ sku: 'A', units: 4 }] };
    await inventory.deliver([aShipment(sent, 3)]);
    const returned = aLine({ sku: 'A', orderedQuantity: 10, cancelledQuantity: 2 });
    await inventory.deliver([ordered(10, { revision: 2, lines: [returned] })]);
    const back = { ...aReversal(orderId, 2, 5), kind: 'return' as const };
    await inventory.deliver([aCount('A', 22, 6, { causes: [back] })]);
    await inventory.deliver([aCount('A', 28, 9, { causes: [aPhysicalCount(28, 9)] })]);
    expect(await shelf()).toEqual([28, 6, 22]);
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
      const postings = [randomUUID(), randomUUID()];
      const facts = entries.map(({ kind, units, datedBack, posting }, n) => {
        const postingId = postings[posting];
        if (kind === 'left' && postingId !== undefined) {
          const told = aShipment({ orderId, postingId, units: [{ sku, units }] }, 10 + n);
          const shipmentId = told.dispatchId;
          dispatches.push({ orderId, postingId, shipmentId, units, at: at(10 + n) });
          return told;
        }
        if (kind === 'left') {
          const told = aDispatch(orderId, [{ sku, units }], 10 + n);
          dispatches.push({ orderId, postingId: told.postingId, units, at: at(10 + n) });
          return told;
        }
        const named = postingId === undefined ? { orderId } : { orderId, postingId };
        const about = kind === 'physical-count' ? {} : named;
        const comesBack = kind === 'reversal' || kind === 'return' || kind === 'physical-count';
        const signed = comesBack ? units : -units;
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
    await fc.assert(property, { numRuns: 60 });
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
