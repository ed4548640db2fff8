import {
  ChannelStockObserved,
  OrderDispatched,
  OrderObserved,
  OrdersPolled,
  PosFulfilmentObserved,
  SetStock,
  StockAdjusted,
  StockCounted,
  StockSet,
  subjectOf,
  type MessageClass,
  type ObservedLine,
  type Received,
  type StockCause,
} from '@tillbridge/contracts';
import { openDatabase, type Database } from '@tillbridge/postgres';
import {
  consumerName,
  type Clock,
  type Configuration,
  type Settings,
  type Timers,
} from '@tillbridge/runtime';
import { randomUUID } from 'node:crypto';
import { ChannelMap } from '../src/merchant/channel-map.js';
import { CreateInventory1767225600000 } from '../src/migrations/1767225600000-create-inventory.js';
import { CreateReconciliation1767225650000 } from '../src/migrations/1767225650000-create-reconciliation.js';
import { DispatchIntake } from '../src/promises/dispatch-intake.js';
import { FulfilmentObservedHandler } from '../src/promises/fulfilment-observed.handler.js';
import { OrderDispatchedHandler } from '../src/promises/order-dispatched.handler.js';
import { OrderIntake } from '../src/promises/order-intake.js';
import { OrderObservedHandler } from '../src/promises/order-observed.handler.js';
import { ChannelPublisher } from '../src/publication/channel-publisher.js';
import { ChannelStockObservedHandler } from '../src/publication/channel-stock-observed.handler.js';
import { OrdersPolledHandler } from '../src/publication/orders-polled.handler.js';
import { StockSetHandler } from '../src/publication/stock-set.handler.js';
import { StockAdjustedHandler } from '../src/retail/stock-adjusted.handler.js';
import { StockCountedHandler } from '../src/stock/stock-counted.handler.js';
import { StockIntake } from '../src/stock/stock-intake.js';
import { StockQueries } from '../src/stock/stock.queries.js';

export const SHOP = 'shop';
export const TILL = 'till';
/** The one channel location, fed by both stores. */
export const ONLINE = 'gid://shop/Location/1';
/** A trade layer over the shop, and its own location where it has one. */
export const TRADE = 'trade';
export const TRADE_STOCK = 'hub-trade';

/** Two stores that feed one online location; `CASE` is twelve A, `KIT` is two A and a B. */
export function aMerchant(
  change: {
    retailOrders?: string;
    locations?: string[];
    promisedGoodsAreSetAside?: boolean;
    /** Those of the locations that feed the trade layer's own stock. */
    tradeFrom?: string[];
  } = {},
) {
  const locations = (change.locations ?? ['north', 'south']).map((id) => ({
    id,
    name: id,
    master: { connection: TILL, vendorLocationId: id.toUpperCase() },
    feeds: [
      { connection: SHOP, vendorLocationId: ONLINE },
      ...(change.tradeFrom?.includes(id)
        ? [{ connection: TRADE, vendorLocationId: TRADE_STOCK }]
        : []),
    ],
    bufferUnits: 0,
    promisedGoodsAreSetAside: change.promisedGoodsAreSetAside ?? false,
  }));
  return {
    currency: 'GBP',
    connections: [
      {
        id: SHOP,
        vendor: 'shopify',
        mode: 'live',
        ordersFrom: '2026-01-01T00:00:00Z',
        publishStock: true,
        retailOrders: change.retailOrders ?? 'hub-adjusts-at-dispatch',
        pollSeconds: 60,
      },
      {
        id: TILL,
        vendor: 'square',
        mode: 'live',
        ordersFrom: '2026-01-01T00:00:00Z',
        pollSeconds: 30,
      },
      { id: TRADE, vendor: 'sparklayer', mode: 'live', storefront: SHOP, pollSeconds: 60 },
    ],
    tenders: [],
    reconciliation: { everyMinutes: 5, nightlyAt: '02:30' },
    locations,
    products: {
      packs: [{ sku: 'CASE', of: 'A', units: 12 }],
      renamed: [],
      kits: [
        {
          sku: 'KIT',
          components: [
            { sku: 'A', quantity: 2 },
            { sku: 'B', quantity: 1 },
          ],
        },
      ],
    },
  } as unknown as Configuration;
}

/** `second` seconds after the stores open, as the master writes its clock. */
export function at(second: number): string {
  return new Date(Date.UTC(2026, 5, 1, 9, 0, second)).toISOString();
}

