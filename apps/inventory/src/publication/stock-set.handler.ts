import { Controller } from '@nestjs/common';
import { StockSet, type Received, type StockSetResult } from '@tillbridge/contracts';
import { withSetResult, type ChannelFigure } from '@tillbridge/domain';
import { Consumes } from '@tillbridge/messaging';
import { Database, type NewException } from '@tillbridge/postgres';
import { Clock } from '@tillbridge/runtime';
import { ChannelMap } from '../merchant/channel-map.js';
import { takeTurn } from '../stock/take-turn.js';
import { settlePublications } from './availability.js';
import { keepMovements } from './channel-movements.js';
import {
  publicationKey,
  publicationSubject,
  readPublications,
  type PublicationKey,
} from './publication-rows.js';
import { closeBatches } from './stock-batches.js';

type Result = StockSetResult & PublicationKey & { readonly batchId: string };

/** What became of the figures that were sent. Decides nothing: the publisher looks again. */
@Controller()
export class StockSetHandler {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelMap,
    private readonly clock: Clock,
  ) {}

  @Consumes(StockSet, { batch: { size: 20, waitMs: 20 } })
  async apply(received: Received<StockSet>[]): Promise<void> {
    await this.database.handleOnce(received, async (tx, fresh) => {
      await takeTurn(tx);
      const now = this.clock.now();
      const results = fresh.flatMap(({ data: { batchId, connectionId, results } }) =>
        results.map((result): Result => ({ ...result, batchId, connectionId })),
      );
      const held = await readPublications(tx, results);
      const rows = new Map<string, ChannelFigure>();
      const refusals: NewException[] = [];
      const movements: (PublicationKey & { fallenUnits: number })[] = [];
      for (const result of results) {
        const key = publicationKey(result);
        const row = rows.get(key) ?? held.get(key);
        if (row === undefined) continue;
        const next = withSetResult(row, result, now, this.channels.channelOf(row.connectionId));
        rows.set(key, next);
        if (next.refused && !row.refused) refusals.push(toRefusal(result));
        const fallenUnits = row.observedUnits - next.observedUnits;
        const { connectionId, channelLocationId, sku } = row;
        if (result.outcome === 'stale' && fallenUnits !== 0) {
          movements.push({ connectionId, channelLocationId, sku, fallenUnits });
        }
      }
      await tx.raise(refusals);
      await keepMovements(tx, movements, now);
      const before = [...rows.keys()].map((key) => held.get(key));
      await settlePublications(tx, this.channels, before, [...rows.values()], now);
      const batchIds = fresh.map(({ data }) => data.batchId);
      await closeBatches(tx, batchIds, now);
    });
  }
}

function toRefusal(result: Result): NewException {
  const { connectionId, reason } = result;
  return {
    code: 'channel-refused-stock',
    subject: publicationSubject(result),
    system: connectionId,
    cause: `The channel refused a stock figure: ${reason ?? 'it gave no reason'}.`,
  };
}
