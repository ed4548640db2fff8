import { ProductMap } from '../products/product-map.js';
import type { MasterCause } from './commitment.js';
import type { OrderSighting } from './order-settlement.js';
import { StockBook } from './stock-book.js';
import type { SetStockBatch } from './stock-book-publications.js';
import { ledgerBalances, type StockEffects, type StockLedgerEntry } from './stock-effects.js';
import type { PostingDispatch, StockFact } from './stock-facts.js';
import type { StockMerchant } from './stock-merchant.js';

const SHOP = 'shop';
const ONLINE = { connectionId: SHOP, channelLocationId: 'online' };

/** Two stores that feed one online location; `CASE` is twelve A, `KIT` is two A and a B. */
function aMerchant({ locations = ['north', 'south'], bufferUnits = 0 } = {}): StockMerchant {
  return {
    products: new ProductMap({
      packs: [{ sku: 'CASE', of: 'A', units: 12 }],
      kits: [
        {
          sku: 'KIT',
          components: [
            { sku: 'A', quantity: 2 },
            { sku: 'B', quantity: 1 },
          ],
        },
      ],
    }),
    publishedConnections: [SHOP],
    channelOf: (ordersConnectionId) => ({ compares: true, ordersConnectionId }),
    locationsOf: () => locations,
    channelLocationsFedBy: () => [ONLINE],
    feedersOf: ({ connectionId }) => (connectionId === SHOP ? locations : []),
    ownPlaceAt: () => undefined,
    isOwnPlace: () => false,
    setsAside: () => false,
    bufferOf: () => bufferUnits,
    policyOf: () => ({
      retailOrders: 'hub-adjusts-at-dispatch',
      ordersFrom: '2026-01-01T00:00:00Z',
      hubWritesMasters: true,
    }),
  };
}

function at(second: number): string {
  return new Date(Date.UTC(2026, 5, 1, 9, 0, second)).toISOString();
}

/** A book with a clock that goes on by a second with each batch. */
class Told {
  readonly book: StockBook;
  readonly ledger: StockLedgerEntry[] = [];
  private nowMs = Date.UTC(2026, 5, 1, 12);
  private ids = 0;

  constructor(merchant = aMerchant(), limits = {}) {
    this.book = new StockBook(merchant, limits);
  }

  take(...facts: StockFact[]): StockEffects {
    this.nowMs += 1_000;
    const effects = this.book.take(facts, new Date(this.nowMs));
    this.ledger.push(...effects.ledger);
    return effects;
  }

  count(
    sku: string,
    onHandUnits: number,
    second: number,
    causes: MasterCause[] = [],
    locationId = 'north',
  ): StockFact {
    const data = { locationId, sku, onHandUnits, countedAt: at(second), revision: 1, causes };
    return { id: `m${++this.ids}`, kind: 'stock-counted', data };
  }

  order(orderId: string, sku: string, quantity: number, order: Partial<OrderSighting> = {}) {
    const line = { orderedQuantity: quantity, cancelledQuantity: 0, fulfilledQuantity: 0 };
    const data: OrderSighting = {
      orderId,
      connectionId: SHOP,
      stage: 'order',
      revision: 1,
      status: 'open',
      trade: true,
      paymentMethod: 'on-account',
      placedAt: at(0),
      lines: [{ lineId: `line-${sku}`, sku, ...line }],
      ...order,
    };
    return { id: `m${++this.ids}`, kind: 'order-observed', data } as const;
  }

  shows(sku: string, availableUnits: number, revision: number): StockFact {
    const data = { ...ONLINE, sku, availableUnits, revision };
    return { id: `m${++this.ids}`, kind: 'channel-observed', data };
  }

  poll(...requires: string[]): StockFact {
    const data = { connectionId: SHOP, completeThrough: new Date(this.nowMs), requires };
    return { id: `m${++this.ids}`, kind: 'orders-polled', data };
  }

  left(orderId: string, sku: string, units: number, second: number): StockFact {
    const posting = { postingId: `posting of ${orderId}`, orderId, revision: 1 };
    const data = { ...posting, locationId: 'north', at: at(second), units: [{ sku, units }] };
    return { id: `m${++this.ids}`, kind: 'dispatched', data };
  }

