import type { Transaction } from '@tillbridge/postgres';

/** What a system says of one SKU at one place. */
export interface SeenFigure {
  readonly place: string;
  readonly sku: string;
  readonly units: number;
  /** The system's clock, as text that sorts; a channel has none. */
  readonly at: string | null;
}

/** Where a look at a system belongs. */
export interface Look {
  readonly runId: string;
  readonly look: number;
  readonly connectionId: string;
  readonly side: 'master' | 'channel';
  /** Whether the hub sets the figures of this connection. */
  readonly hubWrites: boolean;
}

/**
 * What the hub holds of a row that has a side, a connection, a place and a SKU. Of a channel it is
 * what it should show, unless the hub does not set it there or was declined: then what it showed.
 */
export function heldOf(row: string, hubWrites: string): string {
  return `
    select l.on_hand_units as hub, l.counted_at as hub_at,
           l.counted_at || ' ' || l.revision as news,
           false as under_way, null::int as observed, true as counted
      from stock_level l
     where ${row}.side = 'master' and l.location_id = ${row}.place and l.sku = ${row}.sku
    union all
    select case when p.desired_units is null then null
                when sets then p.desired_units else p.observed_units end,
           null,
           concat_ws(' ', p.observed_revision, p.since, p.in_flight_batch, p.desired_units),
           p.in_flight_batch is not null
             or coalesce(sets and p.desired_units <> p.observed_units, false),
           p.observed_units, p.desired_units is not null
      from publication p
      cross join lateral (
        select ${hubWrites} and p.declined_units is distinct from p.desired_units as sets) s
     where ${row}.side = 'channel' and p.connection_id = ${row}.connection_id
       and p.channel_location_id = ${row}.place and p.sku = ${row}.sku`;
}

/**
 * Compares one page with what the hub holds, in one statement: differences are kept or looked at
 * once more, those that are over are cleared. A page repeated, or a SKU on two pages, is one look.
 */
export async function comparePage(
  tx: Transaction,
  { runId, look, connectionId, side, hubWrites }: Look,
  figures: readonly SeenFigure[],
  now: Date,
): Promise<void> {
  if (figures.length === 0) return;
  await tx.query(COMPARE, [
    JSON.stringify(figures),
    side,
    connectionId,
    hubWrites,
    runId,
    look,
    now,
  ]);
}

/**
 * Whether an open difference has become another one. A channel that moves again is one: its orders
 * may not have reached the hub. A master that moves again still tells the hub nothing.
 */
const IS_ANOTHER = `(d.cleared_at is not null or d.news is distinct from excluded.news
  or (d.side = 'channel' and d.seen_units is distinct from excluded.seen_units))`;

/** Two variations may carry one SKU: the figure with the later clock speaks. */
const COMPARE = `
  with seen as (
    select distinct on (place, sku) $2::text as side, $3::text as connection_id, place, sku, units, at
      from jsonb_to_recordset($1::jsonb)
        as f(place text, sku text, units int, at text collate "C")
     order by place, sku, at desc nulls last),
  compared as (
    select seen.*, hub, hub_at, news
      from seen left join lateral (${heldOf('seen', '$4::boolean')}) held on true),
  agreed as (
    update stock_difference d
       set cleared_at = $7, run_id = $5, look = $6, last_seen_at = $7, seen_units = c.units,
           hub_units = c.hub
      from compared c
     where d.connection_id = c.connection_id and d.cleared_at is null and d.place = c.place
       and ((d.sku = c.sku and c.hub = c.units) or d.sku = '')
    returning 1)
  insert into stock_difference as d (connection_id, place, sku, side, hub_units, hub_at, news,
    seen_units, seen_at, run_id, look, first_seen_at, last_seen_at, same_since)
  select connection_id, place, sku, side, hub, hub_at, news, units, at, $5, $6, $7, $7, $7
    from compared where hub is distinct from units
  order by place, sku
  on conflict (connection_id, place, sku) do update
    set looks = case when ${IS_ANOTHER} then 1
                     when (d.run_id, d.look) = (excluded.run_id, excluded.look) then d.looks
                     else d.looks + 1 end,
        same_since = case when ${IS_ANOTHER} then excluded.same_since else d.same_since end,
        first_seen_at = case when d.cleared_at is null then d.first_seen_at
                             else excluded.first_seen_at end,
        class = case when d.cleared_at is null then d.class end,
        explanation = case when d.cleared_at is null then d.explanation end,
        hub_units = excluded.hub_units, hub_at = excluded.hub_at, news = excluded.news,
        seen_units = excluded.seen_units, seen_at = excluded.seen_at, run_id = excluded.run_id,
        look = excluded.look, last_seen_at = excluded.last_seen_at, cleared_at = null`;