export function aLine(line: Partial<ObservedLine> & { sku: string }): ObservedLine {
  return {
    lineId: `line-${line.sku}`,
    title: line.sku,
    orderedQuantity: 1,
    cancelledQuantity: 0,
    fulfilledQuantity: 0,
    totalMinor: 0,
    ...line,
  };
}

export function anOrder(order: Partial<OrderObserved> & { orderId: string }): OrderObserved {
  return Object.assign(new OrderObserved(), {
    connectionId: SHOP,
    stage: 'order',
    vendorId: '1',
    revision: 1,
    status: 'open',
    name: '#1001',
    placedAt: at(0),
    trade: true,
    paymentMethod: 'on-account',
    currency: 'GBP',
    totalMinor: 0,
    lines: [],
    charges: [],
    ...order,
  } satisfies OrderObserved);
}

export function aDraft(order: Partial<OrderObserved> & { orderId: string }): OrderObserved {
  return anOrder({ stage: 'draft', name: '#D1', ...order });
}

export function aCount(
  sku: string,
  onHandUnits: number,
  second: number,
  { locationId = 'north', causes = [] }: { locationId?: string; causes?: StockCause[] } = {},
): StockCounted {
  return Object.assign(new StockCounted(), {
    connectionId: TILL,
    locationId,
    sku,
    onHandUnits,
    countedAt: at(second),
    revision: 1,
    causes,
  });
}

/** The deduction of an order that we posted, in the master's ledger. */
export function aDeduction(
  orderId: string,
  units: number,
  second: number,
  postingId = orderId,
): StockCause {
  const about = { orderId, postingId, units: -units };
  return { causeId: randomUUID(), kind: 'order', ...about, at: at(second) };
}

/** The deduction put back by us: nobody wants the goods of this posting any more. */
export function aReversal(
  orderId: string,
  units: number,
  second: number,
  postingId = orderId,
): StockCause {
  const about = { orderId, postingId, units };
  return { causeId: randomUUID(), kind: 'reversal', ...about, at: at(second) };
}

/** People counted the shelf. */
export function aPhysicalCount(units: number, second: number): StockCause {
  return { causeId: randomUUID(), kind: 'physical-count', units, at: at(second) };
}

/** The goods of a posting left the store. */
export function aDispatch(
  orderId: string,
  units: { sku: string; units: number }[],
  second: number,
): PosFulfilmentObserved {
  return Object.assign(new PosFulfilmentObserved(), {
    postingId: randomUUID(),
    connectionId: TILL,
    orderId,
    posOrderId: 'pos-1',
    state: 'completed' as const,
    revision: 1,
    dispatch: { locationId: 'north', at: at(second), units },
  });
}

/** A part of a posting left the store, as a warehouse told the hub. */
export function aShipment(
  shipment: Partial<OrderDispatched> & Pick<OrderDispatched, 'orderId' | 'postingId' | 'units'>,
  second: number,
): OrderDispatched {
  return Object.assign(new OrderDispatched(), {
    dispatchId: randomUUID(),
    revision: 1,
    connectionId: SHOP,
    locationId: 'north',
    dispatchedAt: at(second),
    amountMinor: 0,
    currency: 'GBP',
    paymentMethod: 'on-account',
    due: 'invoice',
    ...shipment,
  } satisfies OrderDispatched);
}

/** The service's handlers on a database of their own, without the messaging around them. */
export class InventoryUnderTest {
  nowMs = Date.UTC(2026, 5, 1, 12);
  readonly publisher: ChannelPublisher;
  readonly queries: StockQueries;
  readonly channels: ChannelMap;
  readonly stock: StockIntake;
  readonly orders: OrderIntake;
  readonly clock: Clock = { now: () => new Date(this.nowMs) };
  private readonly handlers: ReadonlyMap<MessageClass, Handler>;

  private constructor(
    readonly database: Database,
    readonly configuration: Configuration,
  ) {
    const { clock } = this;
    this.channels = new ChannelMap({ whole: configuration });
    const orders = new OrderIntake(this.channels, clock);
    this.orders = orders;
    const stock = new StockIntake(this.channels, orders);
    this.stock = stock;
    const dispatches = new DispatchIntake(orders, this.channels);
    this.queries = new StockQueries(database, this.channels);
    const settings = { timeScale: 1 } as Settings;
    const timers = {} as Timers;
    this.publisher = new ChannelPublisher(database, this.channels, clock, settings, timers);
    this.handlers = new Map<MessageClass, Handler>([
      [StockCounted, new StockCountedHandler(database, stock)],
      [OrderObserved, new OrderObservedHandler(database, orders)],
      [PosFulfilmentObserved, new FulfilmentObservedHandler(database, dispatches)],
      [OrderDispatched, new OrderDispatchedHandler(database, dispatches)],
      [OrdersPolled, new OrdersPolledHandler(database)],
      [ChannelStockObserved, new ChannelStockObservedHandler(database, this.channels, clock)],
      [StockSet, new StockSetHandler(database, this.channels, clock)],
      [StockAdjusted, new StockAdjustedHandler(database)],
    ]);
  }

