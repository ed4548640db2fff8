import {
  committedUnits,
  containedByOrder,
  decideFigure,
  laterSighting,
  owedLines,
  sellableUnits,
  shortUnitsByOrder,
  sumBySku,
  type MasterCause,
  type Sightings,
  type StockFigure,
} from '@tillbridge/domain';
import { freshDatabase, type FreshDatabase } from '@tillbridge/testing';
import fc from 'fast-check';
import { aMerchant, InventoryUnderTest, SHOP } from '../../test/inventory-under-test.js';
import {
  BASE_SKUS,
  CHANNEL_SKUS,
  ORDER_IDS,
  stockHistories,
  type Fact,
  type StockHistory,
} from '../../test/stock-history.js';

const TABLES =
  'stock_level, stock_cause, stock_ledger, channel_order, allocation, commitment, ' +
  'retail_adjustment, publication, stock_batch, poll_watermark, poll_pending, inbox, outbox, exception';

interface Shelf {
  readonly locationId: string;
  readonly sku: string;
  readonly onHand: number;
  readonly committed: number;
}

interface PromiseRow {
  readonly orderId: string;
  readonly locationId: string;
  readonly sku: string;
  readonly owed: number;
  readonly contained: number;
}

let fresh: FreshDatabase;
let inventory: InventoryUnderTest;

async function begin(locations: string[]): Promise<void> {
  fresh = await freshDatabase();
  inventory = await InventoryUnderTest.open(fresh.url, aMerchant({ locations }));
}

afterEach(async () => {
  await inventory.database.close();
  await fresh.drop();
});

async function live({ batches }: StockHistory): Promise<void> {
  await inventory.database.query(`truncate ${TABLES}`);
  for (const sku of CHANNEL_SKUS) await inventory.channelShows(sku, 0, 1);
  for (const batch of batches) {
    await inventory.deliver(
      batch.map(({ data }) => data),
      batch.map(({ id }) => id),
    );
  }
}

async function readShelves(): Promise<Shelf[]> {
  return inventory.database.query<Shelf>(
    `select location_id as "locationId", sku, on_hand_units as "onHand", committed_units as committed
       from stock_level order by location_id collate "C", sku collate "C"`,
  );
}

async function readPromises(): Promise<PromiseRow[]> {
  return inventory.database.query<PromiseRow>(
    `select order_id as "orderId", location_id as "locationId", sku, owed_units as owed,
            contained_units as contained
       from commitment where owed_units <> 0 or contained_units <> 0
      order by order_id, location_id collate "C", sku collate "C"`,
  );
}

/** What the facts mean, computed at once from all of them by the pure rules. */
class Meaning {
  constructor(private readonly facts: readonly Fact[]) {}

  figure(locationId: string, sku: string): StockFigure {
    return this.counts(locationId, sku).reduce<StockFigure | undefined>((held, { data }) => {
      const { onHandUnits, countedAt, revision } = data;
      const decision = decideFigure(held, { onHandUnits, countedAt, revision });
      return decision.kind === 'ignore' ? held : decision.figure;
    }, undefined) as StockFigure;
  }

  contained(locationId: string, sku: string): Map<string, number> {
    const causes = this.counts(locationId, sku).flatMap(({ data }) => data.causes as MasterCause[]);
    return containedByOrder(causes, this.figure(locationId, sku).countedAt);
  }

  seen(orderId: string): Sightings {
    return this.facts.reduce<Sightings>((seen, fact) => {
      if (fact.kind !== 'order' || fact.data.orderId !== orderId) return seen;
      return { ...seen, [fact.data.stage]: laterSighting(seen[fact.data.stage], fact.data) };
    }, {});
  }

  owed(orderId: string, sku: string): number {
    const lines = owedLines(this.seen(orderId), inventory.channels.policyOf(SHOP));
    const units = inventory.channels.products.explodeAll(lines);
    return units.find((each) => each.sku === sku)?.units ?? 0;
  }

  private counts(locationId: string, sku: string) {
    return this.facts.flatMap((fact) =>
      fact.kind === 'count' && fact.data.locationId === locationId && fact.data.sku === sku
        ? [fact]
        : [],
    );
  }
}

