import { Controller } from '@nestjs/common';
import {
  Failure,
  OrderTrace,
  TraceOrder,
  type RaisedException,
  type TracedLine,
  type TracedOrder,
  type TracedStep,
} from '@tillbridge/contracts';
import {
  creditedMinor,
  currentOf,
  lookupValue,
  placesOf,
  timelineOf,
  whyState,
  type ObservedOrderState,
  type TimelineEntry,
} from '@tillbridge/domain';
import { Answers } from '@tillbridge/messaging';
import { ExceptionBook } from '@tillbridge/postgres';
import { OrderPolicies } from '../orders/order-policies.js';
import { TraceBook, type StoredTrace } from './trace-book.js';

const ORDERS = 5;

/** Where is an order, and how did it come there (R11). */
@Controller()
export class TraceQueries {
  constructor(
    private readonly book: TraceBook,
    private readonly exceptions: ExceptionBook,
    private readonly policies: OrderPolicies,
  ) {}

  /** @throws Failure `not-found` when the text names no order. */
  @Answers(TraceOrder)
  async trace({ identifier, limit = ORDERS }: TraceOrder): Promise<OrderTrace> {
    const { matches, orders } = await this.book.find(lookupValue(identifier), limit);
    if (orders.length === 0) {
      throw new Failure('not-found', 'never', `no order is known by '${identifier}'`);
    }
    const open = await this.exceptions.openOf(orders.map(({ record }) => record.orderId));
    return Object.assign(new OrderTrace(), {
      matches,
      orders: orders.map((order) => this.toTraced(order, open)),
    });
  }

  private toTraced(
    { record, state, foundBy, events }: StoredTrace,
    open: readonly RaisedException[],
  ): TracedOrder {
    const current = currentOf(record.facts);
    const { draft, purchase } = record.facts;
    const connectionId = current?.connectionId ?? null;
    return {
      orderId: record.orderId,
      foundBy: [...foundBy],
      state,
      why: whyState(record),
      name: current?.name ?? '',
      draft: current?.stage === 'draft',
      connectionId,
      placedAt: current?.placedAt ?? null,
      customerId: current?.customerId ?? draft?.customerId ?? null,
      poNumber: current?.poNumber ?? draft?.poNumber ?? purchase?.poNumber ?? null,
      currency: current?.currency ?? null,
      totalMinor: current?.totalMinor ?? null,
      creditedMinor: current === undefined ? 0 : creditedMinor(current),
      lines: (current?.lines ?? []).map(toLine),
      places: placesOf(record, this.policies.tradeShopOf(connectionId ?? '')),
      exceptions: open.filter(({ subject }) => subject === record.orderId),
      timeline: timelineOf(
        events.map(({ recordedAt, ...event }) => ({
          ...event,
          recordedAtMs: Date.parse(recordedAt),
        })),
      ).map(toStep),
    };
  }
}

function toLine(line: ObservedOrderState['lines'][number]): TracedLine {
  const { lineId, sku = null, orderedQuantity, cancelledQuantity, fulfilledQuantity } = line;
  const { returnedQuantity = 0 } = line;
  return { lineId, sku, orderedQuantity, cancelledQuantity, fulfilledQuantity, returnedQuantity };
}

function toStep({ atMs, ...entry }: TimelineEntry): TracedStep {
  return { at: new Date(atMs).toISOString(), ...entry };
}
