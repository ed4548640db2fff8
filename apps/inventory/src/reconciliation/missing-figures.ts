import type { Transaction } from '@tillbridge/postgres';
import { heldOf, type Look, type SeenFigure } from './compare-page.js';

/** Keeps which figures a page of a whole reading mentioned: 200,000 of them are 400 rows. */
export async function keepMentions(
  tx: Transaction,
  { runId, connectionId }: Look,
  page: number,
  figures: readonly SeenFigure[],
): Promise<void> {
  await tx.query(
    `insert into reconciliation_mention (run_id, connection_id, page, places, skus)
     values ($1, $2, $3, $4, $5)`,
    [runId, connectionId, page, figures.map(({ place }) => place), figures.map(({ sku }) => sku)],
  );
}

export async function forgetMentions(
  tx: Transaction,
  runId: string,
  connectionId?: string,
): Promise<void> {
  await tx.query(
    `delete from reconciliation_mention
      where run_id = $1 and ($2::text is null or connection_id = $2)`,
    [runId, connectionId ?? null],
  );
}

/**
 * Finds what the hub holds and a whole reading did not mention. A place that was not mentioned at all
 * is one difference without a SKU: it is mapped wrongly, and not each of its SKUs gone.
 */
export async function findMissing(
  tx: Transaction,
  look: Look,
  places: readonly string[],
  now: Date,
): Promise<void> {
  const { runId, connectionId, side, hubWrites } = look;
  const sql = MISSING.replaceAll('HELD_ROWS', HELD_ROWS[side]);
  await tx.query(sql, [runId, connectionId, side, hubWrites, [...places], look.look, now]);
}

const HELD_ROWS = {
  master: `select location_id as place, sku from stock_level where location_id = any($5::text[])`,
  channel: `select channel_location_id as place, sku from publication
             where connection_id = $2 and channel_location_id = any($5::text[])`,
} as const;

const MISSING = `
  with mentioned as materialized (
    select distinct u.place, u.sku
      from reconciliation_mention m cross join lateral unnest(m.places, m.skus) as u(place, sku)
     where m.run_id = $1 and m.connection_id = $2),
  heard as (select distinct place from mentioned),
  missing as (
    select $3::text as side, $2::text as connection_id, held_row.place, held_row.sku
      from (HELD_ROWS) held_row join heard using (place)
     where not exists (select 1 from mentioned m
                        where m.place = held_row.place and m.sku = held_row.sku)
    union all
    select distinct $3::text, $2::text, silent.place, ''
      from (HELD_ROWS) silent where silent.place not in (select place from heard))
  insert into stock_difference as d (connection_id, place, sku, side, hub_units, hub_at, news,
    run_id, look, first_seen_at, last_seen_at, same_since)
  select connection_id, place, sku, side, hub, hub_at, news, $1, $6, $7, $7, $7
    from missing left join lateral (${heldOf('missing', '$4::boolean')}) held on true
  order by place, sku
  on conflict (connection_id, place, sku) do update
    set looks = case when d.cleared_at is not null or d.news is distinct from excluded.news then 1
                     else d.looks + 1 end,
        same_since = case when d.cleared_at is not null or d.news is distinct from excluded.news
                          then excluded.same_since else d.same_since end,
        first_seen_at = case when d.cleared_at is null then d.first_seen_at
                             else excluded.first_seen_at end,
        hub_units = excluded.hub_units, hub_at = excluded.hub_at, news = excluded.news,
        seen_units = null, seen_at = null, run_id = excluded.run_id, look = excluded.look,
        last_seen_at = excluded.last_seen_at, cleared_at = null`;

/** Counts a second look at what was asked for by SKU and not mentioned again. */
export async function countMissedAgain(
  tx: Transaction,
  look: Look,
  skus: readonly string[],
  now: Date,
): Promise<void> {
  await tx.query(
    `update stock_difference
        set looks = looks + 1, run_id = $1, look = $2, last_seen_at = $3
      where connection_id = $4 and sku = any($5::text[]) and cleared_at is null
        and seen_units is null and (run_id, look) <> ($1, $2)`,
    [look.runId, look.look, now, look.connectionId, [...skus]],
  );
}
