import { Controller } from '@nestjs/common';
import { StockAdjusted, type Received } from '@tillbridge/contracts';
import { Consumes } from '@tillbridge/messaging';
import { Database, type Transaction } from '@tillbridge/postgres';
import { takeTurn } from '../stock/take-turn.js';

interface Adjusted {
  readonly orderId: string;
  readonly state: 'done' | 'refused' | 'not-sent';
}

/** What became of retail adjustments. Reversals come by the same subject and are not ours. */
@Controller()
export class StockAdjustedHandler {
  constructor(private readonly database: Database) {}

  @Consumes(StockAdjusted, { batch: { size: 100, waitMs: 20 } })
  async apply(received: Received<StockAdjusted>[]): Promise<void> {
    await this.database.handleOnce(received, async (tx, fresh) => {
      await takeTurn(tx);
      const results = fresh.map(({ data }) => data);
      const adjusted = await saveStates(tx, results);
      const refused = new Set(
        adjusted.filter(({ state }) => state === 'refused').map(({ orderId }) => orderId),
      );
      const reasons = new Map(results.map((each) => [each.orderId, each]));
      await tx.raise(
        [...refused].map((orderId) => ({
          code: 'adjustment-refused',
          subject: orderId,
          system: reasons.get(orderId)?.connectionId,
          cause: `The master refused to take dispatched retail goods out: ${
            reasons.get(orderId)?.reason ?? 'it gave no reason'
          }.`,
        })),
      );
      await clearSettled(tx, adjusted);
    });
  }
}

/** `done` is certain and stays; a later refusal of the same adjustment changes nothing. */
async function saveStates(tx: Transaction, results: readonly StockAdjusted[]): Promise<Adjusted[]> {
  return tx.query<Adjusted>(
    `update retail_adjustment a set state = r.outcome, reason = r.reason
       from jsonb_to_recordset($1::jsonb)
         as r("adjustmentId" uuid, outcome text, reason text)
      where a.adjustment_id = r."adjustmentId" and a.state <> 'done'
     returning a.order_id as "orderId", a.state`,
    [JSON.stringify(results)],
  );
}

async function clearSettled(tx: Transaction, adjusted: readonly Adjusted[]): Promise<void> {
  const done = adjusted.filter(({ state }) => state === 'done').map(({ orderId }) => orderId);
  if (done.length === 0) return;
  const refused = await tx.query<{ orderId: string }>(
    `select distinct order_id as "orderId" from retail_adjustment
      where order_id = any($1::uuid[]) and state = 'refused'`,
    [done],
  );
  const open = new Set(refused.map(({ orderId }) => orderId));
  await tx.clear(
    done
      .filter((orderId) => !open.has(orderId))
      .map((subject) => ({ code: 'adjustment-refused', subject })),
  );
}
