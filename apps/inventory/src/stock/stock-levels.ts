import { shelfKey, type Shelf, type StockFigure } from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';

export interface StockLevel extends Shelf, StockFigure {
  /** Sum of what is promised from this shelf. */
  readonly committedUnits: number;
  /** When people last counted it, by the master's clock; null where a count says nothing. */
  readonly lastCountAt: string | null;
}

const LEVEL = `
  location_id as "locationId", sku, on_hand_units as "onHandUnits",
  counted_at as "countedAt", revision, committed_units as "committedUnits",
  last_count_at as "lastCountAt"`;

/** By shelfKey. */
export async function readLevels(
  tx: Transaction,
  shelves: readonly Shelf[],
): Promise<Map<string, StockLevel>> {
  const levels = await tx.query<StockLevel>(
    `select ${LEVEL} from stock_level
      where (location_id, sku) in (select * from unnest($1::text[], $2::text[]))`,
    [shelves.map(({ locationId }) => locationId), shelves.map(({ sku }) => sku)],
  );
  return new Map(levels.map((level) => [shelfKey(level), level]));
}

/** All locations' levels of these base SKUs, by shelfKey. */
export async function readLevelsOfSkus(
  tx: Pick<Transaction, 'query'>,
  skus: Iterable<string>,
): Promise<Map<string, StockLevel>> {
  const levels = await tx.query<StockLevel>(
    `select ${LEVEL} from stock_level where sku = any($1::text[])`,
    [[...skus]],
  );
  return new Map(levels.map((level) => [shelfKey(level), level]));
}

export async function saveFigures(
  tx: Transaction,
  figures: readonly (Shelf & StockFigure)[],
): Promise<void> {
  if (figures.length === 0) return;
  await tx.query(
    `insert into stock_level (location_id, sku, on_hand_units, counted_at, revision)
     select * from jsonb_to_recordset($1::jsonb)
       as f("locationId" text, sku text, "onHandUnits" int, "countedAt" text, revision int)
     on conflict (location_id, sku) do update
       set on_hand_units = excluded.on_hand_units,
           counted_at = excluded.counted_at,
           revision = excluded.revision`,
    [JSON.stringify(figures)],
  );
}

export async function saveCommitted(
  tx: Transaction,
  levels: readonly (Shelf & { readonly committedUnits: number })[],
): Promise<void> {
  if (levels.length === 0) return;
  await tx.query(
    `update stock_level l set committed_units = f."committedUnits"
       from jsonb_to_recordset($1::jsonb)
         as f("locationId" text, sku text, "committedUnits" int)
      where l.location_id = f."locationId" and l.sku = f.sku`,
    [JSON.stringify(levels)],
  );
}
