import { randomUUID } from 'node:crypto';
import { ChannelStockObserved, OrderObserved, shapeOf, StockCounted } from '@tillbridge/contracts';
import { consumerName, type OutgoingMessage } from '@tillbridge/runtime';
import { SHOP } from '../bench-configuration.js';
import { toOutgoing } from '../outgoing-message.js';
import { ONLINE, STORES, TILL, type Store } from './stock-configuration.js';

/** `spread`: every SKU in turn. `hot`: four of five sales are of five SKUs. */
export type Mix = 'spread' | 'hot';

const SKUS = 5_000;
const HOT_SKUS = 5;
/** Sales of which one is of any SKU, the others of hot ones. */
const ONE_IN = 5;
const OPENING_UNITS = 1_000_000;
/** Each promises one unit of one SKU, before anything is measured. */
const OPEN_ORDERS = 1_000;
const DAY_MS = Date.UTC(2026, 5, 1);

const COUNTED = shapeOf(StockCounted).subject;
const SHOWN = shapeOf(ChannelStockObserved).subject;
const ORDERED = shapeOf(OrderObserved).subject;

/** Our service's consumers of them. */
export const COUNT_CONSUMER = consumerName('inventory', StockCounted);
export const FACT_CONSUMERS = [COUNT_CONSUMER].concat(
  consumerName('inventory', ChannelStockObserved),
  consumerName('inventory', OrderObserved),
);

/** What the connector tells of a merchant's stock, and what has to come of it. */
export class StockFacts {
  /** Units on hand, by store and number of the SKU. */
  private readonly onHand: Readonly<Record<Store, number[]>> = {
    north: new Array<number>(SKUS).fill(OPENING_UNITS),
    south: new Array<number>(SKUS).fill(OPENING_UNITS),
  };
  private turn = 0;
  private readonly turns = { hot: 0, spread: 0 };
  private clockMs = DAY_MS;
  private revision = 1;

  /** For another side, which begins where this one stands. */
  copy(): StockFacts {
    return Object.assign(new StockFacts(), structuredClone({ ...this }));
  }

  /** Every shelf's first figure, what the shop shows, and orders that are open all the time. */
  opening(): OutgoingMessage[] {
    const skus = Array.from({ length: SKUS }, (_, sku) => sku);
    return [
      ...STORES.flatMap(({ id }) => skus.map((sku) => this.count(COUNTED, id, sku, []))),
      ...skus.map((sku) => this.shown(sku)),
      ...skus.slice(0, OPEN_ORDERS).map((sku) => this.order(sku)),
    ];
  }

  /** Till sales of one unit, each with the figure after it, under this subject. */
  sales(mix: Mix, length: number, subject = COUNTED): OutgoingMessage[] {
    return Array.from({ length }, () => this.sale(mix, subject));
  }

  /** What the shop should show in the end, by SKU. */
  desired(): Map<string, number> {
    return new Map(
      this.onHand.north.map((north, sku) => {
        const promised = sku < OPEN_ORDERS ? 1 : 0;
        return [nameOf(sku), north - promised + (this.onHand.south[sku] ?? 0)];
      }),
    );
  }

  private sale(mix: Mix, subject: string): OutgoingMessage {
    this.turn += 1;
    const kind = mix === 'hot' && this.turn % ONE_IN !== 0 ? 'hot' : 'spread';
    const skus = kind === 'hot' ? HOT_SKUS : SKUS;
    this.turns[kind] += 1;
    // One store after the other, so that a batch has no SKU twice unless it is a hot one.
    const shelf = this.turns[kind] % (skus * STORES.length);
    const [sku, store] = [shelf % skus, STORES[Math.floor(shelf / skus)]?.id ?? 'north'];
    this.onHand[store][sku] = (this.onHand[store][sku] ?? 0) - 1;
    const at = this.tick();
    const cause = { causeId: randomUUID(), kind: 'sale' as const, units: -1, at };
    return this.count(subject, store, sku, [cause]);
  }

  private count(
    subject: string,
    locationId: Store,
    sku: number,
    causes: StockCounted['causes'],
  ): OutgoingMessage {
    this.revision += 1;
    const counted: StockCounted = {
      connectionId: TILL,
      locationId,
      sku: nameOf(sku),
      onHandUnits: this.onHand[locationId][sku] ?? 0,
      countedAt: this.tick(),
      revision: this.revision,
      causes,
    };
    return toOutgoing(subject, COUNTED, counted.sku, counted);
  }

  private shown(sku: number): OutgoingMessage {
    const observed: ChannelStockObserved = {
      connectionId: SHOP.connection,
      channelLocationId: ONLINE,
      sku: nameOf(sku),
      availableUnits: STORES.length * OPENING_UNITS,
      revision: 1,
      observedAt: new Date(DAY_MS).toISOString(),
    };
    return toOutgoing(SHOWN, SHOWN, observed.sku, observed);
  }

  private order(sku: number): OutgoingMessage {
    const orderId = randomUUID();
    const placedAt = new Date(DAY_MS + sku).toISOString();
    const what = { lineId: '1', sku: nameOf(sku), title: nameOf(sku), totalMinor: 1_000 };
    const quantities = { orderedQuantity: 1, cancelledQuantity: 0, fulfilledQuantity: 0 };
    const order: OrderObserved = {
      connectionId: SHOP.connection,
      orderId,
      stage: 'order',
      vendorId: String(sku),
      revision: 1,
      status: 'open',
      name: `#${sku}`,
      placedAt,
      trade: true,
      paymentMethod: 'on-account',
      currency: 'GBP',
      totalMinor: 1_000,
      lines: [{ ...what, ...quantities }],
      charges: [],
    };
    return toOutgoing(ORDERED, ORDERED, orderId, order);
  }

  /** The master's clock, as text that sorts: later with each call. */
  private tick(): string {
    this.clockMs += 1;
    return new Date(this.clockMs).toISOString().replace('Z', '000Z');
  }
}

function nameOf(sku: number): string {
  return `SKU-${sku}`;
}
