import type { VerifiedEntry, VerifiedPromise } from '@tillbridge/contracts';
import type { Shelf } from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';

type Reader = Pick<Transaction, 'query'>;

/** Shelves whose ledger is read until a moment of the database's clock. */
export interface LedgerPart {
  readonly locationIds: readonly string[];
  readonly skus: readonly string[];
  readonly at: Date;
  /** Where a physical count settles promises. */
  readonly countedLocationIds: readonly string[];
}

export interface PastFigure extends Shelf {
  readonly onHandUnits: number;
  readonly countedAt: string;
}

export type PastPromise = Shelf & VerifiedPromise;

/** A moment is a whole millisecond: the database's clock tells them apart, those who ask cannot. */
const untilEndOf = (at: string) => `recorded_at < ${at}::timestamptz + interval '1 millisecond'`;
const PART = `location_id = any($1::text[]) and sku = any($2::text[]) and ${untilEndOf('$3')}`;

/** The last figure of each shelf until then. */
export async function figuresAsOf(reader: Reader, part: LedgerPart): Promise<PastFigure[]> {
  return reader.query<PastFigure>(
    `select distinct on (location_id, sku) location_id as "locationId", sku,
            on_hand_units as "onHandUnits", counted_at as "countedAt"
       from stock_ledger where ${PART} and order_id is null
      order by location_id, sku, id desc`,
    [part.locationIds, part.skus, part.at],
  );
}

/**
 * What orders were promised then and the figures did not contain yet, the largest first. The ledger has
 * what a figure contains as it is: below zero where more was put back than taken out. Only where people
 * have counted is that kept from sale.
 */
export async function promisesAsOf(reader: Reader, part: LedgerPart): Promise<PastPromise[]> {
  return reader.query<PastPromise>(
    `with last as (
       select distinct on (location_id, sku, order_id) location_id, sku, order_id, owed_units,
              contained_units
         from stock_ledger where ${PART} and order_id is not null
        order by location_id, sku, order_id, id desc),
     counted as (
       select distinct location_id, sku from stock_cause
        where location_id = any($4::text[]) and sku = any($2::text[])
          and kind = 'physical-count' and contained and at <= $5),
     promised as (
       select l.*, greatest(0, owed_units - case when c.sku is null
                                                 then greatest(0, contained_units)
                                                 else contained_units end) as committed_units
         from last l left join counted c using (location_id, sku))
     select p.location_id as "locationId", p.sku, p.order_id as "orderId",
            coalesce(o.name, '') as name, owed_units as "owedUnits",
            contained_units as "containedUnits", committed_units as "committedUnits"
       from promised p
       left join lateral (select name from channel_order o where o.order_id = p.order_id
                           order by stage desc limit 1) o on true
      where committed_units > 0
      order by committed_units desc, p.order_id`,
    [part.locationIds, part.skus, part.at, part.countedLocationIds, part.at.toISOString()],
  );
}

type EntryRow = Omit<VerifiedEntry, 'recordedAt'> & { readonly recordedAt: Date };

/** The latest entries until then, oldest first, each with the causes that its fact named. */
export async function entriesAsOf(
  reader: Reader,
  part: LedgerPart,
  limit: number,
): Promise<EntryRow[]> {
  return reader.query<EntryRow>(
    `with last as (select * from stock_ledger where ${PART} order by id desc limit $4)
     select l.recorded_at as "recordedAt", l.location_id as "locationId", l.sku,
            l.message_id as "messageId", on_hand_units as "onHandUnits",
            counted_at as "countedAt", l.order_id as "orderId", name as "orderName",
            owed_units as "owedUnits", contained_units as "containedUnits",
            coalesce(jsonb_agg(jsonb_build_object('kind', c.kind, 'units', c.units, 'at', c.at)
                               order by c.at) filter (where c.kind is not null), '[]') as causes
       from last l
       left join lateral (select name from channel_order o where o.order_id = l.order_id
                           order by stage desc limit 1) o on true
       left join stock_cause c
         on c.location_id = l.location_id and c.sku = l.sku and c.message_id = l.message_id
        and (l.order_id is null or c.order_id = l.order_id)
      group by l.id, l.recorded_at, l.location_id, l.sku, l.message_id, on_hand_units, counted_at,
               l.order_id, name, owed_units, contained_units
      order by l.id`,
    [part.locationIds, part.skus, part.at, limit],
  );
}

/** What a channel place had shown last. */
export interface PastShown {
  readonly connectionId: string;
  readonly channelLocationId: string;
  readonly sku: string;
  readonly observedUnits: number;
}

export async function shownAsOf(
  reader: Reader,
  skus: readonly string[],
  at: Date,
): Promise<PastShown[]> {
  return reader.query<PastShown>(
    `select distinct on (sku, connection_id, channel_location_id) sku,
            connection_id as "connectionId", channel_location_id as "channelLocationId",
            observed_units as "observedUnits"
       from channel_ledger where sku = any($1::text[]) and ${untilEndOf('$2')}
      order by sku, connection_id, channel_location_id, id desc`,
    [skus, at],
  );
}
