import { Injectable } from '@nestjs/common';
import type { Received, StockCounted } from '@tillbridge/contracts';
import { newFigures, shelfKey, type Shelf, type ShelfCause } from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import { ChannelMap } from '../merchant/channel-map.js';
import { OrderIntake } from '../promises/order-intake.js';
import { containInPromises } from '../promises/physical-counts.js';
import { containCauses, saveCauses } from './stock-causes.js';
import { readLevels, saveFigures } from './stock-levels.js';
import { recordInLedger } from './stock-ledger.js';

/** Takes in the masters' figures with their causes: what is gone from on hand leaves the promises. */
@Injectable()
export class StockIntake {
  constructor(
    private readonly channels: ChannelMap,
    private readonly orders: OrderIntake,
  ) {}

  async take(tx: Transaction, facts: readonly Received<StockCounted>[]): Promise<void> {
    for (const { data } of facts) this.channels.assertMaster(data);
    const shelves = [...new Map(facts.map(({ data }) => [shelfKey(data), toShelf(data)])).values()];
    const levels = await readLevels(tx, shelves);
    const figures = newFigures(levels, facts);
    await saveFigures(tx, figures);
    await saveCauses(tx, facts.flatMap(toCauses));
    const causes = await containCauses(tx, shelves);
    const promises = await containInPromises(tx, this.channels, levels, causes);
    await recordInLedger(tx, [
      ...figures.filter(({ recorded }) => recorded),
      ...promises.filter(({ recorded }) => recorded),
    ]);
    const firstCounted = figures.filter((figure) => !levels.has(shelfKey(figure)));
    await this.orders.takeFigures(
      tx,
      { shelves, orderIds: promises.map(({ orderId }) => orderId) },
      new Map(firstCounted.map(({ sku, messageId }) => [sku, messageId])),
    );
  }
}

function toShelf({ locationId, sku }: StockCounted): Shelf {
  return { locationId, sku };
}

function toCauses({ id, data }: Received<StockCounted>): ShelfCause[] {
  return data.causes.map(({ causeId, kind, orderId, units, at, happenedAt }) => ({
    ...toShelf(data),
    causeId,
    kind,
    orderId: orderId ?? null,
    units,
    at,
    happenedAt: happenedAt ?? null,
    messageId: id,
  }));
}
