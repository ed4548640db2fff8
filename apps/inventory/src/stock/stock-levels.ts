import { shelfKey, type NewFigure, type Shelf, type StockFigure } from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import { toColumns } from './to-columns.js';

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

/** What each transaction that has its turn has read, by base SKU and shelfKey. */
const heldLevels = new WeakMap<object, Map<string, Map<string, StockLevel>>>();

/**
 * From here on the transaction reads each base SKU's levels once. Right only in turn: nobody else
 * changes a level until commit, and whoever changes one here changes what is held too.
 */
export function holdLevels(tx: Transaction): void {
  if (!heldLevels.has(tx)) heldLevels.set(tx, new Map());
}

/** By shelfKey, as they are now. */
export async function readLevels(
  tx: Transaction,
  shelves: readonly Shelf[],
): Promise<Map<string, StockLevel>> {
  const levels = await readLevelsOfSkus(
    tx,
    shelves.map(({ sku }) => sku),
  );
  return new Map(
    shelves.flatMap((shelf) => {
      const level = levels.get(shelfKey(shelf));
      return level === undefined ? [] : [[shelfKey(shelf), level]];
    }),
  );
}

/** All locations' levels of these base SKUs, by shelfKey. */
export async function readLevelsOfSkus(
  tx: Pick<Transaction, 'query'>,
  skus: Iterable<string>,
): Promise<Map<string, StockLevel>> {
  const wanted = new Set(skus);
  const held = heldLevels.get(tx) ?? new Map<string, Map<string, StockLevel>>();
  const missing = [...wanted].filter((sku) => !held.has(sku));
  if (missing.length > 0) {
    const levels = await tx.query<StockLevel>(
      `select ${LEVEL} from stock_level where sku = any($1::text[])`,
      [missing],
    );
    for (const sku of missing) held.set(sku, new Map());
    for (const level of levels) held.get(level.sku)?.set(shelfKey(level), level);
  }
  return new Map([...wanted].flatMap((sku) => [...(held.get(sku) ?? [])]));
}

/** Saves figures, and appends those that changed to the ledger. */
export async function saveFigures(tx: Transaction, figures: readonly NewFigure[]): Promise<void> {
  if (figures.length === 0) return;
  await tx.query(
    `with figure as (
       select * from unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::int[], $6::text[],
                            $7::boolean[])
         as f(location_id, sku, on_hand_units, counted_at, revision, message_id, recorded)),
     ledger as (
       insert into stock_ledger (message_id, location_id, sku, on_hand_units, counted_at)
       select message_id, location_id, sku, on_hand_units, counted_at from figure where recorded)
     insert into stock_level (location_id, sku, on_hand_units, counted_at, revision)
     select location_id, sku, on_hand_units, counted_at, revision from figure
     on conflict (location_id, sku) do update
       set on_hand_units = excluded.on_hand_units,
           counted_at = excluded.counted_at,
           revision = excluded.revision`,
    toColumns(figures, [
      ...(['locationId', 'sku', 'onHandUnits', 'countedAt', 'revision'] as const),
      ...(['messageId', 'recorded'] as const),
    ]),
  );
  hold(
    tx,
    figures.map(({ locationId, sku, onHandUnits, countedAt, revision }) => {
      return { locationId, sku, onHandUnits, countedAt, revision };
    }),
  );
}

/** By no clock of a master: any figure that is told comes after it. */
const NEVER_COUNTED = '1970-01-01T00:00:00.000Z';

/** Has these locations hold nothing until they are counted. Call it before levels are read. */
export async function forgetFigures(
  tx: Transaction,
  locationIds: readonly string[],
  source: string,
): Promise<void> {
  if (locationIds.length === 0) return;
  await tx.query(
    `with reset as (
       update stock_level set on_hand_units = 0, counted_at = $3, revision = 0
        where location_id = any($1::text[]) and counted_at <> $3
       returning location_id, sku)
     insert into stock_ledger (message_id, location_id, sku, on_hand_units, counted_at)
     select $2, location_id, sku, 0, $3 from reset`,
    [[...locationIds], source, NEVER_COUNTED],
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
  hold(tx, levels);
}

/** Notes when people counted. Returns the shelves for which it is later than what was known. */
export async function saveLastCounts<T extends Shelf & { readonly lastCountAt: string }>(
  tx: Transaction,
  counts: readonly T[],
): Promise<T[]> {
  if (counts.length === 0) return [];
  const later = await tx.query<Shelf>(
    `update stock_level l set last_count_at = n."lastCountAt"
       from jsonb_to_recordset($1::jsonb) as n("locationId" text, sku text, "lastCountAt" text)
      where l.location_id = n."locationId" and l.sku = n.sku
        and (l.last_count_at is null or l.last_count_at < n."lastCountAt" collate "C")
     returning l.location_id as "locationId", l.sku`,
    [JSON.stringify(counts)],
  );
  const keys = new Set(later.map(shelfKey));
  const noted = counts.filter((each) => keys.has(shelfKey(each)));
  hold(
    tx,
    noted.map(({ locationId, sku, lastCountAt }) => ({ locationId, sku, lastCountAt })),
  );
  return noted;
}

/** What is held of levels, after a change of them. */
function hold(tx: Transaction, changes: readonly (Shelf & Partial<StockLevel>)[]): void {
  const held = heldLevels.get(tx);
  for (const change of changes) {
    const levels = held?.get(change.sku);
    const level = levels?.get(shelfKey(change)) ?? NEW_LEVEL;
    levels?.set(shelfKey(change), { ...level, ...change });
  }
}

/** A level as its first figure makes it. */
const NEW_LEVEL = {
  onHandUnits: 0,
  countedAt: '',
  revision: 0,
  committedUnits: 0,
  lastCountAt: null,
};
