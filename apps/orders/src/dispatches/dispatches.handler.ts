import { Controller } from '@nestjs/common';
import {
  CancelDispatch,
  DispatchRefused,
  RecordDispatch,
  type Received,
} from '@tillbridge/contracts';
import {
  currentOf,
  decideDispatch,
  decideDispatchCancel,
  type DispatchDecision,
  type OrderPolicy,
  type OrderRecord,
} from '@tillbridge/domain';
import { Consumes } from '@tillbridge/messaging';
import { Database, type Transaction } from '@tillbridge/postgres';
import { sourceOf } from '../orders/fact-source.js';
import { OrderBook } from '../orders/order-book.js';
import { OrderDecisions } from '../orders/order-decisions.js';
import { OrderPolicies } from '../orders/order-policies.js';

const BATCH = { batch: { size: 100, waitMs: 20 } };

type DispatchCommand = RecordDispatch | CancelDispatch;
type Decide<T> = (record: OrderRecord, told: T, policy: OrderPolicy) => DispatchDecision;

/**
 * Dispatches that a warehouse system or an operator tells, and calls off. Each is decided on the
 * order as it stands, under its lock; what is not taken is answered and kept open for people.
 */
@Controller()
export class DispatchesHandler {
  constructor(
    private readonly database: Database,
    private readonly book: OrderBook,
    private readonly decisions: OrderDecisions,
    private readonly policies: OrderPolicies,
  ) {}

  @Consumes(RecordDispatch, BATCH)
  record(received: Received<RecordDispatch>[]): Promise<void> {
    return this.take(received, (record, { orderId: _, lines, ...told }, policy) =>
      decideDispatch(
        record,
        {
          ...told,
          revision: told.revision ?? 1,
          units: lines.map(({ sku, units }) => ({ sku, units })),
          dispatchedAt: toClock(told.dispatchedAt),
        },
        policy,
      ),
    );
  }

  @Consumes(CancelDispatch, BATCH)
  cancel(received: Received<CancelDispatch>[]): Promise<void> {
    return this.take(received, (record, { dispatchId, by, reason }) =>
      decideDispatchCancel(record, { dispatchId, by, reason }),
    );
  }

  private take<T extends DispatchCommand>(
    received: Received<T>[],
    decide: Decide<T>,
  ): Promise<void> {
    return this.database.handleOnce(received, async (tx, fresh) => {
      const known = await this.book.known(
        tx,
        fresh.map(({ data }) => data.orderId),
      );
      // All rows first, so that locks are taken in one order; what is decided then is written at once.
      await this.book.lock(tx, known.keys());
      for (const message of fresh) {
        const decision = known.has(message.data.orderId)
          ? await this.decideOne(tx, message, decide)
          : unknownOrder(message.data);
        await answer(tx, message.data, decision);
      }
    });
  }

  private async decideOne<T extends DispatchCommand>(
    tx: Transaction,
    message: Received<T>,
    decide: Decide<T>,
  ): Promise<DispatchDecision> {
    const { orderId } = message.data;
    const record = (await this.book.lock(tx, [orderId])).get(orderId);
    if (record === undefined) return unknownOrder(message.data);
    const policy = this.policies.policyOf(currentOf(record.facts)?.connectionId);
    const decision = decide(record, message.data, policy);
    if (decision.kind === 'taken') {
      const source = sourceOf(message);
      await this.decisions.apply(tx, [{ orderId, fact: decision.fact, source }]);
    }
    return decision;
  }
}

function unknownOrder({ orderId }: DispatchCommand): DispatchDecision {
  return { kind: 'refused', code: 'unknown-order', reason: `no trade order has the id ${orderId}` };
}

/** A refusal is told and stays open until a dispatch of that id is taken. */
async function answer(
  tx: Transaction,
  { dispatchId, orderId }: DispatchCommand,
  decision: DispatchDecision,
): Promise<void> {
  if (decision.kind !== 'refused') {
    await tx.clear([{ code: 'dispatch-not-taken', subject: dispatchId }]);
    return;
  }
  const { code, reason } = decision;
  tx.send([Object.assign(new DispatchRefused(), { dispatchId, orderId, code, reason })]);
  const cause = `Dispatch ${dispatchId} of order ${orderId} was not taken: ${reason}.`;
  await tx.raise([
    { code: 'dispatch-not-taken', system: 'tillbridge', subject: dispatchId, cause },
  ]);
}

/** The time as text that sorts with a stock master's: UTC with six digits. */
function toClock(time: string): string {
  return `${new Date(time).toISOString().slice(0, -1)}000Z`;
}
