import { Injectable } from '@nestjs/common';
import type { OrderObserved, Received } from '@tillbridge/contracts';
import { laterSighting, type Shelf } from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import { Clock } from '@tillbridge/runtime';
import { ChannelMap } from '../merchant/channel-map.js';
import { refreshAvailability } from '../publication/availability.js';
import { announceAllocations } from './announce.js';
import { refreshShelves } from './commitments.js';
import {
  readOrders,
  readOrdersWaitingFor,
  readOrdersWithoutShelf,
  saveSightings,
  type OrderRecord,
  type StoredSighting,
} from './order-book.js';
import { refreshOrderConditions } from './order-conditions.js';
import { settleOrders } from './order-settlement.js';
import { toSightedLine } from './sighted-line.js';

/** What a transaction changed so far, on which other figures depend. */
export interface Touched {
  readonly shelves: readonly Shelf[];
  readonly orderIds: readonly string[];
}

/** Turns orders into promises, and brings all that depends on them up to date. */
@Injectable()
export class OrderIntake {
  constructor(
    private readonly channels: ChannelMap,
    private readonly clock: Clock,
  ) {}

  /** Takes in what platforms showed of orders and drafts. */
  async takeOrders(tx: Transaction, facts: readonly Received<OrderObserved>[]): Promise<void> {
    const records = await readOrders(tx, [...new Set(facts.map(({ data }) => data.orderId))]);
    const news = new Map<string, StoredSighting>();
    for (const { id, data } of facts) {
      const held = records.get(data.orderId) ?? { orderId: data.orderId };
      const seen = toSighting(data, id);
      if (laterSighting(held[seen.stage], seen) !== seen) continue;
      records.set(data.orderId, { ...held, [seen.stage]: seen });
      news.set(`${data.orderId} ${seen.stage}`, seen);
    }
    await saveSightings(tx, [...news.values()]);
    // The order's own fact where there is one: its draft counts no more.
    const [drafts, orders] = [ofStage(news, 'draft'), ofStage(news, 'order')];
    const sources = new Map([...drafts, ...orders].map((each) => [each.orderId, each.messageId]));
    const changed = [...records.values()].filter(({ orderId }) => sources.has(orderId));
    await this.settle(tx, changed, sources, { shelves: [], orderIds: [] });
  }

  /**
   * Follows up on changed figures; `firstCounted` are base SKUs that a location stocks for the first
   * time, for which lines may wait. `source` names the fact that brought them.
   */
  async takeFigures(
    tx: Transaction,
    touched: Touched,
    firstCounted: ReadonlyMap<string, string>,
  ): Promise<void> {
    const sources = await readOrdersWaitingFor(tx, firstCounted);
    // The sums first: what waits is allocated from what is really free.
    const shorts = await refreshShelves(tx, touched.shelves);
    const orderIds = [...touched.orderIds, ...shorts];
    if (sources.size === 0) {
      const lacking = await this.refresh(tx, { ...touched, orderIds });
      await announceAllocations(tx, [], shorts, lacking);
      return;
    }
    const records = [...(await readOrders(tx, [...sources.keys()])).values()];
    await this.settle(tx, records, sources, { shelves: touched.shelves, orderIds }, shorts);
  }

  /**
   * Follows up on another configuration: what waited for goods or for a place may have them now.
   * `source` names the change.
   */
  async takeConfiguration(
    tx: Transaction,
    shelves: readonly Shelf[],
    source: string,
  ): Promise<void> {
    const shorts = await refreshShelves(tx, shelves);
    const waiting = await readOrdersWithoutShelf(tx);
    const records = [...(await readOrders(tx, waiting)).values()];
    const sources = new Map(waiting.map((orderId) => [orderId, source]));
    await this.settle(tx, records, sources, { shelves, orderIds: [...shorts] });
  }

  private async settle(
    tx: Transaction,
    records: readonly OrderRecord[],
    sources: ReadonlyMap<string, string>,
    touched: Touched,
    shortBefore: ReadonlySet<string> = new Set(),
  ): Promise<void> {
    const settled = await settleOrders(tx, this.channels, records, sources, this.clock.now());
    const shorts = await refreshShelves(tx, settled.shelves);
    const lacking = await this.refresh(tx, {
      shelves: [...touched.shelves, ...settled.shelves],
      orderIds: [...touched.orderIds, ...records.map(({ orderId }) => orderId), ...shorts],
    });
    const short = new Set([...shortBefore, ...shorts]);
    await announceAllocations(tx, settled.changed, short, lacking);
  }

  private async refresh(tx: Transaction, { shelves, orderIds }: Touched) {
    await refreshAvailability(tx, this.channels, shelves, this.clock.now());
    return refreshOrderConditions(tx, this.channels, new Set(orderIds));
  }
}

function ofStage(
  news: ReadonlyMap<string, StoredSighting>,
  stage: StoredSighting['stage'],
): StoredSighting[] {
  return [...news.values()].filter((each) => each.stage === stage);
}

function toSighting(order: OrderObserved, messageId: string): StoredSighting {
  const { orderId, connectionId, stage, revision, status, name, placedAt, trade } = order;
  const lines = order.lines.map(toSightedLine);
  return {
    orderId,
    connectionId,
    stage,
    revision,
    status,
    name,
    placedAt,
    trade,
    paymentMethod: order.paymentMethod,
    lines,
    messageId,
  };
}
