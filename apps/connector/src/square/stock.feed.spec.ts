import type { StockCounted } from '@tillbridge/contracts';
import { aSquareAccount, aSquareClient } from '../../test/square-account.js';
import type { PollPage } from '../vendor.js';
import { CatalogueFeed } from './catalogue.feed.js';
import type { InventoryChange, InventoryCount } from './square-model.js';
import { StockFeed } from './stock.feed.js';

const ORDER_ID = '0f3a7f2e-6b1f-5d3c-9c37-0d7f7d0c2b11';

/** A store whose books a test writes, and a reader that commits every page it gets. */
function aStore() {
  const account = aSquareAccount();
  const counts: InventoryCount[] = [];
  const ledger: InventoryChange[] = [];
  const { client, calls } = aSquareClient((call) => {
    const { updated_after: after = '', catalog_object_ids: ids } = call.body ?? {};
    const isAsked = (id: string) => ids === undefined || ids.includes(id);
    if (call.path === 'counts') {
      return counts.filter((each) => each.calculated_at > after && isAsked(each.catalog_object_id));
    }
    if (call.path === 'ledger') {
      return ledger.filter((each) => each.adjustment!.created_at > after);
    }
    const metadata = { order_id: ORDER_ID, posting_id: 'posting' };
    return call.body.order_ids.includes('ORD-OURS') ? [{ id: 'ORD-OURS', metadata }] : [];
  });
  const { refs, locations } = account;
  const catalogue = new CatalogueFeed(client, refs, locations, 1_000);
  const parts = { client, refs, locations, catalogue, timeScale: 1, clock: Date };
  const feed = new StockFeed('till', '2026-03-01T00:00:00Z', parts, 1_000);
  let mark: string | null = null;

  async function poll(woken = false, commit = true): Promise<StockCounted[]> {
    const pages: PollPage[] = [];
    for await (const page of feed.poll(mark, woken)) pages.push(page);
    if (commit) {
      for (const page of pages) await account.memory.put(page.refs ?? []);
      mark = pages.at(-1)?.mark ?? mark;
    }
    return pages.flatMap((page) =>
      page.observations.map((each) => each.toMessage(1) as StockCounted),
    );
  }

  function count(quantity: number, at: string): void {
    counts.splice(0, counts.length, {
      catalog_object_id: 'VAR-MUG',
      location_id: 'L1',
      state: 'IN_STOCK',
      quantity: String(quantity),
      calculated_at: `2026-03-04T10:${at}Z`,
    });
  }

  function moved(id: string, units: number, at: string, transaction_id?: string): void {
    const created_at = `2026-03-04T10:${at}Z`;
    const adjustment = {
      id,
      catalog_object_id: 'VAR-MUG',
      location_id: 'L1',
      from_state: units < 0 ? 'IN_STOCK' : 'NONE',
      to_state: units < 0 ? 'SOLD' : 'IN_STOCK',
      quantity: String(Math.abs(units)),
      occurred_at: created_at,
      created_at,
      ...(transaction_id ? { transaction_id } : {}),
    };
    ledger.push({ type: 'ADJUSTMENT', adjustment });
  }

  return { poll, count, moved, calls, account };
}

it('tells a figure and what made it as one fact', async () => {
  const store = aStore();
  store.moved('R1', 40, '00:00.000001');
  store.moved('S1', -4, '01:00.5', 'ORD-OURS');
  store.count(36, '01:00.500001');
  expect(await store.poll()).toMatchObject([
    {
      connectionId: 'till',
      locationId: 'high-street',
      sku: 'MUG',
      onHandUnits: 36,
      countedAt: '2026-03-04T10:01:00.500001Z',
      causes: [
        { causeId: 'R1', kind: 'receipt', units: 40, at: '2026-03-04T10:00:00.000001Z' },
        { causeId: 'S1', kind: 'order', units: -4, orderId: ORDER_ID },
      ],
    },
  ]);
});

it('says nothing while nothing happens, however often it looks', async () => {
  const store = aStore();
  store.moved('R1', 40, '00:00');
  store.count(40, '00:01');
  expect(await store.poll()).toHaveLength(1);
  expect(await store.poll(true)).toEqual([]);
  expect(await store.poll()).toEqual([]);
});

