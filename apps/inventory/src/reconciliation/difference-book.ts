import type { DifferenceClass, LedgerCause } from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import type { StockShowingConnection } from '@tillbridge/runtime';
import { heldOf } from './compare-page.js';

/** One system, place and SKU. */
export interface DifferenceKey {
  readonly connectionId: string;
  readonly place: string;
  readonly sku: string;
}

/** An open difference of a run, with what the hub knows of it by now. */
export interface OpenDifference extends DifferenceKey {
  readonly side: 'master' | 'channel';
  readonly hubUnits: number | null;
  readonly seenUnits: number | null;
  readonly seenAt: string | null;
  readonly stands: boolean;
  readonly underWay: boolean;
  readonly younger: boolean;
  /** Null when the hub has no row of it. */
  readonly counted: boolean | null;
  readonly observedUnits: number | null;
  readonly crossedWith: string | null;
  readonly orderedUnits: number;
  readonly exception: string | null;
}

/** What was decided of a difference. */
export interface Decided extends DifferenceKey {
  readonly reason: DifferenceClass;
  readonly explanation: string;
  readonly exception: string | null;
  /** True when taking the figure has ended it. */
  readonly ended: boolean;
}

/** What is looked at a second time, a run; the rest has its turn in the next. */
const LOOKED_AGAIN = 5_000;

/**
 * The SKUs to read again, by connection: what was found once or was in flight, and what is open while
 * the hub has had news of it. What stands already and what no news touched need no second look.
 */
export async function skusToLookAtAgain(
  tx: Transaction,
  compared: readonly string[],
  written: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await tx.query<{ connectionId: string; skus: string[] }>(
    `with open as (
       select d.* from stock_difference d
         left join lateral (${heldOf('d', 'd.connection_id = any($1::text[])')}) held on true
        where d.cleared_at is null and d.sku <> '' and d.connection_id = any($2::text[])
          and (d.looks = 1 or d.class = 'in-flight' or d.news is distinct from held.news)
        order by d.first_seen_at limit ${LOOKED_AGAIN})
     select connection_id as "connectionId", array_agg(distinct sku) as skus from open group by 1`,
    [[...written], [...compared]],
  );
  return new Map(rows.map(({ connectionId, skus }) => [connectionId, skus]));
}

/**
 * Open differences that this run has looked at. What a channel shows stands only when all its orders
 * until the first look are known: before that nobody can say that no order took it. Of a trade layer
 * those are its platform's.
 */
export async function readOpenDifferences(
  tx: Transaction,
  runId: string,
  channels: readonly StockShowingConnection[],
): Promise<OpenDifference[]> {
  const written = channels.filter(({ published }) => published);
  return tx.query<OpenDifference>(
    `with open as (select * from stock_difference where run_id = $1 and cleared_at is null),
     shows as (select * from unnest($3::text[], $4::text[]) as s(connection_id, orders))
     select d.connection_id as "connectionId", d.place, d.sku, d.side, held.hub as "hubUnits",
            d.seen_units as "seenUnits", d.seen_at as "seenAt", d.exception,
            d.looks > 1 and d.news is not distinct from held.news
              and (d.side = 'master' or d.connection_id <> all ($2::text[])
                   or coalesce(mark.complete_through >= d.same_since, false)) as stands,
            coalesce(held.under_way, false) as "underWay",
            coalesce(d.seen_at > held.hub_at, false) as younger, held.counted,
            held.observed as "observedUnits", crossed.place as "crossedWith",
            coalesce(ordered.units, 0) as "orderedUnits"
       from open d
       left join lateral (${heldOf('d', 'd.connection_id = any($2::text[])')}) held on true
       left join shows using (connection_id)
       left join poll_watermark mark on mark.connection_id = shows.orders
       left join lateral (
         select o.place from open o
          where o.connection_id = d.connection_id and o.sku = d.sku and o.place <> d.place
            and o.seen_units = d.hub_units and o.hub_units = d.seen_units
          order by o.place limit 1) crossed on true
       left join lateral (
         select sum((line ->> 'orderedQuantity')::int - (line ->> 'cancelledQuantity')::int)::int
                  as units
           from publication p
           join channel_order c on c.connection_id = shows.orders and c.stage = 'order'
           cross join lateral jsonb_array_elements(c.lines) line
          where d.side = 'channel' and d.looks > 1 and p.connection_id = d.connection_id
            and p.channel_location_id = d.place and p.sku = d.sku
            and line ->> 'sku' = d.sku and c.placed_at::timestamptz > p.since) ordered on true
      order by d.connection_id, d.place, d.sku`,
    [
      runId,
      written.map(({ connectionId }) => connectionId),
      channels.map(({ connectionId }) => connectionId),
      channels.map(({ ordersConnectionId }) => ordersConnectionId),
    ],
  );
}

export function differenceKey({ connectionId, place, sku }: DifferenceKey): string {
  return JSON.stringify([connectionId, place, sku]);
}

/** What moved these shelves since the hub's figure was last compared, oldest first, by key. */
export async function readCauses(
  tx: Transaction,
  keys: readonly DifferenceKey[],
): Promise<Map<string, LedgerCause[]>> {
  const rows = await tx.query<DifferenceKey & LedgerCause>(
    `select d.connection_id as "connectionId", d.place, d.sku, c.kind, c.units,
            (extract(epoch from c.at::timestamptz) * 1000)::float8 as "atMs"
       from unnest($1::text[], $2::text[], $3::text[]) as k(connection_id, place, sku)
       join stock_difference d using (connection_id, place, sku)
       join stock_cause c on c.location_id = d.place and c.sku = d.sku
      where d.side = 'master' and c.at > d.hub_at and c.at <= coalesce(d.seen_at, c.at)
      order by c.at`,
    [
      keys.map(({ connectionId }) => connectionId),
      keys.map(({ place }) => place),
      keys.map(({ sku }) => sku),
    ],
  );
  const causes = new Map<string, LedgerCause[]>();
  for (const { kind, units, atMs, ...key } of rows) {
    const held = causes.get(differenceKey(key)) ?? [];
    causes.set(differenceKey(key), [...held, { kind, units, atMs }]);
  }
  return causes;
}

export async function saveDecided(
  tx: Transaction,
  decided: readonly Decided[],
  now: Date,
): Promise<void> {
  await tx.query(
    `update stock_difference d
        set class = s.reason, explanation = s.explanation, exception = s.exception,
            cleared_at = case when s.ended then $2::timestamptz end
       from jsonb_to_recordset($1::jsonb)
         as s("connectionId" text, place text, sku text, reason text, explanation text,
              exception text, ended boolean)
      where d.connection_id = s."connectionId" and d.place = s.place and d.sku = s.sku`,
    [JSON.stringify(decided), now],
  );
}

/** Differences that ended while a run looked, and that nobody has been told the end of. */
export interface EndedDifference extends DifferenceKey {
  readonly exception: string | null;
  readonly reason: DifferenceClass | null;
}

export async function readEnded(tx: Transaction, runId: string): Promise<EndedDifference[]> {
  return tx.query<EndedDifference>(
    `select connection_id as "connectionId", place, sku, exception, class as reason
       from stock_difference
      where run_id = $1 and cleared_at is not null 
        and (exception is not null or coalesce(class, 'in-flight') = 'in-flight')
      order by connection_id, place, sku`,
    [runId],
  );
}
