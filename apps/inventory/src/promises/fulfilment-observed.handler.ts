import { Controller } from '@nestjs/common';
import { PosFulfilmentObserved, type Received } from '@tillbridge/contracts';
import { Consumes } from '@tillbridge/messaging';
import { sumBySku } from '@tillbridge/domain';
import { Database } from '@tillbridge/postgres';
import { ChannelMap } from '../merchant/channel-map.js';
import { recordInLedger } from '../stock/stock-ledger.js';
import { takeTurn } from '../stock/take-turn.js';
import { saveDispatches } from './dispatches.js';
import { OrderIntake } from './order-intake.js';
import { recount } from './physical-counts.js';

/**
 * What has left the stores. It moves no figure by itself; it tells what people cannot have counted, and
 * it may come after the count.
 */
@Controller()
export class FulfilmentObservedHandler {
  constructor(
    private readonly database: Database,
    private readonly orders: OrderIntake,
    private readonly channels: ChannelMap,
  ) {}

  @Consumes(PosFulfilmentObserved, { batch: { size: 100, waitMs: 20 } })
  async apply(received: Received<PosFulfilmentObserved>[]): Promise<void> {
    await this.database.handleOnce(received, async (tx, fresh) => {
      await takeTurn(tx);
      const promises = await saveDispatches(
        tx,
        fresh.map(({ data }) => this.underTheirNames(data)),
      );
      const changed = await recount(tx, { promises, shelves: [] });
      if (changed.length === 0) return;
      const sources = new Map(fresh.map(({ id, data }) => [data.orderId, id]));
      await recordInLedger(
        tx,
        changed
          .filter(({ recorded }) => recorded)
          .map((each) => ({ ...each, messageId: sources.get(each.orderId) ?? '' })),
      );
      const orderIds = changed.map(({ orderId }) => orderId);
      await this.orders.takeFigures(tx, { shelves: changed, orderIds }, new Map());
    });
  }

  /** What is told of an old name of a SKU counts for the new one. */
  private underTheirNames(observed: PosFulfilmentObserved): PosFulfilmentObserved {
    const { dispatch } = observed;
    if (dispatch === undefined) return observed;
    const { products } = this.channels;
    const units = dispatch.units.map((each) => ({ ...each, sku: products.baseOf(each.sku) }));
    return { ...observed, dispatch: { ...dispatch, units: sumBySku(units) } };
  }
}
