import { Controller } from '@nestjs/common';
import { PosFulfilmentObserved, type Received } from '@tillbridge/contracts';
import { Consumes } from '@tillbridge/messaging';
import { Database } from '@tillbridge/postgres';
import { takeTurn } from '../stock/take-turn.js';
import { DispatchIntake, type DispatchFact } from './dispatch-intake.js';

/** What has left the stores, as a POS tells it: posting by posting, all that has left of each. */
@Controller()
export class FulfilmentObservedHandler {
  constructor(
    private readonly database: Database,
    private readonly dispatches: DispatchIntake,
  ) {}

  @Consumes(PosFulfilmentObserved, { batch: { size: 100, waitMs: 20 } })
  async apply(received: Received<PosFulfilmentObserved>[]): Promise<void> {
    await this.database.handleOnce(received, async (tx, fresh) => {
      await takeTurn(tx);
      await this.dispatches.take(tx, fresh.map(toFact));
    });
  }
}

/** Before it is completed nothing has left, and an older word that it was is taken back. */
function toFact({ id, data }: Received<PosFulfilmentObserved>): DispatchFact {
  const { postingId, orderId, revision, dispatch } = data;
  const { locationId, at, units } = dispatch ?? { locationId: '', at: '', units: [] };
  return { messageId: id, told: { postingId, orderId, revision, locationId, at, units } };
}
