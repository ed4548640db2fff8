import type { ChannelFigure } from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';

/** Appends what channels show from now on. A shelf that moves records nothing here: it costs nothing. */
export async function recordInChannelLedger(
  tx: Transaction,
  rows: readonly ChannelFigure[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into channel_ledger (connection_id, channel_location_id, sku, observed_units)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::int[])`,
    [
      rows.map(({ connectionId }) => connectionId),
      rows.map(({ channelLocationId }) => channelLocationId),
      rows.map(({ sku }) => sku),
      rows.map(({ observedUnits }) => observedUnits),
    ],
  );
}
