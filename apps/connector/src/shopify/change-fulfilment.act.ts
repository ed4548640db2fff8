import {
  CancelFulfilment,
  Failure,
  FulfilmentChanged,
  UpdateTracking,
} from '@tillbridge/contracts';

import type { Act, ActResult, ActRun } from '../vendor.js';
import type { FulfilmentClaims } from './fulfilment-claims.js';
import type { UserError } from './shopify.answers.js';
import type { ShopifyClient } from './shopify.client.js';
import { CANCEL_FULFILMENT, UPDATE_TRACKING } from './fulfilment.documents.js';
import { toGid } from './shopify.identity.js';

/**
 * Takes the report of a dispatch back. Only standing fulfilments are cancelled, so that a repeat
 * after a lost answer finds none; staff may have been faster.
 */
export class CancelFulfilmentAct implements Act<CancelFulfilment> {
  readonly command = CancelFulfilment;

  constructor(
    private readonly client: ShopifyClient,
    private readonly claims: FulfilmentClaims,
  ) {}

  async perform(command: CancelFulfilment): Promise<ActResult> {
    const orderId = toGid('Order', command.vendorOrderId);
    for (const id of await this.claims.madeBy(this.client, orderId, command.dispatchId)) {
      const { fulfillmentCancel } = await this.client.send(CANCEL_FULFILMENT, { id });
      mustBeDone(`cancel ${id}`, fulfillmentCancel?.userErrors);
    }
    return { messages: () => [toResult(command, 'done')] };
  }

  refused(command: CancelFulfilment, failure: Failure): object[] {
    return [toResult(command, 'refused', failure.message)];
  }

  notSent(command: CancelFulfilment): object[] {
    return [toResult(command, 'not-sent', 'the connection only observes')];
  }
}

/** Shows another carrier or tracking number of a reported dispatch. Said twice it is the same. */
export class UpdateTrackingAct implements Act<UpdateTracking> {
  readonly command = UpdateTracking;

  constructor(
    private readonly client: ShopifyClient,
    private readonly claims: FulfilmentClaims,
  ) {}

  async perform(command: UpdateTracking, run: ActRun): Promise<ActResult> {
    const orderId = toGid('Order', command.vendorOrderId);
    const { carrier: company, trackingNumber: number } = command;
    const ids = await run.fixed('fulfilments', () =>
      this.claims.madeBy(this.client, orderId, command.dispatchId),
    );
    for (const id of ids) {
      const tracking = { company, number };
      const answer = await this.client.send(UPDATE_TRACKING, { id, tracking });
      mustBeDone(`change ${id}`, answer.fulfillmentTrackingInfoUpdate?.userErrors);
    }
    return { messages: () => [toResult(command, 'done')] };
  }

  refused(command: UpdateTracking, failure: Failure): object[] {
    return [toResult(command, 'refused', failure.message)];
  }

  notSent(command: UpdateTracking): object[] {
    return [toResult(command, 'not-sent', 'the connection only observes')];
  }
}

/** @throws Failure `vendor-refused` with the platform's reasons. */
function mustBeDone(what: string, errors: readonly UserError[] = []): void {
  if (errors.length === 0) return;
  const reasons = errors.map(({ message }) => message).join('; ');
  throw new Failure('vendor-refused', 'never', `the platform would not ${what}: ${reasons}`);
}

function toResult(
  command: CancelFulfilment | UpdateTracking,
  outcome: FulfilmentChanged['outcome'],
  reason?: string,
): FulfilmentChanged {
  const { connectionId, orderId } = command;
  const cancels = 'cancellationId' in command;
  return Object.assign(new FulfilmentChanged(), {
    actId: cancels ? command.cancellationId : command.trackingId,
    change: cancels ? 'cancelled' : 'tracking',
    ...{ connectionId, orderId, outcome },
    ...(reason === undefined ? {} : { reason }),
  });
}
