import { Injectable, type OnModuleInit } from '@nestjs/common';
import { waitingAnew, type ChannelFigure } from '@tillbridge/domain';
import {
  ConfigurationKeeper,
  type ConfigurationStep,
  type ConfigurationUser,
  type Transaction,
} from '@tillbridge/postgres';
import { Clock, digestOf, type Configuration } from '@tillbridge/runtime';
import { OrderIntake } from '../promises/order-intake.js';
import { settlePublications } from '../publication/availability.js';
import { readTouchedPublications, savePublications } from '../publication/publication-rows.js';
import { wishForRun } from '../reconciliation/run-book.js';
import { forgetFigures } from '../stock/stock-levels.js';
import { takeTurn } from '../stock/take-turn.js';
import { ChannelMap } from './channel-map.js';
import { renameSkus } from './rename-skus.js';
import { stockTouched, type StockTouched } from './stock-touched.js';

/** Figures of channels that are in memory at once. */
const PAGE = 2_000;

/** Brings stock up to another file of the merchant, in the one transaction that takes it. */
@Injectable()
export class MerchantChanges implements ConfigurationUser, OnModuleInit {
  constructor(
    private readonly keeper: ConfigurationKeeper,
    private readonly channels: ChannelMap,
    private readonly orders: OrderIntake,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.keeper.add(this);
  }

  /**
   * Whoever has the next turn works by the new file. Figures are made by the path that facts take. A
   * shelf that is another one now is sold from when it was counted, which a comparison asks for.
   */
  async take(tx: Transaction, { kept, own, to }: ConfigurationStep): Promise<void> {
    await takeTurn(tx);
    this.channels.use(to);
    const source = `configuration ${digestOf(to).slice(0, 12)}`;
    const shelves = await renameSkus(tx, to.products.renamed, source);
    const now = this.clock.now();
    if (kept !== undefined) {
      const { remapped, newShelves } = stockTouched(kept, to);
      await forgetFigures(tx, remapped, source);
      if (newShelves) await wishForRun(tx, now);
    }
    await this.orders.takeConfiguration(tx, shelves, source);
    for (const before of [kept, own]) {
      if (before !== undefined) await this.refresh(tx, stockTouched(before, to), now);
    }
  }

  keep(configuration: Configuration): void {
    this.channels.use(configuration);
  }

  private async refresh(tx: Transaction, { skus, places }: StockTouched, now: Date): Promise<void> {
    let after: ChannelFigure | undefined;
    do {
      const rows = await readTouchedPublications(tx, { skus, places }, after, PAGE);
      const shown = rows.filter((row) => this.channels.shows(row.connectionId));
      const anew = shown.map((row) => waitingAnew(row, now));
      await settlePublications(tx, this.channels, shown, anew, now);
      const over = rows.filter((row) => !this.channels.shows(row.connectionId));
      await savePublications(
        tx,
        over.map((row) => ({ ...row, desiredUnits: null })),
      );
      await tx.writeOutbox();
      after = rows.at(-1);
    } while (after !== undefined);
  }
}
