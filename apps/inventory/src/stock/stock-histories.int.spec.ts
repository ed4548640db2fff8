import { AdjustStock, AvailabilityChanged, OrderAllocated } from '@tillbridge/contracts';
import {
  ledgerBalances,
  multiplyParts,
  StockBook,
  type StockEffects,
  type StockLedgerEntry,
} from '@tillbridge/domain';
import { freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import fc from 'fast-check';
import { aMerchant, InventoryUnderTest } from '../../test/inventory-under-test.js';
import {
  DEPOT,
  productsOf,
  stockHistories,
  toBatches,
  type ToldFact,
} from '../../test/stock-history.js';

const HISTORIES = 2_000;
/** As many facts as a consumer hands over at most. */
const BATCH = 500;

let fresh: FreshDatabase;
let inventory: InventoryUnderTest;
let book: StockBook;
const effects: StockEffects[] = [];

/** Rows by what they are about, each as text: what is not the same is told by its key. */
type Rows = Record<string, string>;

beforeAll(async () => {
  fresh = await freshDatabase();
  const merchant = aMerchant({ locations: ['north', 'south', DEPOT] });
  const locations = merchant.locations.map((each) => {
    return each.id === DEPOT ? { ...each, promisedGoodsAreSetAside: true } : each;
  });
  const products = productsOf(HISTORIES);
  inventory = await InventoryUnderTest.open(fresh.url, {
    ...merchant,
    locations,
    products: { ...products, renamed: [] },
  });
  book = new StockBook(inventory.channels);
  const histories = fc.sample(stockHistories(), { numRuns: HISTORIES, seed: 1 });
  await live(histories.map((history, number) => toBatches(history, number)));
}, 300_000);

afterAll(async () => {
  await inventory.database.close();
  await fresh.drop();
});

/** All histories side by side: the first batch of each of them, then the second of each, … */
async function live(histories: readonly ToldFact[][][]): Promise<void> {
  const longest = Math.max(...histories.map((batches) => batches.length));
  for (let turn = 0; turn < longest; turn += 1) {
    const facts = histories.flatMap((batches) => batches[turn] ?? []);
    for (const kind of new Set(facts.map(({ fact }) => fact.kind))) {
      const own = facts.filter(({ fact }) => fact.kind === kind);
      for (let from = 0; from < own.length; from += BATCH) {
        await take(own.slice(from, from + BATCH));
      }
    }
  }
}

async function take(told: readonly ToldFact[]): Promise<void> {
  inventory.nowMs += 1_000;
  await inventory.deliver(
    told.map(({ message }) => message),
    told.map(({ fact }) => fact.id),
  );
  const facts = told.map(({ fact }) => fact);
  effects.push(book.take(facts, new Date(inventory.nowMs)));
}

/** The rows of a statement that gives `key` and `row`. */
async function stored(statement: string): Promise<Rows> {
  const rows = await inventory.database.query<{ key: string; row: string }>(statement);
  return Object.fromEntries(rows.map(({ key, row }) => [key, row]));
}

function expectSameRows(found: Rows, right: Rows): void {
  const keys = [...new Set([...Object.keys(found), ...Object.keys(right)])];
  const apart = keys.filter((key) => found[key] !== right[key]).slice(0, 10);
  const only = (rows: Rows) => Object.fromEntries(apart.map((key) => [key, rows[key]]));
  expect(only(found)).toEqual(only(right));
  expect(keys.length).toBeGreaterThan(HISTORIES / 2);
}

describe('2,000 histories in shared batches end as the pure rules say', () => {
  it('on the shelves', async () => {
    const right = book.shelves.map((each) => {
      const { locationId, sku, onHandUnits, countedAt, revision, committedUnits } = each;
      return [`${locationId} ${sku}`, `${onHandUnits} ${countedAt} ${revision} ${committedUnits}`];
    });
    const found = await stored(
      `select location_id || ' ' || sku as key,
              concat_ws(' ', on_hand_units, counted_at, revision, committed_units) as row
         from stock_level`,
    );
    expectSameRows(found, Object.fromEntries(right));
  });

  it('in what is promised, contained and short', async () => {
    const right = book.orders
      .flatMap(({ promises }) => promises)
      .filter((each) => each.owedUnits !== 0 || each.containedUnits !== 0)
      .map((each) => {
        const { orderId, locationId, sku, owedUnits, containedUnits, shortUnits } = each;
        const { leftUnits, committedUnits, placedAt } = each;
        const units = [owedUnits, containedUnits, leftUnits, committedUnits, shortUnits];
        return [`${orderId} ${locationId} ${sku}`, `${units.join(' ')} ${placedAt ?? '-'}`];
      });
    const found = await stored(
      `select concat_ws(' ', order_id, location_id, sku) as key,
              concat_ws(' ', owed_units, contained_units, left_units, committed_units, short_units,
                        coalesce(placed_at, '-')) as row
         from commitment where owed_units <> 0 or contained_units <> 0`,
    );
    expectSameRows(found, Object.fromEntries(right));
  });

  it('in what channels show and should show', async () => {
    const right = book.figures.map((each) => {
      const { channelLocationId, sku, observedUnits, desiredUnits, since } = each;
      const row = `${observedUnits} ${desiredUnits ?? '-'} ${since.getTime()}`;
      return [`${channelLocationId} ${sku}`, row];
    });
    const found = await stored(
      `select channel_location_id || ' ' || sku as key,
              concat_ws(' ', observed_units, coalesce(desired_units::text, '-'),
                        round(extract(epoch from since) * 1000)) as row
         from publication`,
    );
    expectSameRows(found, Object.fromEntries(right));
  });

  it('in the exceptions that are open', async () => {
    const right = book.openExceptions.map(({ code, subject }) => [`${code} ${subject}`, 'open']);
    const found = await inventory.openExceptions();
    expectSameRows(
      Object.fromEntries(found.map((each) => [each, 'open'])),
      Object.fromEntries(right),
    );
  });

  it('in the ledger, entry by entry, each with a fact that was taken in', async () => {
    const right = effects.flatMap(({ ledger }) => ledger);
    const found = await inventory.database.query<StockLedgerEntry>(
      `select message_id as "messageId", location_id as "locationId", sku,
              on_hand_units as "onHandUnits", counted_at as "countedAt", order_id as "orderId",
              owed_units as "owedUnits", contained_units as "containedUnits"
         from stock_ledger where message_id in (select message_id from inbox) order by id`,
    );
    expectSameRows(chapters(found), chapters(right));
  });

  it('in what the last entries of the ledger add up to', async () => {
    const balances = ledgerBalances(effects.flatMap(({ ledger }) => ledger));
    for (const { locationId, sku, onHandUnits } of book.shelves) {
      expect(balances.get(` ${locationId} ${sku}`)).toMatchObject({ onHandUnits });
    }
  });

  it('in what the others were told', async () => {
    const units = new Map<string, string[]>();
    const say = (key: string, what: unknown) => {
      units.set(key, [...(units.get(key) ?? []), JSON.stringify(what)]);
    };
    for (const { availability, allocated, adjustments } of effects) {
      for (const { sku, availableUnits } of availability) say(`offer ${sku}`, availableUnits);
      for (const { orderId, revision, shares, short, shortUnits } of allocated) {
        const goods = shares.map((each) => [
          each.locationId,
          multiplyParts(each.parts, each.quantity),
        ]);
        const lacks = short.map((each) => [each.locationId, each.quantity]);
        say(`allocation ${orderId}`, [revision, goods, lacks, shortUnits]);
      }
      for (const each of adjustments) say(`out ${each.orderId} ${each.locationId}`, each.units);
    }
    const right = Object.fromEntries([...units].map(([key, told]) => [key, told.join()]));
    units.clear();
    for (const { sku, availableUnits } of await inventory.sent(AvailabilityChanged)) {
      say(`offer ${sku}`, availableUnits);
    }
    for (const each of await inventory.sent(OrderAllocated)) {
      const { orderId, revision, allocations, shortUnits } = each;
      const goods = allocations.map(({ locationId, components }) => [locationId, components]);
      const lacks = allocations.flatMap(({ locationId, shortQuantity }) =>
        shortQuantity === undefined ? [] : [[locationId, shortQuantity]],
      );
      say(`allocation ${orderId}`, [revision, goods, lacks, shortUnits]);
    }
    for (const { orderId, locationId, changes } of await inventory.sent(AdjustStock)) {
      say(
        `out ${orderId} ${locationId}`,
        changes.map((each) => ({ sku: each.sku, units: -each.units })),
      );
    }
    const found = Object.fromEntries([...units].map(([key, told]) => [key, told.join()]));
    expectSameRows(found, right);
  });
});

/** The entries of each figure and each promise, in order. */
function chapters(entries: readonly StockLedgerEntry[]): Rows {
  const rows = new Map<string, string[]>();
  for (const entry of entries) {
    const { messageId, locationId, sku, ...units } = entry;
    const { orderId, ...figures } = { orderId: null, ...units };
    const key = `${orderId ?? 'shelf'} ${locationId} ${sku}`;
    const said = Object.values(figures).filter((each) => each !== null);
    rows.set(key, [...(rows.get(key) ?? []), `${messageId}: ${said.join(' ')}`]);
  }
  return Object.fromEntries([...rows].map(([key, each]) => [key, each.join(', ')]));
}
