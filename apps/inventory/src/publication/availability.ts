import { AvailabilityChanged } from '@tillbridge/contracts';
import { sellableUnits } from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import type { ChannelMap } from '../merchant/channel-map.js';
import { readLevelsOfSkus, type Shelf, type StockLevel } from '../stock/stock-levels.js';
import {
  publicationSubject,
  readPublicationsOf,
  savePublications,
  type PublicationRow,
} from './publication-rows.js';

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

/** A rise that waits is now computed from what was just applied: it waits for a later poll. */
function waitingAnew(row: PublicationRow, now: Date): PublicationRow {
  const rises = row.desiredUnits !== null && row.desiredUnits > row.observedUnits;
  return rises ? { ...row, since: now } : row;
}

/**
 * Saves rows with the figure they should show, and says what changed. `before` are the rows as they
 * are stored; a row in `rows` may carry a newer observation already.
 */
export async function settlePublications(
  tx: Transaction,
  channels: ChannelMap,
  before: readonly (PublicationRow | undefined)[],
  rows: readonly PublicationRow[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return;
  const parts = rows.flatMap(({ sku }) => channels.products.partsOf(sku));
  const levels = await readLevelsOfSkus(tx, new Set(parts.map(({ sku }) => sku)));
  const sellable = sellableByLocation(channels, levels);
  const settled = rows.map((row) => settleRow(row, desiredOf(channels, sellable, row), now));
  await savePublications(
    tx,
    settled.filter((row, at) => row !== before[at]),
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

/** Null while no feeding location has been counted for a part: the figure is not ours to set. */
function desiredOf(channels: ChannelMap, sellable: Sellable, row: PublicationRow): number | null {
  const shelves = channels.feedersOf(row).map((id) => sellable.get(id) ?? new Map());
  const known = channels.products
    .partsOf(row.sku)
    .every(({ sku }) => shelves.some((shelf) => shelf.has(sku)));
  return known ? channels.products.availableOf(row.sku, shelves) : null;
}

/** The same row when nothing about it changes. */
function settleRow(row: PublicationRow, desiredUnits: number | null, now: Date): PublicationRow {
  const agrees = desiredUnits === row.observedUnits;
  const refused = row.refused && !agrees;
  if (desiredUnits !== row.desiredUnits) {
    return { ...row, desiredUnits, since: now, declinedUnits: null, refused };
  }
  if (agrees && (row.refused || row.declinedUnits !== null)) {
    return { ...row, declinedUnits: null, refused };
  }
  return row;
}

function toAvailabilityChanged(row: PublicationRow, now: Date): AvailabilityChanged[] {
  const { connectionId, channelLocationId, sku, desiredUnits } = row;
  if (desiredUnits === null) return [];
  return [
    Object.assign(new AvailabilityChanged(), {
      connectionId,
      channelLocationId,
      sku,
      availableUnits: desiredUnits,
      asOf: now.toISOString(),
    }),
  ];
}
