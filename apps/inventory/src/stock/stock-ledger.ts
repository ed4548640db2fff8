import type { Shelf } from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';

/** What an order has promised and taken from a shelf, after a change of it. */
export interface PromiseEntry extends Shelf {
  /** The fact that made it. */
  readonly messageId: string;
  readonly orderId: string;
  readonly owedUnits: number;
  readonly containedUnits: number;
}

/**
 * Appends promises to the ledger, where saveFigures appends figures. On hand at a moment is the last
 * entry with a figure before it; promised is each order's last entry.
 */
export async function recordInLedger(
  tx: Transaction,
  entries: readonly PromiseEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await tx.query(
    `insert into stock_ledger (message_id, location_id, sku, order_id, owed_units, contained_units)
     select * from jsonb_to_recordset($1::jsonb)
       as e("messageId" text, "locationId" text, sku text, "orderId" uuid, "owedUnits" int,
            "containedUnits" int)`,
    [JSON.stringify(entries)],
  );
}
