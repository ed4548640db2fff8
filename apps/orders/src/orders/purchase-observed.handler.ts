import { Controller } from '@nestjs/common';
import { PurchaseObserved, type Received } from '@tillbridge/contracts';
import { Consumes } from '@tillbridge/messaging';
import { Database } from '@tillbridge/postgres';
import { sourceOf } from './fact-source.js';
import { OrderBook } from './order-book.js';
import { OrderDecisions } from './order-decisions.js';
import { OrderPolicies } from './order-policies.js';

/** What the trade shop keeps of a purchase: the PO number where the platform has none (R7). */
@Controller()
export class PurchaseObservedHandler {
  constructor(
    private readonly database: Database,
    private readonly book: OrderBook,
    private readonly decisions: OrderDecisions,
    private readonly policies: OrderPolicies,
  ) {}

  /** Kept by cart, so that it may come before the order as well as after it. */
  @Consumes(PurchaseObserved, { batch: { size: 200, waitMs: 20 } })
  async observed(received: Received<PurchaseObserved>[]): Promise<void> {
    await this.database.handleOnce(received, async (tx, fresh) => {
      const purchases = newest(fresh).flatMap((message) => {
        const { connectionId: trade, cartId, revision, poNumber } = message.data;
        const connectionId = this.policies.storefrontOf(trade);
        if (connectionId === undefined) return [];
        return [{ connectionId, cartId, revision, poNumber, source: sourceOf(message) }];
      });
      await this.book.lockCarts(tx, purchases);
      await this.book.savePurchases(tx, purchases);
      await this.decisions.applyWithCarts(tx, [], purchases);
    });
  }
}

function newest(purchases: readonly Received<PurchaseObserved>[]): Received<PurchaseObserved>[] {
  const byCart = new Map<string, Received<PurchaseObserved>>();
  for (const message of purchases) {
    const { connectionId, cartId, revision } = message.data;
    const key = `${connectionId} ${cartId}`;
    const held = byCart.get(key);
    if (held === undefined || held.data.revision < revision) byCart.set(key, message);
  }
  return [...byCart.values()];
}
