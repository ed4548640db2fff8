import { Controller } from '@nestjs/common';
import { ChannelStockObserved, type Received } from '@tillbridge/contracts';
import { isToldFigure, withObservation, type ChannelFigure } from '@tillbridge/domain';
import { Consumes } from '@tillbridge/messaging';
import { Database } from '@tillbridge/postgres';
import { Clock } from '@tillbridge/runtime';
import { ChannelMap } from '../merchant/channel-map.js';
import { takeTurn } from '../stock/take-turn.js';
import { settlePublications } from './availability.js';
import { publicationKey, readPublications } from './publication-rows.js';

/** What channels show. What the hub does not tell them is left out. */
@Controller()
export class ChannelStockObservedHandler {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelMap,
    private readonly clock: Clock,
  ) {}

  @Consumes(ChannelStockObserved, { batch: { size: 500, waitMs: 20 } })
  async apply(received: Received<ChannelStockObserved>[]): Promise<void> {
    await this.database.handleOnce(received, async (tx, fresh) => {
      const ours = fresh
        .map(({ data }) => data)
        .filter((seen) => isToldFigure(seen, this.channels));
      if (ours.length === 0) return;
      await takeTurn(tx);
      const held = await readPublications(tx, ours);
      const now = this.clock.now();
      const rows = new Map<string, ChannelFigure>();
      for (const seen of ours) {
        const key = publicationKey(seen);
        const row = withObservation(rows.get(key) ?? held.get(key), seen, now);
        if (row !== undefined) rows.set(key, row);
      }
      const before = [...rows.keys()].map((key) => held.get(key));
      await settlePublications(tx, this.channels, before, [...rows.values()], now);
    });
  }
}
