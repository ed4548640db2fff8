import { Controller } from '@nestjs/common';
import { DecideShort, type Received } from '@tillbridge/contracts';
import { Consumes } from '@tillbridge/messaging';
import { Database } from '@tillbridge/postgres';
import { sourceOf } from './fact-source.js';
import { OrderDecisions } from './order-decisions.js';

/** What operations decide about orders of which units are missing; the story keeps who and why. */
@Controller()
export class ShortDecisionsHandler {
  constructor(
    private readonly database: Database,
    private readonly decisions: OrderDecisions,
  ) {}

  @Consumes(DecideShort, { batch: { size: 100, waitMs: 20 } })
  async decided(received: Received<DecideShort>[]): Promise<void> {
    await this.database.handleOnce(received, (tx, fresh) =>
      this.decisions.apply(
        tx,
        fresh.map((message) => {
          const { orderId, choice, by, reason } = message.data;
          const decision = { choice, by, reason, at: message.time };
          const fact = { kind: 'short-decided', decision } as const;
          return { orderId, fact, source: sourceOf(message) };
        }),
      ),
    );
  }
}