  static async open(url: string, configuration: Configuration): Promise<InventoryUnderTest> {
    const migrations = [CreateInventory1767225600000, CreateReconciliation1767225650000];
    const database = await openDatabase({ url, service: 'inventory', migrations });
    return new InventoryUnderTest(database, configuration);
  }

  /** As on the first day: a database for all tests of a file costs less than one for each. */
  async forgetAll(): Promise<void> {
    const tables = await this.database.query<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables
        where schemaname = current_schema() and tablename <> 'migration'`,
    );
    await this.database.query(`truncate ${tables.map(({ name }) => name).join(', ')}`);
  }

  /** Delivers facts of one class as one batch. An id given twice is one message. */
  async deliver(facts: readonly object[], ids: readonly string[] = []): Promise<string[]> {
    const type = facts[0]?.constructor as MessageClass;
    const received = facts.map((data, n): Received<never> => ({
      id: ids[n] ?? randomUUID(),
      subject: subjectOf(type),
      consumer: consumerName('inventory', type),
      time: new Date(this.nowMs).toISOString(),
      data: data as never,
    }));
    await this.handlers.get(type)?.apply(received);
    return received.map(({ id }) => id);
  }

  /** The channel shows this figure of a SKU. */
  async channelShows(
    sku: string,
    availableUnits: number,
    revision: number,
    where = { connectionId: SHOP, channelLocationId: ONLINE },
  ): Promise<void> {
    const observedAt = new Date(this.nowMs).toISOString();
    const seen = { ...where, sku, availableUnits, revision, observedAt };
    await this.deliver([Object.assign(new ChannelStockObserved(), seen)]);
  }

  /** A poll of the channel's orders that began now came to its end. */
  async poll(requires: readonly string[] = []): Promise<void> {
    const completeThrough = new Date(this.nowMs).toISOString();
    const polled = { connectionId: SHOP, completeThrough, requires: [...requires] };
    await this.deliver([Object.assign(new OrdersPolled(), polled)]);
  }

  /** Lets the publisher look once; what it sent, and nothing it had sent before. */
  async publish(): Promise<SetStock[]> {
    const before = (await this.sent(SetStock)).length;
    await this.publisher.publish();
    return (await this.sent<SetStock>(SetStock)).slice(before);
  }

  /** The channel takes a batch as it is. */
  async accept({ batchId, connectionId, items }: SetStock, revision: number): Promise<void> {
    const results = items.map(({ channelLocationId, sku, toUnits }) => ({
      channelLocationId,
      sku,
      outcome: 'set' as const,
      availableUnits: toUnits,
      revision,
    }));
    await this.deliver([Object.assign(new StockSet(), { batchId, connectionId, results })]);
  }

  /** Everything of a class that left through the outbox, in order. */
  async sent<T extends object>(type: MessageClass<T>): Promise<T[]> {
    const pattern = subjectOf(type, { connection: 'x', service: 'inventory' }).replace(
      '.x.',
      '.%.',
    );
    const rows = await this.database.query<{ payload: string }>(
      `select payload from outbox where subject like $1 order by sequence`,
      [pattern],
    );
    return rows.map(({ payload }) => JSON.parse(payload) as T);
  }

  /** What the online location should show, by SKU. */
  async desired(): Promise<Record<string, number | null>> {
    const rows = await this.database.query<{ sku: string; desired: number | null }>(
      'select sku, desired_units as desired from publication order by sku',
    );
    return Object.fromEntries(rows.map(({ sku, desired }) => [sku, desired]));
  }

  async openExceptions(): Promise<string[]> {
    const rows = await this.database.query<{ code: string; subject: string }>(
      'select code, subject from exception where cleared_at is null order by code, subject',
    );
    return rows.map(({ code, subject }) => `${code} ${subject}`);
  }
}

interface Handler {
  apply(received: Received<never>[]): Promise<void>;
}
