import { Controller } from '@nestjs/common';
import {
  DraftRefused,
  FulfilmentChanged,
  FulfilmentCompleted,
  FulfilmentCreated,
  FulfilmentRefused,
  OrderAllocated,
  OrderPosted,
  OrderRefused,
  PosFulfilmentObserved,
  StockAdjusted,
  TenderDecided,
  type Received,
} from '@tillbridge/contracts';
import type { OrderFact } from '@tillbridge/domain';
import { Consumes } from '@tillbridge/messaging';
import { Database } from '@tillbridge/postgres';
import { sourceOf } from './fact-source.js';
import { OrderDecisions } from './order-decisions.js';

const BATCH = { batch: { size: 200, waitMs: 20 } };
/** What was posted comes by ones and twos, and only people wait for it. */
const UNHURRIED = { batch: { size: 200, waitMs: 100 } };

/** What others decided about our orders, and what became of what we asked for. */
@Controller()
export class OutsideResultsHandler {
  constructor(
    private readonly database: Database,
    private readonly decisions: OrderDecisions,
  ) {}

  @Consumes(OrderAllocated, BATCH)
  allocated(received: Received<OrderAllocated>[]): Promise<void> {
    return this.take(received, ({ revision, allocations, unallocated, shortUnits }) => ({
      kind: 'allocated',
      allocation: { revision, allocations, unallocated, shortUnits },
    }));
  }

  @Consumes(TenderDecided, BATCH)
  tenderDecided(received: Received<TenderDecided>[]): Promise<void> {
    return this.take(received, ({ revision, outcome, tender }) => ({
      kind: 'tender-decided',
      tender: { revision, outcome, tender },
    }));
  }

  @Consumes(OrderPosted, UNHURRIED)
  posted(received: Received<OrderPosted>[]): Promise<void> {
    return this.take(received, ({ postingId, posOrderId }) => ({
      kind: 'posted',
      postingId,
      posOrderId,
    }));
  }

  @Consumes(OrderRefused, BATCH)
  refused(received: Received<OrderRefused>[]): Promise<void> {
    return this.take(received, ({ postingId, code, reason }) => ({
      kind: 'refused',
      postingId,
      code,
      reason,
    }));
  }

  @Consumes(PosFulfilmentObserved, BATCH)
  fulfilmentObserved(received: Received<PosFulfilmentObserved>[]): Promise<void> {
    return this.take(received, ({ postingId, dispatch, ...seen }) => {
      const { state, revision, carrier, trackingNumber } = seen;
      const left = dispatch === undefined ? {} : { leftAt: dispatch.at };
      const fulfilment = { state, revision, carrier, trackingNumber, ...left };
      return { kind: 'pos-fulfilment', postingId, fulfilment };
    });
  }

  @Consumes(FulfilmentCompleted, BATCH)
  fulfilmentCompleted(received: Received<FulfilmentCompleted>[]): Promise<void> {
    return this.take(received, ({ completionId: actId, outcome, reason }) => ({
      kind: 'dispatch-act',
      act: 'pos-completed',
      actId,
      result: { outcome, reason },
    }));
  }

  @Consumes(FulfilmentChanged, BATCH)
  fulfilmentChanged(received: Received<FulfilmentChanged>[]): Promise<void> {
    return this.take(received, ({ change, actId, outcome, reason }) => ({
      kind: 'dispatch-act',
      act: change === 'cancelled' ? 'report-cancelled' : 'tracking-told',
      actId,
      result: { outcome, reason },
    }));
  }

  @Consumes(FulfilmentCreated, BATCH)
  fulfilmentCreated(received: Received<FulfilmentCreated>[]): Promise<void> {
    return this.take(received, ({ dispatchId, fulfilmentId }) => ({
      kind: 'fulfilment-created',
      dispatchId,
      fulfilmentId,
    }));
  }

  @Consumes(FulfilmentRefused, BATCH)
  fulfilmentRefused(received: Received<FulfilmentRefused>[]): Promise<void> {
    return this.take(received, ({ dispatchId, reason }) => ({
      kind: 'fulfilment-refused',
      dispatchId,
      reason,
    }));
  }

  @Consumes(DraftRefused, BATCH)
  draftRefused(received: Received<DraftRefused>[]): Promise<void> {
    return this.take(received, ({ reason }) => ({ kind: 'draft-refused', reason }));
  }

  /** Results of retail adjustments come here too and change nothing: no order of ours asked. */
  @Consumes(StockAdjusted, BATCH)
  stockAdjusted(received: Received<StockAdjusted>[]): Promise<void> {
    return this.take(received, ({ adjustmentId, outcome, reason }) => ({
      kind: 'reversed',
      reversalId: adjustmentId,
      outcome,
      reason,
    }));
  }

  private take<T extends { readonly orderId: string }>(
    received: Received<T>[],
    toFact: (data: T) => OrderFact,
  ): Promise<void> {
    return this.database.handleOnce(received, (tx, fresh) =>
      this.decisions.apply(
        tx,
        fresh.map((message) => ({
          orderId: message.data.orderId,
          fact: toFact(message.data),
          source: sourceOf(message),
        })),
      ),
    );
  }
}