  accepted({ batchId, connectionId, items }: SetStockBatch, revision: number): StockFact {
    const results = items.map(({ channelLocationId, sku, toUnits: availableUnits }) => {
      return { channelLocationId, sku, outcome: 'set', availableUnits, revision } as const;
    });
    const data = { batchId, connectionId, results };
    return { id: `m${++this.ids}`, kind: 'stock-set', data };
  }

  publish(): SetStockBatch[] {
    return this.book.publish(() => `b${++this.ids}`);
  }

  /** What the online location should show, by SKU. */
  desired(): Record<string, number | null> {
    return Object.fromEntries(this.book.figures.map((each) => [each.sku, each.desiredUnits]));
  }

  open(): string[] {
    return this.book.openExceptions.map(({ code, subject }) => `${code} ${subject}`);
  }
}

const out = (causeId: string, orderId: string, units: number, second: number): MasterCause => ({
  causeId,
  kind: 'order',
  orderId,
  units: -units,
  at: at(second),
});

describe('a unit', () => {
  it('leaves the promise with the figure that contains it, and only by a named cause', () => {
    const told = new Told();
    told.take(told.count('A', 30, 0), told.shows('A', 30, 1), told.order('o', 'CASE', 2));
    expect(told.desired()).toEqual({ A: 6 });
    // The figure fell, and nothing says for whom.
    told.take(told.count('A', 20, 10));
    expect(told.desired()).toEqual({ A: 0 });
    told.take(told.count('A', 20, 11, [out('c', 'o', 10, 5)]));
    expect(told.desired()).toEqual({ A: 6 });
    expect(told.book.shelves).toMatchObject([{ onHandUnits: 20, committedUnits: 14 }]);
  });

  it('is contained once, however often its cause and its fact come', () => {
    const told = new Told();
    told.take(told.count('A', 30, 0), told.order('o', 'A', 8));
    const cause = out('c', 'o', 3, 5);
    const fact = told.count('A', 27, 10, [cause]);
    told.take(fact, fact, told.count('A', 27, 12, [cause]));
    told.take(fact);
    expect(told.book.orders[0]?.promises).toMatchObject([{ owedUnits: 8, containedUnits: 3 }]);
  });

  it('stays promised while the cause is known and the figure is older', () => {
    const told = new Told();
    told.take(told.count('A', 30, 0), told.order('o', 'A', 8));
    told.take(told.count('A', 30, 10, [out('c', 'o', 8, 11)]));
    expect(told.book.shelves).toMatchObject([{ onHandUnits: 30, committedUnits: 8 }]);
    told.take(told.count('A', 22, 12));
    expect(told.book.shelves).toMatchObject([{ onHandUnits: 22, committedUnits: 0 }]);
  });

  it('that people found on the shelf is promised again, until it has left and they count once more', () => {
    const told = new Told();
    const people = (units: number, second: number): MasterCause => {
      return { causeId: `p${second}`, kind: 'physical-count', units, at: at(second) };
    };
    told.take(told.count('A', 30, 0), told.order('o', 'A', 10));
    told.take(
      told.count('A', 20, 5, [out('c', 'o', 10, 5)]),
      told.count('A', 30, 9, [people(30, 9)]),
    );
    expect(told.book.shelves).toMatchObject([{ onHandUnits: 30, committedUnits: 10 }]);
    told.take(told.left('o', 'A', 10, 12));
    expect(told.book.shelves).toMatchObject([{ onHandUnits: 30, committedUnits: 10 }]);
    told.take(told.count('A', 20, 15, [people(20, 15)]));
    expect(told.book.shelves).toMatchObject([{ onHandUnits: 20, committedUnits: 0 }]);
    told.take(told.count('A', 10, 20, [out('again', 'o', 10, 20)]));
    expect(told.open()).toEqual(['deducted-twice-by-master o']);
  });

  it('of a cancelled order is not for sale before the master puts it back', () => {
    const told = new Told();
    told.take(told.count('A', 10, 0), told.shows('A', 10, 1), told.order('o', 'A', 6));
    told.take(told.count('A', 4, 10, [out('c', 'o', 6, 9)]));
    told.take(told.order('o', 'A', 6, { revision: 2, status: 'cancelled' }));
    expect([told.desired(), told.open()]).toEqual([{ A: 4 }, ['restock-pending o']]);
    const back: MasterCause = { ...out('r', 'o', -6, 20), kind: 'reversal' };
    told.take(told.count('A', 10, 20, [back]));
    expect([told.desired(), told.open()]).toEqual([{ A: 10 }, []]);
  });
});

