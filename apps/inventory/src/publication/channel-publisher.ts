import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { SetStock, SetTradeStock } from '@tillbridge/contracts';
import { decidePublication, toPublicationState, type ChannelFigure } from '@tillbridge/domain';
import { Database, type Transaction } from '@tillbridge/postgres';
import { Clock, Settings, Timers, type StockShowingConnection } from '@tillbridge/runtime';
import { v7 as uuidv7 } from 'uuid';
import { ChannelMap } from '../merchant/channel-map.js';
import { takeTurn } from '../stock/take-turn.js';
import { judgeMovements } from './channel-movements.js';
import { readWanted, savePublications } from './publication-rows.js';
import { countOpenBatches, openBatch, raiseOverdueBatches } from './stock-batches.js';
import { advanceWatermarks } from './watermarks.js';

const PUBLISH_MS = 100;
const WATCH_MS = 1_000;
const OVERDUE_MS = 600_000;

/** Tells channels their stock: falls first, rises when the polls allow, in the batches they take. */
@Injectable()
export class ChannelPublisher implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelMap,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly timers: Timers,
  ) {}

  onApplicationBootstrap(): void {
    this.timers.every('publish-stock', PUBLISH_MS, () => this.publish());
    this.timers.every('watch-stock', WATCH_MS, () => this.watch());
  }

  /** Sends what may go now. */
  async publish(): Promise<void> {
    for (const connectionId of this.channels.publishedConnections) {
      const channel = this.channels.channelOf(connectionId);
      for (let batch = 0; batch < channel.batchesInFlight; batch += 1) {
        // Looked at without a turn first: mostly there is nothing to do.
        if ((await readWanted(this.database, channel, 1)).length === 0) break;
        const sent = await this.database.inTransaction((tx) => this.sendBatch(tx, channel));
        if (!sent) break;
      }
    }
  }

  /** Takes polls whose last order came by a detour, and tells of strangers and of silence. */
  async watch(): Promise<void> {
    const overdueMs = OVERDUE_MS / this.settings.timeScale;
    await this.database.inTransaction(async (tx) => {
      await takeTurn(tx);
      await advanceWatermarks(tx);
      await judgeMovements(tx, this.channels.all);
      await raiseOverdueBatches(tx, new Date(this.clock.now().getTime() - overdueMs));
    });
  }

  private async sendBatch(tx: Transaction, channel: StockShowingConnection): Promise<boolean> {
    const { connectionId, ordersConnectionId } = channel;
    await takeTurn(tx);
    if ((await countOpenBatches(tx, connectionId)) >= channel.batchesInFlight) return false;
    const wanted = await readWanted(tx, channel, channel.batchItems);
    const completeThroughMs = await readWatermarkMs(tx, ordersConnectionId);
    const going = wanted.filter((row) => {
      const decision = decidePublication(toPublicationState(row), completeThroughMs, channel);
      return decision === 'send-fall' || decision === 'send-rise';
    });
    if (going.length === 0) return false;
    const batchId = uuidv7();
    const items = going.length;
    await openBatch(tx, { batchId, connectionId, items, sentAt: this.clock.now() });
    await savePublications(
      tx,
      going.map((row) => ({ ...row, inFlightBatch: batchId, inFlightUnits: row.desiredUnits })),
    );
    const command = this.channels.isTradeLayer(channel) ? new SetTradeStock() : new SetStock();
    tx.send([Object.assign(command, toBatch(batchId, connectionId, going))]);
    return true;
  }
}

async function readWatermarkMs(tx: Transaction, connectionId: string): Promise<number | null> {
  const [row] = await tx.query<{ completeThrough: Date }>(
    `select complete_through as "completeThrough" from poll_watermark where connection_id = $1`,
    [connectionId],
  );
  return row?.completeThrough.getTime() ?? null;
}

function toBatch(batchId: string, connectionId: string, rows: readonly ChannelFigure[]): SetStock {
  return {
    batchId,
    connectionId,
    items: rows.map(({ channelLocationId, sku, observedUnits, desiredUnits }) => ({
      channelLocationId,
      sku,
      fromUnits: observedUnits,
      toUnits: desiredUnits ?? 0,
    })),
  };
}
