import { Injectable } from '@nestjs/common';
import {
  AskChannelStock,
  AskMasterStock,
  AskTradeStock,
  type ChannelStockPage,
  type MasterStockPage,
} from '@tillbridge/contracts';
import { Asker } from '@tillbridge/messaging';
import { ChannelMap } from '../merchant/channel-map.js';
import type { Look, SeenFigure } from './compare-page.js';

/** One page of a system's figures, whichever side it is on. */
export interface StockPage {
  readonly figures: readonly SeenFigure[];
  readonly next: string | null;
  readonly notBeforeMs: number;
}

/** What is asked of a system: all, or what moved since, or some SKUs. */
export interface StockQuestion {
  readonly connectionId: string;
  readonly since?: string;
  readonly skus?: string[];
  readonly after?: string;
}

/** Reads what systems say of their stock, by asking the connector. */
@Injectable()
export class StockPages {
  constructor(
    private readonly asker: Asker,
    private readonly channels: ChannelMap,
  ) {}

  /** @throws Failure when there is no page within that time. */
  async read(side: Look['side'], question: StockQuestion, timeoutMs: number): Promise<StockPage> {
    if (side === 'master') {
      const asked = Object.assign(new AskMasterStock(), question);
      const page = await this.asker.ask<MasterStockPage>(asked, { timeoutMs });
      return toPage(page, ({ locationId, sku, onHandUnits, countedAt }) => {
        return { place: locationId, sku, units: onHandUnits, at: countedAt };
      });
    }
    const channel = this.channels.channelOf(question.connectionId);
    const type = this.channels.isTradeLayer(channel) ? AskTradeStock : AskChannelStock;
    const asked = Object.assign(new type(), question);
    const page = await this.asker.ask<ChannelStockPage>(asked, { timeoutMs });
    return toPage(page, ({ channelLocationId, sku, availableUnits }) => {
      return { place: channelLocationId, sku, units: availableUnits, at: null };
    });
  }
}

function toPage<T>(
  page: { readonly figures: readonly T[]; readonly next?: string; readonly notBeforeMs?: number },
  toSeen: (figure: T) => SeenFigure,
): StockPage {
  const { figures, next, notBeforeMs } = page;
  return { figures: figures.map(toSeen), next: next ?? null, notBeforeMs: notBeforeMs ?? 0 };
}
