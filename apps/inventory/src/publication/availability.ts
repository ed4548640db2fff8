import { AvailabilityChanged } from '@tillbridge/contracts';
import {
  desiredUnits,
  isToldFigure,
  sellableUnits,
  waitingAnew,
  withDesired,
  type ChannelFigure,
  type Shelf,
} from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import type { ChannelMap } from '../merchant/channel-map.js';
import { readLevelsOfSkus, type StockLevel } from '../stock/stock-levels.js';
import { recordInChannelLedger } from './channel-ledger.js';
import { publicationSubject, readPublicationsOf, savePublications } from './publication-rows.js';

/** Computes anew what channels should show of everything that is made of what is on these shelves. */
export async function refreshAvailability(
  tx: Transaction,
  channels: ChannelMap,
  shelves: readonly Shelf[],
  now: Date,
): Promise<void> {
  if (shelves.length === 0) return;
  const skus = new Set(shelves.flatMap(({ sku }) => channels.products.dependantsOf(sku)));
  const fed = channels.channelLocationsFedBy(new Set(shelves.map(({ locationId }) => locationId)));
  const places = new Set(fed.map((at) => `${at.connectionId} ${at.channelLocationId}`));
  const rows = (await readPublicationsOf(tx, skus)).filter((row) =>
    places.has(`${row.connectionId} ${row.channelLocationId}`),
  );
  await settlePublications(
    tx,
    channels,
    rows,
    rows.map((row) => waitingAnew(row, now)),
    now,
  );
}

/**
 * Saves rows with the figure they should show, and says what changed. `before` are the rows as they
 * are stored; a row in `rows` may carry a newer observation already.
 */
export async function settlePublications(
  tx: Transaction,
  channels: ChannelMap,
  before: readonly (ChannelFigure | undefined)[],
  rows: readonly ChannelFigure[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return;
  const parts = rows.flatMap(({ sku }) => channels.products.partsOf(sku));
  const levels = await readLevelsOfSkus(tx, new Set(parts.map(({ sku }) => sku)));
  const sellable = sellableByLocation(channels, levels);
  const settled = rows.map((row) =>
    withDesired(row, desiredOf(channels, sellable, row), now, channels.channelOf(row.connectionId)),
  );
  await savePublications(
    tx,
    settled.filter((row, at) => row !== before[at]),
  );
  await recordInChannelLedger(
    tx,
    settled.filter((row, at) => row.observedUnits !== before[at]?.observedUnits),
  );
  const cleared = settled.filter((row, at) => rows[at]?.refused === true && !row.refused);
  await tx.clear(
    cleared.map((row) => ({
      code: 'channel-refused-stock' as const,
      subject: publicationSubject(row),
    })),
  );
  tx.send(
    settled
      .filter((row, at) => row.desiredUnits !== before[at]?.desiredUnits)
      .flatMap((row) => toAvailabilityChanged(row, now)),
  );
}

type Sellable = ReadonlyMap<string, ReadonlyMap<string, number>>;

function sellableByLocation(
  channels: ChannelMap,
  levels: ReadonlyMap<string, StockLevel>,
): Sellable {
  const sellable = new Map<string, Map<string, number>>();
  for (const level of levels.values()) {
    const { locationId, sku } = level;
    const shelf = sellable.get(locationId) ?? new Map<string, number>();
    shelf.set(sku, sellableUnits({ ...level, bufferUnits: channels.bufferOf(locationId, sku) }));
    sellable.set(locationId, shelf);
  }
  return sellable;
}

function desiredOf(channels: ChannelMap, sellable: Sellable, row: ChannelFigure): number | null {
  if (!isToldFigure(row, channels)) return null;
  const feeders = channels.feedersOf(row).map((id) => sellable.get(id) ?? new Map());
  return desiredUnits(channels.products, row.sku, feeders);
}

function toAvailabilityChanged(row: ChannelFigure, now: Date): AvailabilityChanged[] {
  const { connectionId, channelLocationId, sku, desiredUnits: availableUnits } = row;
  if (availableUnits === null) return [];
  return [
    Object.assign(new AvailabilityChanged(), {
      connectionId,
      channelLocationId,
      sku,
      availableUnits,
      asOf: now.toISOString(),
    }),
  ];
}
