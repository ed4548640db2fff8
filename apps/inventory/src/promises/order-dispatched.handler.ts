import { Controller } from '@nestjs/common';
import { OrderDispatched, type Received } from '@tillbridge/contracts';
import { Consumes } from '@tillbridge/messaging';
import { Database } from '@tillbridge/postgres';
import { takeTurn } from '../stock/take-turn.js';
import { DispatchIntake, type DispatchFact } from './dispatch-intake.js';

/**
 * Shipments that were told to the hub. A POS that holds one fulfilment an order says nothing before the
 * last part has left: without this, people who count in between would be thought to have found the first.
 */
@Controller()
export class OrderDispatchedHandler {
  constructor(
    private readonly database: Database,
    private readonly dispatches: DispatchIntake,
  ) {}

  @Consumes(OrderDispatched, { batch: { size: 100, waitMs: 20 } })
  async apply(received: Received<OrderDispatched>[]): Promise<void> {
    await this.database.handleOnce(received, async (tx, fresh) => {
      await takeTurn(tx);
      await this.dispatches.take(tx, fresh.map(toFact));
    });
  }
}

/**
 * A shipment without a date (the rest, of which the POS does not say when it left) says nothing to a
 * count. Its date is written with six digits as masters write theirs, so that it sorts among them.
 */
function toFact({ id, data }: Received<OrderDispatched>): DispatchFact {
  const { postingId, dispatchId: shipmentId, orderId, revision, locationId, dispatchedAt } = data;
  const at = dispatchedAt === undefined ? '' : toClock(dispatchedAt);
  const units = dispatchedAt === undefined ? [] : data.units;
  return {
    messageId: id,
    told: { postingId, shipmentId, orderId, revision, locationId, at, units },
  };
}

function toClock(time: string): string {
  return new Date(time).toISOString().replace('Z', '000Z');
}
