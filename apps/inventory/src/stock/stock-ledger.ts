import type { Shelf } from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';

/** One change: either of a shelf's figure, or of what an order has promised and taken from it. */
export type LedgerEntry = Shelf & { readonly messageId: string } & (
    | { readonly onHandUnits: number; readonly countedAt: string }
    | { readonly orderId: string; readonly owedUnits: number; readonly containedUnits: number }
  );

/**
 * Appends the figures as they are after each change, with the fact that made it. On hand at a moment
 * is the last entry with a figure before it; promised is each order's last entry.
 */
export async function recordInLedger(
  tx: Transaction,
  entries: readonly LedgerEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await tx.query(
    `insert into stock_ledger (message_id, location_id, sku, on_hand_units, counted_at,
                               order_id, owed_units, contained_units)
     select * from jsonb_to_recordset($1::jsonb)
       as e("messageId" text, "locationId" text, sku text, "onHandUnits" int, "countedAt" text,
            "orderId" uuid, "owedUnits" int, "containedUnits" int)`,
    [JSON.stringify(entries)],
  );
}
