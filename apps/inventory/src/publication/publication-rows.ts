import type { ChannelFigure, ChannelLocation, StockChannel } from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import { toColumns } from '../stock/to-columns.js';

const ROW = `
  connection_id as "connectionId", channel_location_id as "channelLocationId", sku,
  observed_units as "observedUnits", observed_revision as "observedRevision",
  desired_units as "desiredUnits", since, in_flight_batch as "inFlightBatch",
  in_flight_units as "inFlightUnits", declined_units as "declinedUnits", refused`;

export type PublicationKey = ChannelLocation & { readonly sku: string };

export function publicationKey(key: PublicationKey): string {
  return JSON.stringify([key.connectionId, key.channelLocationId, key.sku]);
}

/** How people are told which figure it is. */
export function publicationSubject({
  connectionId,
  channelLocationId,
  sku,
}: PublicationKey): string {
  return `${sku} at ${connectionId} ${channelLocationId}`;
}

/** By publicationKey. */
export async function readPublications(
  tx: Transaction,
  keys: readonly PublicationKey[],
): Promise<Map<string, ChannelFigure>> {
  const rows = await tx.query<ChannelFigure>(
    `select ${ROW} from publication
      where (connection_id, channel_location_id, sku) in
            (select * from unnest($1::text[], $2::text[], $3::text[]))`,
    [
      keys.map(({ connectionId }) => connectionId),
      keys.map(({ channelLocationId }) => channelLocationId),
      keys.map(({ sku }) => sku),
    ],
  );
  return new Map(rows.map((row) => [publicationKey(row), row]));
}

/** Rows of these channel SKUs, at whichever channel location. */
export async function readPublicationsOf(
  tx: Pick<Transaction, 'query'>,
  skus: Iterable<string>,
): Promise<ChannelFigure[]> {
  return tx.query<ChannelFigure>(`select ${ROW} from publication where sku = any($1::text[])`, [
    [...skus],
  ]);
}

/** Rows of these SKUs at any place, and of any SKU at these places: a page of them, in order. */
export async function readTouchedPublications(
  tx: Pick<Transaction, 'query'>,
  { skus, places }: { skus: Iterable<string>; places: readonly ChannelLocation[] },
  after: PublicationKey | undefined,
  limit: number,
): Promise<ChannelFigure[]> {
  return tx.query<ChannelFigure>(
    `select ${ROW} from publication
      where (sku = any($1::text[])
             or (connection_id, channel_location_id) in (select * from unnest($2::text[], $3::text[])))
        and (sku, connection_id, channel_location_id) > ($4, $5, $6)
      order by sku, connection_id, channel_location_id limit $7`,
    [
      [...skus],
      places.map(({ connectionId }) => connectionId),
      places.map(({ channelLocationId }) => channelLocationId),
      ...[after?.sku ?? '', after?.connectionId ?? '', after?.channelLocationId ?? ''],
      limit,
    ],
  );
}

/**
 * Rows that a channel may be told of now, falls first, then whoever waits longest: the SQL of
 * decidePublication, which has the last word.
 */
export async function readWanted(
  tx: Pick<Transaction, 'query'>,
  { connectionId, ordersConnectionId, compares }: StockChannel & { readonly connectionId: string },
  limit: number,
): Promise<ChannelFigure[]> {
  return tx.query<ChannelFigure>(
    `select ${ROW} from publication
      where connection_id = $1 and desired_units <> observed_units and in_flight_batch is null
        and declined_units is distinct from desired_units
        and (($3 and desired_units < observed_units)
             or since <= (select complete_through from poll_watermark where connection_id = $4))
      order by (desired_units < observed_units) desc, since limit $2`,
    [connectionId, limit, compares, ordersConnectionId],
  );
}

export async function savePublications(
  tx: Transaction,
  rows: readonly ChannelFigure[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into publication (connection_id, channel_location_id, sku, observed_units,
       observed_revision, desired_units, since, in_flight_batch, in_flight_units, declined_units,
       refused, observed_at)
     select *, since
       from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::int[],
                   $7::timestamptz[], $8::uuid[], $9::int[], $10::int[], $11::boolean[])
         as p(connection_id, channel_location_id, sku, observed_units, observed_revision,
              desired_units, since, in_flight_batch, in_flight_units, declined_units, refused)
     on conflict (connection_id, channel_location_id, sku) do update
       set observed_units = excluded.observed_units,
           observed_revision = excluded.observed_revision,
           observed_at = case when excluded.observed_revision = publication.observed_revision
                              then publication.observed_at else excluded.since end,
           desired_units = excluded.desired_units, since = excluded.since,
           in_flight_batch = excluded.in_flight_batch,
           in_flight_units = excluded.in_flight_units,
           declined_units = excluded.declined_units, refused = excluded.refused`,
    toColumns(rows, [
      ...([
        'connectionId',
        'channelLocationId',
        'sku',
        'observedUnits',
        'observedRevision',
      ] as const),
      ...(['desiredUnits', 'since', 'inFlightBatch', 'inFlightUnits', 'declinedUnits'] as const),
      'refused',
    ]),
  );
}