it('tells a cause that Square shows late, with the figure as it is known', async () => {
  const store = aStore();
  store.count(36, '01:00');
  await store.poll();
  store.moved('S1', -4, '00:59.9', 'ORD-OURS');
  expect(await store.poll()).toMatchObject([{ onHandUnits: 36, causes: [{ causeId: 'S1' }] }]);
  expect(await store.poll()).toEqual([]);
});

it('tells a figure again whose cause is not shown yet, and the cause when it is', async () => {
  const store = aStore();
  store.count(40, '00:01');
  await store.poll();
  store.count(36, '01:00');
  expect(await store.poll(true)).toMatchObject([{ onHandUnits: 36, causes: [] }]);
  store.moved('S1', -4, '01:00');
  expect(await store.poll(true)).toMatchObject([{ onHandUnits: 36, causes: [{ units: -4 }] }]);
});

it('tells the same causes again when the page was never committed', async () => {
  const store = aStore();
  store.moved('R1', 40, '00:00');
  store.count(40, '00:01');
  const lost = await store.poll(false, false);
  expect(await store.poll()).toEqual(lost);
});

it('asks for a figure that it has never seen rather than lose its cause', async () => {
  const store = aStore();
  store.count(40, '00:01');
  await store.poll();
  store.account.memory.held.delete('count L1|VAR-MUG');
  store.moved('S1', -4, '00:59', 'TILL');
  store.count(40, '00:01');
  expect(await store.poll(true)).toMatchObject([{ onHandUnits: 40, causes: [{ kind: 'sale' }] }]);
});

it('asks once which of the orders in the ledger are ours', async () => {
  const store = aStore();
  store.moved('S1', -4, '01:00', 'ORD-OURS');
  store.count(36, '01:01');
  await store.poll();
  store.moved('S2', -1, '02:00', 'ORD-OURS');
  store.count(35, '02:01');
  expect(await store.poll(true)).toMatchObject([{ causes: [{ kind: 'order' }] }]);
  expect(store.calls.filter((call) => call.path.startsWith('/v2/orders'))).toHaveLength(1);
});

it('looks back a minute on schedule and five seconds when it is woken', async () => {
  const store = aStore();
  store.count(36, '05:00.000000');
  await store.poll();
  store.calls.splice(0);
  await store.poll(true);
  await store.poll(false);
  const since = store.calls
    .filter((call) => call.path === 'counts')
    .map((call) => call.body.updated_after);
  expect(since).toEqual(['2026-03-04T10:04:55.000Z', '2026-03-04T10:04:00.000Z']);
});

it('tells the figures of a first load while it reads them, and holds a few pages at most', async () => {
  const { memory, refs, locations } = aSquareAccount();
  const [pages, size] = [9, 1_000];
  let asked = 0;
  const { client } = aSquareClient(() => []);
  async function* counts() {
    for (asked = 1; asked <= pages; asked += 1) {
      yield Array.from({ length: size }, (_, at): InventoryCount => {
        const id = `VAR-${asked * size + at}`;
        memory.held.set(`variation ${id}`, `SKU-${id}`);
        const counted = { state: 'IN_STOCK', quantity: '7', calculated_at: '2026-03-04T10:00:00Z' };
        return { catalog_object_id: id, location_id: 'L1', ...counted };
      });
    }
  }
  const catalogue = new CatalogueFeed(client, refs, locations, 1_000);
  const stocked = Object.assign(client, { counts });
  const parts = { client: stocked, refs, locations, catalogue, timeScale: 1, clock: Date };
  const feed = new StockFeed('till', '2026-03-01T00:00:00Z', parts, 1_000);
  let told = 0;
  let most = 0;
  for await (const page of feed.poll(null, false)) {
    most = Math.max(most, asked * size - told);
    told += page.observations.length;
    await memory.put(page.refs ?? []);
  }
  expect(told).toBe(pages * size);
  expect(most).toBeLessThanOrEqual(4 * size);
});
