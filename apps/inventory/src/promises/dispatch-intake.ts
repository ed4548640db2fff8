import { Injectable } from '@nestjs/common';
import { sumBySku } from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import { ChannelMap } from '../merchant/channel-map.js';
import { recordInLedger } from '../stock/stock-ledger.js';
import { saveDispatches, type ToldDispatch } from './dispatches.js';
import { OrderIntake } from './order-intake.js';
import { recount } from './physical-counts.js';

/** What left a location, with the fact that told it. */
export interface DispatchFact {
  readonly messageId: string;
  readonly told: ToldDispatch;
}

/**
 * Takes in what has left the stores. It moves no figure by itself; it tells what people cannot have
 * counted, and it may come after the count.
 */
@Injectable()
export class DispatchIntake {
  constructor(
    private readonly orders: OrderIntake,
    private readonly channels: ChannelMap,
  ) {}

  async take(tx: Transaction, facts: readonly DispatchFact[]): Promise<void> {
    const promises = await saveDispatches(
      tx,
      facts.map(({ told }) => this.underTheirNames(told)),
    );
    const changed = await recount(tx, { promises, shelves: [] });
    if (changed.length === 0) return;
    const sources = new Map(facts.map(({ messageId, told }) => [told.orderId, messageId]));
    await recordInLedger(
      tx,
      changed
        .filter(({ recorded }) => recorded)
        .map((each) => ({ ...each, messageId: sources.get(each.orderId) ?? '' })),
    );
    const orderIds = changed.map(({ orderId }) => orderId);
    await this.orders.takeFigures(tx, { shelves: changed, orderIds }, new Map());
  }

  /** What is told of an old name of a SKU counts for the new one. */
  private underTheirNames(told: ToldDispatch): ToldDispatch {
    const { products } = this.channels;
    const units = told.units.map((each) => ({ ...each, sku: products.baseOf(each.sku) }));
    return { ...told, units: sumBySku(units) };
  }
}
