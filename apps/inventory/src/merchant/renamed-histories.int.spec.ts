import { StockBook, type StockFact } from '@tillbridge/domain';
import type { ConfigurationKeeper } from '@tillbridge/postgres';
import type { Configuration } from '@tillbridge/runtime';
import { freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import {
  aCount,
  aMerchant,
  aPhysicalCount,
  aShipment,
  at,
  InventoryUnderTest,
} from '../../test/inventory-under-test.js';
import {
  DEPOT,
  productsOf,
  stockHistories,
  toBatches,
  type ToldFact,
} from '../../test/stock-history.js';
import { ChannelMap } from './channel-map.js';
import { MerchantChanges } from './merchant-changes.js';

const HISTORIES = 150;
const numbers = Array.from({ length: HISTORIES }, (_, number) => number);
/** As many facts as a consumer hands over at most. */
const BATCH = 500;

let fresh: FreshDatabase;
let inventory: InventoryUnderTest;
/** The rules, told from the beginning what the service hears in the middle of the histories. */
let book: StockBook;
let renamed: ChannelMap;

/** Nine of ten histories get their A under another name. */
const nameOf = (sku: string): string =>
  /^A-\d*[0-8]$/.test(sku) ? sku.replace('A-', 'RENAMED-') : sku;

beforeAll(async () => {
  fresh = await freshDatabase();
  const { products: _, ...merchant } = aMerchant({ locations: ['north', 'south', DEPOT] });
  const { packs, kits } = productsOf(HISTORIES);
  const before = { ...merchant, products: { packs, kits, renamed: [] } } as Configuration;
  const after = { ...merchant, products: productsRenamed() } as Configuration;
  inventory = await InventoryUnderTest.open(fresh.url, before);
  renamed = new ChannelMap({ whole: after });
  book = new StockBook(renamed);
  const histories = fc
    .sample(stockHistories(), { numRuns: HISTORIES, seed: 7 })
    .map((history, number) => toBatches(history, number));
  const longest = Math.max(...histories.map((batches) => batches.length));
  const middle = Math.floor(longest / 4);
  await live(numbers.map(partLeft));
  for (let turn = 0; turn < longest; turn += 1) {
    if (turn === middle) await takeOver(before, after);
    await live(histories.flatMap((batches) => batches[turn] ?? []));
  }
  await live(numbers.map(countedByHand));
}, 120_000);

afterAll(async () => {
  await inventory.database.close();
  await fresh.drop();
});

/** In each history something has left before A is renamed, and people count after all that. */
function partLeft(number: number): ToldFact {
  const units = [{ sku: `A-${number}`, units: 2 }];
  const message = aShipment({ orderId: randomUUID(), postingId: randomUUID(), units }, 1);
  const { orderId, postingId, dispatchId: shipmentId, revision, locationId } = message;
  const time = at(1).replace('Z', '000Z');
  const data = { orderId, postingId, shipmentId, revision, locationId, at: time, units };
  return { message, fact: { id: `part of ${number}`, kind: 'shipped', data } };
}

function countedByHand(number: number): ToldFact {
  const causes = [aPhysicalCount(20, 50)];
  const data = aCount(`A-${number}`, 20, 50, { causes });
  return { message: data, fact: { id: `by hand ${number}`, kind: 'stock-counted', data } };
}

function productsRenamed() {
  const { packs, kits } = productsOf(HISTORIES);
  const bases = numbers.map((number) => `A-${number}`);
  return {
    packs: packs.map((pack) => ({ ...pack, of: nameOf(pack.of) })),
    kits: kits.map(({ sku, components }) => ({
      sku,
      components: components.map((each) => ({ ...each, sku: nameOf(each.sku) })),
    })),
    renamed: bases.flatMap((from) => {
      const to = nameOf(from);
      return to === from ? [] : [{ from, to }];
    }),
  };
}

async function takeOver(kept: Configuration, to: Configuration): Promise<void> {
  const { channels, orders, clock, database } = inventory;
  const changes = new MerchantChanges({} as ConfigurationKeeper, channels, orders, clock);
  await database.inTransaction((tx) => changes.take(tx, { kept, own: kept, to }));
}

async function live(told: readonly ToldFact[]): Promise<void> {
  for (const kind of new Set(told.map(({ fact }) => fact.kind))) {
    const own = told.filter(({ fact }) => fact.kind === kind);
    for (let from = 0; from < own.length; from += BATCH) {
      const batch = own.slice(from, from + BATCH);
      inventory.nowMs += 1_000;
      await inventory.deliver(
        batch.map(({ message }) => message),
        batch.map(({ fact }) => fact.id),
      );
      const facts = batch.map(({ fact }) => underItsName(fact));
      book.take(facts, new Date(inventory.nowMs));
    }
  }
}

/** Masters name goods as they always did; channels sell what they did, which is made of the new name. */
function underItsName(fact: StockFact): StockFact {
  if (fact.kind === 'stock-counted') {
    return { ...fact, data: { ...fact.data, sku: nameOf(fact.data.sku) } };
  }
  const rename = <T extends { readonly sku: string }>(each: T): T => {
    return { ...each, sku: nameOf(each.sku) };
  };
  if (fact.kind === 'dispatched') {
    return { ...fact, data: { ...fact.data, units: fact.data.units.map(rename) } };
  }
  if (fact.kind !== 'shipped') return fact;
  return { ...fact, data: { ...fact.data, units: fact.data.units.map(rename) } };
}

async function expectRows(statement: string, right: readonly string[]): Promise<void> {
  const rows = await inventory.database.query<{ row: string }>(statement);
  const [found, wanted] = [new Set(rows.map(({ row }) => row)), new Set(right)];
  expect({
    tooMuch: [...found].filter((row) => !wanted.has(row)).slice(0, 5),
    missing: [...wanted].filter((row) => !found.has(row)).slice(0, 5),
  }).toEqual({ tooMuch: [], missing: [] });
  expect(found.size).toBeGreaterThan(HISTORIES);
}

describe('goods that get another name in the middle of 150 histories end as if it had been theirs', () => {
  it('on the shelves', async () => {
    await expectRows(
      `select concat_ws(' ', location_id, sku, on_hand_units, counted_at, revision,
                        committed_units) as row from stock_level`,
      book.shelves.map((each) => {
        const { locationId, sku, onHandUnits, countedAt, revision, committedUnits } = each;
        return [locationId, sku, onHandUnits, countedAt, revision, committedUnits].join(' ');
      }),
    );
  });

  it('in what is promised, contained and short', async () => {
    await expectRows(
      `select concat_ws(' ', order_id, location_id, sku, owed_units, contained_units, left_units,
                        committed_units, short_units) as row
         from commitment where owed_units <> 0 or contained_units <> 0`,
      book.orders
        .flatMap(({ promises }) => promises)
        .filter((each) => each.owedUnits !== 0 || each.containedUnits !== 0)
        .map((each) => {
          const { orderId, locationId, sku, owedUnits, containedUnits, leftUnits } = each;
          const units = [owedUnits, containedUnits, leftUnits];
          return [orderId, locationId, sku, ...units, each.committedUnits, each.shortUnits].join(
            ' ',
          );
        }),
    );
  });

  it('in what channels should show', async () => {
    await expectRows(
      `select concat_ws(' ', sku, observed_units, coalesce(desired_units::text, '-')) as row
         from publication`,
      book.figures.map((each) =>
        [each.sku, each.observedUnits, each.desiredUnits ?? '-'].join(' '),
      ),
    );
  });
});
