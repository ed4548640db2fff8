import { Injectable } from '@nestjs/common';
import type { Received, StockCounted } from '@tillbridge/contracts';
import { isTakenBack, newFigures, shelfKey, type Shelf, type ShelfCause } from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import { ChannelMap } from '../merchant/channel-map.js';
import { readOrdersInExcess } from '../promises/commitments.js';
import { OrderIntake } from '../promises/order-intake.js';
import { containInPromises } from '../promises/physical-counts.js';
import { takeCauses } from './stock-causes.js';
import { readLevels, readLevelsOfSkus, saveFigures } from './stock-levels.js';
import { recordInLedger } from './stock-ledger.js';

/** Takes in the masters' figures with their causes: what is gone from on hand leaves the promises. */
@Injectable()
export class StockIntake {
  constructor(
    private readonly channels: ChannelMap,
    private readonly orders: OrderIntake,
  ) {}

  async take(tx: Transaction, told: readonly Received<StockCounted>[]): Promise<void> {
    for (const { data } of told) this.channels.assertMaster(data);
    const facts = told.map((fact) => this.underItsName(fact));
    const shelves = [...new Map(facts.map(({ data }) => [shelfKey(data), toShelf(data)])).values()];
    await this.readAhead(tx, shelves);
    const levels = await readLevels(tx, shelves);
    const figures = newFigures(levels, facts);
    await saveFigures(tx, figures);
    const causes = await takeCauses(tx, shelves, facts.flatMap(toCauses));
    const promises = await containInPromises(tx, this.channels, levels, causes);
    await recordInLedger(
      tx,
      promises.filter(({ recorded }) => recorded),
    );
    const returned = causes.filter(isTakenBack);
    const takenBack = await readOrdersInExcess(tx, returned);
    const firstCounted = figures.filter((figure) => !levels.has(shelfKey(figure)));
    await this.orders.takeFigures(
      tx,
      { shelves, orderIds: [...promises.map(({ orderId }) => orderId), ...takenBack] },
      new Map(firstCounted.map(({ sku, messageId }) => [sku, messageId])),
    );
  }

  /** What is told of an old name of a SKU counts for the new one. */
  private underItsName(fact: Received<StockCounted>): Received<StockCounted> {
    const sku = this.channels.products.baseOf(fact.data.sku);
    return sku === fact.data.sku ? fact : { ...fact, data: { ...fact.data, sku } };
  }

  /** One look at all levels that the batch will need: what channels sell may have other parts too. */
  private async readAhead(tx: Transaction, shelves: readonly Shelf[]): Promise<void> {
    const { products } = this.channels;
    const skus = new Set(shelves.map(({ sku }) => sku));
    const sold = new Set([...skus].flatMap((sku) => products.dependantsOf(sku)));
    for (const { sku } of [...sold].flatMap((each) => products.partsOf(each))) skus.add(sku);
    await readLevelsOfSkus(tx, skus);
  }
}

function toShelf({ locationId, sku }: StockCounted): Shelf {
  return { locationId, sku };
}

function toCauses({ id, data }: Received<StockCounted>): ShelfCause[] {
  return data.causes.map(({ causeId, kind, orderId, postingId, units, at, happenedAt }) => ({
    ...toShelf(data),
    causeId,
    kind,
    orderId: orderId ?? null,
    postingId: postingId ?? null,
    units,
    at,
    happenedAt: happenedAt ?? null,
    messageId: id,
  }));
}