describe('an order', () => {
  it('keeps the promise of its draft', () => {
    const told = new Told();
    const draft = { stage: 'draft', lines: [] } as const;
    told.take(told.count('A', 10, 0), told.shows('A', 10, 1));
    const { lines } = told.order('o', 'A', 6).data;
    told.take(told.order('o', 'A', 6, { ...draft, lines }));
    told.take(told.order('o', 'A', 6, { ...draft, lines, revision: 2, status: 'completed' }));
    expect(told.desired()).toEqual({ A: 4 });
    const { allocated } = told.take(told.order('o', 'A', 6));
    expect(told.desired()).toEqual({ A: 4 });
    // The same line of the same order: there is nothing new to tell.
    expect(allocated).toEqual([]);
  });

  it('takes goods that no other of its batch is promised', () => {
    const told = new Told();
    told.take(told.count('A', 6, 0), told.count('A', 6, 0, [], 'south'));
    told.take(told.order('o', 'A', 4), told.order('p', 'A', 4), told.order('q', 'A', 4));
    expect(told.book.shelves.map((each) => each.committedUnits)).toEqual([6, 6]);
    expect(told.open()).toEqual([]);
  });

  it('waits for the first count of what nobody stocks', () => {
    const told = new Told();
    const [waiting] = told.take(told.count('A', 9, 0), told.order('o', 'KIT', 1)).allocated;
    expect(waiting?.unallocated).toMatchObject([{ reason: 'unknown-sku', missing: ['B'] }]);
    const [placed] = told.take(told.count('B', 9, 0)).allocated;
    expect(placed).toMatchObject({
      revision: 2,
      shares: [{ locationId: 'north' }],
      unallocated: [],
    });
  });

  it('of a retail buyer leaves the master once a dispatched part', () => {
    const told = new Told();
    told.take(told.count('A', 10, 0));
    const dispatched = (fulfilledQuantity: number, revision: number) => {
      const [line] = told.order('o', 'A', 5).data.lines;
      const lines = [{ ...line!, fulfilledQuantity }];
      return told.take(told.order('o', 'A', 5, { trade: false, revision, lines })).adjustments;
    };
    expect(dispatched(2, 1)).toMatchObject([{ units: [{ sku: 'A', units: 2 }] }]);
    expect(dispatched(2, 2)).toEqual([]);
    const [rest] = dispatched(5, 3);
    expect(rest).toMatchObject({ units: [{ sku: 'A', units: 3 }] });
    const answer = { adjustmentId: rest!.adjustmentId, orderId: 'o' };
    told.take({ id: 'x', kind: 'stock-adjusted', data: { ...answer, outcome: 'refused' } });
    expect(told.open()).toEqual(['adjustment-refused o']);
    told.take({ id: 'y', kind: 'stock-adjusted', data: { ...answer, outcome: 'done' } });
    expect(told.open()).toEqual([]);
  });
});

describe('what has left with a posting', () => {
  it('is what its highest revision says, also when goods are no longer in it', () => {
    const told = new Told();
    const posted = (revision: number, units: PostingDispatch['units']): StockFact => {
      const posting = { postingId: 'p', orderId: 'o', revision, locationId: 'north', at: at(3) };
      return { id: `left ${revision}`, kind: 'dispatched', data: { ...posting, units } };
    };
    told.take(told.count('A', 20, 0), told.count('B', 20, 0));
    told.take(told.order('o', 'A', 4));
    const counted = (sku: string): MasterCause => {
      return { causeId: `by hand ${sku}`, kind: 'physical-count', units: 0, at: at(5) };
    };
    told.take(told.count('A', 20, 6, [counted('A')]), told.count('B', 20, 6, [counted('B')]));
    const promised = () => told.book.shelves.map(({ committedUnits }) => committedUnits);
    told.take(posted(2, [{ sku: 'B', units: 1 }]));
    told.take(posted(1, [{ sku: 'A', units: 4 }]));
    expect(promised()).toEqual([4, 0]);
    told.take(posted(3, [{ sku: 'A', units: 3 }]));
    expect(promised()).toEqual([1, 0]);
    expect(told.open()).toEqual([]);
    told.take(posted(4, []));
    expect(promised()).toEqual([4, 0]);
  });
});

