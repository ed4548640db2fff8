import { StockDifferenceRow } from '@tillbridge/contracts';
import type { Transaction } from '@tillbridge/postgres';

type Row = Omit<StockDifferenceRow, 'firstSeenAt' | 'lastSeenAt' | 'clearedAt'> & {
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly clearedAt: Date | null;
};

/** Differences as people are shown them. @param which The rest of the statement after `where`. */
export async function readDifferenceRows(
  reader: Pick<Transaction, 'query'>,
  which: string,
  params: readonly unknown[],
): Promise<StockDifferenceRow[]> {
  const rows = await reader.query<Row>(
    `select connection_id as "connectionId", place, sku, side, hub_units as "hubUnits",
            seen_units as "seenUnits", class as reason, explanation,
            first_seen_at as "firstSeenAt", last_seen_at as "lastSeenAt",
            cleared_at as "clearedAt"
       from stock_difference where ${which}`,
    [...params],
  );
  return rows.map((row) =>
    Object.assign(new StockDifferenceRow(), {
      ...row,
      firstSeenAt: row.firstSeenAt.toISOString(),
      lastSeenAt: row.lastSeenAt.toISOString(),
      clearedAt: row.clearedAt?.toISOString() ?? null,
    }),
  );
}
