import { Controller } from '@nestjs/common';
import { StockSet, type Received, type StockSetResult } from '@tillbridge/contracts';
import { Consumes } from '@tillbridge/messaging';
import { Database, type NewException } from '@tillbridge/postgres';
import { Clock } from '@tillbridge/runtime';
import { ChannelMap } from '../merchant/channel-map.js';
import { takeTurn } from '../stock/take-turn.js';
import { settlePublications } from './availability.js';
import {
  publicationKey,
  publicationSubject,
  readPublications,
  type PublicationKey,
  type PublicationRow,
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
      const rows = new Map<string, PublicationRow>();
      const refusals: NewException[] = [];
      for (const result of results) {
        const key = publicationKey(result);
        const row = rows.get(key) ?? held.get(key);
        if (row === undefined) continue;
        const next = withResult(row, result, now);
        rows.set(key, next);
        if (next.refused && !row.refused) refusals.push(toRefusal(result));
      }
      await tx.raise(refusals);
      const before = [...rows.keys()].map((key) => held.get(key));
      await settlePublications(tx, this.channels, before, [...rows.values()], now);
      const batchIds = fresh.map(({ data }) => data.batchId);
      await closeBatches(tx, batchIds, now);
    });
  }
}

/** The row after one result. A result of a batch that is no longer in flight still shows a figure. */
function withResult(row: PublicationRow, result: Result, now: Date): PublicationRow {
  const sent = row.inFlightBatch === result.batchId ? row.inFlightUnits : null;
  const landed = sent === null ? row : { ...row, inFlightBatch: null, inFlightUnits: null };
  switch (result.outcome) {
    case 'set':
    case 'stale':
      return withFigure(landed, result, sent, now);
    case 'refused':
      return { ...landed, declinedUnits: sent ?? row.declinedUnits, refused: true };
    case 'not-sent':
      return { ...landed, declinedUnits: sent ?? row.declinedUnits };
  }
}

/**
 * A figure that is not what we set means that the channel moved by itself: a rise from it has to
 * wait for a poll that began after now. What we set ourselves tells nothing new.
 */
function withFigure(
  row: PublicationRow,
  { outcome, availableUnits, revision }: Result,
  sent: number | null,
  now: Date,
): PublicationRow {
  const since = outcome === 'set' && availableUnits === sent ? row.since : now;
  if (availableUnits === undefined || revision === undefined) return { ...row, since };
  if (revision <= row.observedRevision) return { ...row, since };
  return { ...row, observedUnits: availableUnits, observedRevision: revision, since };
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