describe('goods that no master has counted', () => {
  it('are told of a retail order while it is open, until they are counted', () => {
    const told = new Told();
    const retail = told.order('o', 'A', 2, { trade: false });
    told.take(retail, told.order('p', 'A', 2));
    expect(told.open()).toEqual(['sku-unknown o']);
    told.take(told.count('A', 9, 0));
    expect(told.open()).toEqual([]);
  });

  it('are nothing to do once the order is closed', () => {
    const told = new Told(aMerchant({ locations: [] }));
    told.take(told.order('o', 'A', 2, { trade: false }));
    expect(told.open()).toEqual(['location-unmapped o']);
    told.take(told.order('o', 'A', 2, { trade: false, status: 'closed', revision: 2 }));
    expect(told.open()).toEqual([]);
  });
});

describe('a channel', () => {
  it('is told a fall at once, and nothing while the call is on its way', () => {
    const told = new Told();
    told.take(told.count('A', 10, 0), told.shows('A', 10, 1), told.count('A', 7, 1));
    const [fall] = told.publish();
    expect(fall?.items).toEqual([
      { channelLocationId: 'online', sku: 'A', fromUnits: 10, toUnits: 7 },
    ]);
    told.take(told.count('A', 6, 2));
    expect(told.publish()).toEqual([]);
    told.take(told.accepted(fall!, 2));
    expect(told.publish()).toMatchObject([{ items: [{ fromUnits: 7, toUnits: 6 }] }]);
  });

  it('is told a rise only after a poll that began later, with all its orders', () => {
    const told = new Told();
    told.take(told.count('A', 5, 0), told.shows('A', 5, 1));
    const early = told.poll();
    told.take(told.count('A', 12, 1));
    told.take(early);
    expect(told.publish()).toEqual([]);
    const sale = told.order('o', 'A', 2, { trade: false });
    told.take(told.poll(sale.id));
    expect(told.publish()).toEqual([]);
    told.take(sale);
    // What the order made of it was computed after the poll began.
    expect(told.publish()).toEqual([]);
    told.take(told.poll());
    expect(told.publish()).toMatchObject([{ items: [{ fromUnits: 5, toUnits: 10 }] }]);
  });

  it('is told its falls first, in few batches', () => {
    const told = new Told(aMerchant(), { batchItems: 1, batchesInFlight: 2 });
    told.take(...['A', 'B', 'C'].map((sku) => told.shows(sku, 5, 1)));
    told.take(told.count('A', 9, 0), told.count('B', 3, 0), told.count('C', 4, 0));
    told.take(told.poll());
    const items = (batches: SetStockBatch[]) => batches.flatMap((each) => each.items);
    const first = told.publish();
    expect(items(first).map(({ sku }) => sku)).toEqual(['B', 'C']);
    expect(told.publish()).toEqual([]);
    told.take(told.accepted(first[0]!, 2));
    expect(items(told.publish()).map(({ sku }) => sku)).toEqual(['A']);
  });

  it('at rest hears nothing more', () => {
    const told = new Told();
    told.take(told.shows('A', 5, 1), told.shows('CASE', 5, 1), told.count('A', 40, 0));
    told.take(told.poll());
    let revision = 1;
    for (const batch of told.publish()) told.take(told.accepted(batch, ++revision));
    expect(told.desired()).toEqual({ A: 40, CASE: 3 });
    for (let again = 0; again < 3; again += 1) {
      told.take(told.poll(), told.count('A', 40, 1 + again));
      expect(told.publish()).toEqual([]);
    }
  });

  it('is offered anew what another configuration allows', () => {
    const told = new Told();
    told.take(told.count('A', 10, 0), told.shows('A', 10, 1));
    const { availability } = told.book.configure(aMerchant({ bufferUnits: 4 }), new Date(0));
    expect(availability).toMatchObject([{ sku: 'A', availableUnits: 6 }]);
  });
});

it('keeps a ledger that adds up to every figure and every promise', () => {
  const told = new Told();
  told.take(told.count('A', 30, 0), told.order('o', 'A', 8), told.order('p', 'CASE', 1));
  told.take(told.count('A', 27, 10, [out('c', 'o', 3, 5)]));
  told.take(told.count('A', 27, 11));
  told.take(told.order('o', 'A', 5, { revision: 2 }));
  const balances = [...ledgerBalances(told.ledger).values()];
  expect(balances).toMatchObject([
    { onHandUnits: 27, countedAt: at(10) },
    { orderId: 'o', owedUnits: 5, containedUnits: 3 },
    { orderId: 'p', owedUnits: 12, containedUnits: 0 },
  ]);
});
