import { Failure, ReverseOrder, StockAdjusted } from '@tillbridge/contracts';
import type { Act, ActResult, ActRun } from '../vendor.js';
import { findPosting, moveShipment } from './shipment-move.js';
import type { Order } from './square-model.js';
import type { PostedOrder, SquareRefs } from './square-refs.js';
import type { SquareClient } from './square.client.js';
import { paymentOf, returnMark, reversalMark } from './square.translate.js';
import type { StockChanges } from './stock-changes.js';

/**
 * Takes back what Square has deducted: stops the shipment when nothing is left of it, gives the
 * money back and puts the units on the shelf. In that order, so that goods which leave the store in
 * the meantime are not counted as being there; what has left already is refused, with its money.
 */
export class ReverseOrderAct implements Act<ReverseOrder> {
  readonly command = ReverseOrder;

  constructor(
    private readonly connectionId: string,
    private readonly parts: {
      readonly client: SquareClient;
      readonly refs: SquareRefs;
      readonly changes: StockChanges;
      readonly timeScale: number;
    },
  ) {}

  async perform(command: ReverseOrder, run: ActRun): Promise<ActResult> {
    const { reversalId, locationId } = command;
    const { refs, timeScale } = this.parts;
    const posted = await run.step('posting', () =>
      findPosting(refs, command.postingId, { attempt: run.attempt, timeScale }),
    );
    if (command.whole) {
      await run.step('cancel', () => this.cancelShipment(posted.posOrderId, reversalId));
    }
    const isCut = !command.whole && command.returned !== true && command.toldDispatched !== true;
    if (isCut && command.changes.length > 0) {
      await run.step('still there', () => this.expectStillThere(posted.posOrderId));
    }
    if (command.amountMinor > 0) await this.refund(command, run, posted);
    const mark = command.returned === true ? returnMark(command) : reversalMark(command);
    const { changes } = command;
    await this.parts.changes.apply(run, { key: `tb-rev-${reversalId}`, mark, locationId, changes });
    return { messages: () => [this.toAdjusted(command, 'done')] };
  }

  refused(command: ReverseOrder, failure: Failure): object[] {
    return [this.toAdjusted(command, 'refused', failure.message)];
  }

  notSent(command: ReverseOrder): object[] {
    return [this.toAdjusted(command, 'not-sent', 'the connection only observes')];
  }

  private async cancelShipment(posOrderId: string, reversalId: string): Promise<void> {
    await moveShipment(this.parts.client, posOrderId, (order, shipment) => {
      if (shipment?.state === 'COMPLETED') {
        throw goneMeanwhile();
      }
      const ended = shipment === undefined || ['CANCELED', 'FAILED'].includes(shipment.state);
      if (ended || order.state !== 'OPEN') return undefined;
      return toCancel(order, shipment.uid, reversalId);
    });
  }

  /**
   * A part is taken back only while the rest is in the store: staff who completed the order handed
   * over these units too. That it is completed proves nothing when we told it so ourselves.
   */
  private async expectStillThere(posOrderId: string): Promise<void> {
    const { fulfillments } = await this.parts.client.order(posOrderId);
    if (fulfillments?.[0]?.state === 'COMPLETED') throw goneMeanwhile();
  }

  private async refund(command: ReverseOrder, run: ActRun, posted: PostedOrder): Promise<void> {
    const { client } = this.parts;
    const body = await run.fixed('refund', async () => ({
      idempotency_key: `tb-ref-${command.reversalId}`,
      payment_id: posted.paymentId ?? (await this.paymentIn(posted.posOrderId)),
      amount_money: { amount: command.amountMinor, currency: command.currency },
      reason: command.returned === true ? 'Returned on the shop' : 'Cancelled on the shop',
    }));
    await run.step('refunded', async () => {
      const { refund } = await client.post<{ refund: { id: string } }>('/v2/refunds', body);
      return refund.id;
    });
  }

  private async paymentIn(posOrderId: string): Promise<string> {
    const paymentId = paymentOf(await this.parts.client.order(posOrderId));
    if (paymentId !== undefined) return paymentId;
    throw new Failure('not-found', 'never', 'the Square order has no payment to give back');
  }

  private toAdjusted(
    command: ReverseOrder,
    outcome: StockAdjusted['outcome'],
    reason?: string,
  ): StockAdjusted {
    const { reversalId, orderId } = command;
    return Object.assign(new StockAdjusted(), {
      adjustmentId: reversalId,
      connectionId: this.connectionId,
      orderId,
      outcome,
      ...(reason === undefined ? {} : { reason }),
    });
  }
}

function goneMeanwhile(): Failure {
  return new Failure('vendor-conflict', 'never', 'the goods have left the store meanwhile');
}

/** The key carries the version: another version is another request. */
function toCancel(order: Order, uid: string, reversalId: string) {
  const { location_id, version } = order;
  return {
    idempotency_key: `tb-cancel-${reversalId}-v${version}`,
    order: { location_id, version, fulfillments: [{ uid, state: 'CANCELED' }] },
  };
}
