import { VerifiedChannel } from '@tillbridge/contracts';
import {
  availabilityFormula,
  desiredUnits,
  explainChannel,
  toPublicationState,
  type ChannelFigure,
} from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import type { ChannelMap } from '../merchant/channel-map.js';
import {
  publicationKey,
  readPublicationsOf,
  type PublicationKey,
} from '../publication/publication-rows.js';
import { shownAsOf } from './ledger-as-of.js';

type Reader = Pick<Transaction, 'query'>;
/** What may be sold, by location and base SKU; without what was not counted. */
type Sellable = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** What each channel is told now of these SKUs, and why it does not show it yet where it does not. */
export async function readChannelsNow(
  reader: Reader,
  channels: ChannelMap,
  sold: readonly string[],
  sellable: Sellable,
): Promise<VerifiedChannel[]> {
  const rows = await readPublicationsOf(reader, sold);
  const marks = await reader.query<{ id: string; at: Date }>(
    'select connection_id as id, complete_through as at from poll_watermark',
  );
  const completeMs = new Map(marks.map(({ id, at }) => [id, at.getTime()]));
  const stateOf = (row: ChannelFigure, due: number | null): string => {
    if (channels.feedersOf(row).length === 0) return 'no location feeds it any more';
    const { compares, ordersConnectionId } = channels.channelOf(row.connectionId);
    return explainChannel({
      ...toPublicationState(row),
      desiredUnits: due,
      compares,
      completeThroughMs: completeMs.get(ordersConnectionId) ?? null,
      published: channels.publishedConnections.includes(row.connectionId),
      inFlightUnits: row.inFlightUnits,
      refused: row.refused,
    });
  };
  return rows
    .map((row) => {
      const due = dueOf(channels, sellable, row);
      return toChannel(channels, sellable, row, {
        shownUnits: row.observedUnits,
        dueUnits: due,
        state: stateOf(row, due),
      });
    })
    .sort(byKey);
}

/** The same as of a past moment. What was on its way then is not kept. */
export async function readChannelsThen(
  reader: Reader,
  channels: ChannelMap,
  then: { readonly sold: readonly string[]; readonly sellable: Sellable; readonly at: Date },
): Promise<VerifiedChannel[]> {
  const rows = await shownAsOf(reader, then.sold, then.at);
  return rows
    .map((row) => {
      const shownUnits = row.observedUnits;
      const dueUnits = dueOf(channels, then.sellable, row);
      const state = shownUnits === dueUnits ? 'agreed' : 'another figure was due';
      return toChannel(channels, then.sellable, row, { shownUnits, dueUnits, state });
    })
    .sort(byKey);
}

function dueOf(channels: ChannelMap, sellable: Sellable, row: PublicationKey): number | null {
  const feeders = channels.feedersOf(row).map((id) => sellable.get(id) ?? new Map());
  return desiredUnits(channels.products, row.sku, feeders);
}

function toChannel(
  channels: ChannelMap,
  sellable: Sellable,
  row: PublicationKey,
  said: Pick<VerifiedChannel, 'shownUnits' | 'dueUnits' | 'state'>,
): VerifiedChannel {
  const { connectionId, channelLocationId, sku } = row;
  const feeders = channels
    .feedersOf(row)
    .map((locationId) => ({ locationId, sellable: sellable.get(locationId) ?? new Map() }));
  const formula = availabilityFormula(channels.products, sku, feeders);
  const at = { connectionId, channelLocationId, sku };
  return Object.assign(new VerifiedChannel(), { ...at, ...said, formula });
}

function byKey(a: PublicationKey, b: PublicationKey): number {
  return publicationKey(a) < publicationKey(b) ? -1 : 1;
}