it('ends where the pure rules say, whatever order the facts come in, and however often', async () => {
  await begin(['north']);
  const property = fc.asyncProperty(stockHistories(['north']), async (history) => {
    await live(history);
    const meaning = new Meaning(history.facts);
    const sellable = new Map<string, number>();
    const short = new Set<string>();
    const restock = new Set<string>();
    const shelves: Shelf[] = [];
    const promises: PromiseRow[] = [];
    for (const sku of BASE_SKUS) {
      const { onHandUnits } = meaning.figure('north', sku);
      const contained = meaning.contained('north', sku);
      const held = ORDER_IDS.map((orderId) => {
        const promise = {
          orderId,
          owed: meaning.owed(orderId, sku),
          contained: contained.get(orderId) ?? 0,
        };
        promises.push({ ...promise, locationId: 'north', sku });
        const { draft, order } = meaning.seen(orderId);
        const known = order ?? draft;
        if (known !== undefined && promise.contained > promise.owed) restock.add(orderId);
        const committed = committedUnits(promise.owed, promise.contained);
        return { orderId, placedAt: known?.placedAt ?? null, committedUnits: committed };
      });
      const committed = held.reduce((sum, each) => sum + each.committedUnits, 0);
      shelves.push({ locationId: 'north', sku, onHand: onHandUnits, committed });
      sellable.set(sku, sellableUnits({ onHandUnits, committedUnits: committed, bufferUnits: 0 }));
      for (const orderId of shortUnitsByOrder(onHandUnits, held).keys()) short.add(orderId);
    }
    expect(await readShelves()).toEqual(shelves.sort(byKey));
    expect(await readPromises()).toEqual(
      promises.filter(({ owed, contained }) => owed !== 0 || contained !== 0).sort(byKey),
    );
    expect(await inventory.desired()).toEqual(
      Object.fromEntries(
        CHANNEL_SKUS.map((sku) => [sku, inventory.channels.products.availableOf(sku, [sellable])]),
      ),
    );
    expect(await inventory.openExceptions()).toEqual(
      [
        ...[...short].map((orderId) => `order-short ${orderId}`),
        ...[...restock].map((orderId) => `restock-pending ${orderId}`),
      ].sort(),
    );
  });
  await fc.assert(property, { numRuns: 20 });
});

it('promises the same units whatever the order, and offers what is left of each store', async () => {
  await begin(['north', 'south']);
  const property = fc.asyncProperty(stockHistories(['north', 'south']), async (history) => {
    await live(history);
    const meaning = new Meaning(history.facts);
    const promises = await readPromises();
    for (const orderId of ORDER_IDS) {
      const own = promises.filter((each) => each.orderId === orderId);
      const promised = sumBySku(own.map(({ sku, owed }) => ({ sku, units: owed })));
      for (const sku of BASE_SKUS) {
        const units = promised.find((each) => each.sku === sku)?.units ?? 0;
        expect([orderId, sku, units]).toEqual([orderId, sku, meaning.owed(orderId, sku)]);
      }
    }
    const sellable = new Map<string, Map<string, number>>();
    for (const { locationId, sku, onHand, committed } of await readShelves()) {
      const contained = meaning.contained(locationId, sku);
      const here = promises.filter((each) => each.locationId === locationId && each.sku === sku);
      for (const { orderId, contained: taken } of here) {
        expect(taken).toBe(contained.get(orderId) ?? 0);
      }
      expect(onHand).toBe(meaning.figure(locationId, sku).onHandUnits);
      expect(committed).toBe(
        here.reduce((sum, each) => sum + committedUnits(each.owed, each.contained), 0),
      );
      const shelf = sellable.get(locationId) ?? new Map<string, number>();
      shelf.set(sku, Math.max(0, onHand - committed));
      sellable.set(locationId, shelf);
    }
    expect(await inventory.desired()).toEqual(
      Object.fromEntries(
        CHANNEL_SKUS.map((sku) => [
          sku,
          inventory.channels.products.availableOf(sku, sellable.values()),
        ]),
      ),
    );
  });
  await fc.assert(property, { numRuns: 12 });
});

it('can tell from the ledger what every figure was, and which fact made it so', async () => {
  await begin(['north', 'south']);
  const property = fc.asyncProperty(stockHistories(['north', 'south']), async (history) => {
    await live(history);
    const figures = await inventory.database.query<Shelf>(
      `select distinct on (location_id collate "C", sku collate "C")
              location_id as "locationId", sku, on_hand_units as "onHand"
         from stock_ledger where on_hand_units is not null
        order by location_id collate "C", sku collate "C", id desc`,
    );
    const shelves = await readShelves();
    expect(figures).toEqual(shelves.map(({ committed: _, ...shelf }) => shelf));
    const promises = await inventory.database.query<PromiseRow>(
      `select * from (
         select distinct on (order_id, location_id collate "C", sku collate "C")
                order_id as "orderId", location_id as "locationId", sku, owed_units as owed, contained_units as contained
           from stock_ledger where order_id is not null
          order by order_id, location_id collate "C", sku collate "C", id desc) last
        where owed <> 0 or contained <> 0`,
    );
    expect(promises).toEqual(await readPromises());
    const sources = await inventory.database.query<{ unknown: number }>(
      `select count(*)::int as unknown from stock_ledger
        where message_id not in (select message_id from inbox)`,
    );
    expect(sources).toEqual([{ unknown: 0 }]);
  });
  await fc.assert(property, { numRuns: 8 });
});

function byKey(
  a: { orderId?: string; locationId: string; sku: string },
  b: { orderId?: string; locationId: string; sku: string },
): number {
  const key = (each: typeof a) => `${each.orderId ?? ''} ${each.locationId} ${each.sku}`;
  return key(a) < key(b) ? -1 : 1;
}
