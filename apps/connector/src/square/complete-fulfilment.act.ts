import { CompleteFulfilment, Failure, FulfilmentCompleted } from '@tillbridge/contracts';
import type { Act, ActResult, ActRun } from '../vendor.js';
import { findPosting, moveShipment } from './shipment-move.js';
import type { Fulfilment, Order } from './square-model.js';
import type { SquareRefs } from './square-refs.js';
import type { SquareClient } from './square.client.js';

/**
 * Says in Square that all goods of an order have left. Square holds one fulfilment an order, so it
 * is told when the last part has left; staff who were faster have said it already.
 */
export class CompleteFulfilmentAct implements Act<CompleteFulfilment> {
  readonly command = CompleteFulfilment;

  constructor(
    private readonly parts: {
      readonly client: SquareClient;
      readonly refs: SquareRefs;
      readonly timeScale: number;
    },
  ) {}

  async perform(command: CompleteFulfilment, run: ActRun): Promise<ActResult> {
    const { client, refs, timeScale } = this.parts;
    const { attempt } = run;
    const { posOrderId } = await run.step('posting', () =>
      findPosting(refs, command.postingId, { attempt, timeScale }),
    );
    await run.step('complete', () =>
      moveShipment(client, posOrderId, (order, shipment) => toCompleted(command, order, shipment)),
    );
    return { messages: () => [toResult(command, 'done')] };
  }

  refused(command: CompleteFulfilment, failure: Failure): object[] {
    return [toResult(command, 'refused', failure.message)];
  }

  notSent(command: CompleteFulfilment): object[] {
    return [toResult(command, 'not-sent', 'the connection only observes')];
  }
}

/** The order is completed with its fulfilment: Square can leave it open otherwise. */
function toCompleted(
  { completionId, carrier, trackingNumber }: CompleteFulfilment,
  { location_id, version, state }: Order,
  shipment: Fulfilment | undefined,
): object | undefined {
  const isDone = shipment === undefined || shipment.state === 'COMPLETED';
  if (isDone && state === 'COMPLETED') return undefined;
  if (state === 'CANCELED' || ['CANCELED', 'FAILED'].includes(shipment?.state ?? '')) {
    throw new Failure('vendor-conflict', 'never', 'the store has stopped the shipment');
  }
  const shipment_details = {
    ...(carrier === undefined ? {} : { carrier }),
    ...(trackingNumber === undefined ? {} : { tracking_number: trackingNumber }),
  };
  const fulfillments = isDone
    ? {}
    : { fulfillments: [{ uid: shipment.uid, state: 'COMPLETED', shipment_details }] };
  return {
    idempotency_key: `tb-ship-${completionId}-v${version}`,
    order: { location_id, version, state: 'COMPLETED', ...fulfillments },
  };
}

function toResult(
  { completionId, connectionId, orderId, postingId }: CompleteFulfilment,
  outcome: FulfilmentCompleted['outcome'],
  reason?: string,
): FulfilmentCompleted {
  return Object.assign(new FulfilmentCompleted(), {
    ...{ completionId, connectionId, orderId, postingId, outcome },
    ...(reason === undefined ? {} : { reason }),
  });
}
