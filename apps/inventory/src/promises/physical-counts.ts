import {
  happenedAt,
  newlyContained,
  shelfKey,
  type Shelf,
  type ShelfCause,
} from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import type { ChannelMap } from '../merchant/channel-map.js';
import { saveLastCounts, type StockLevel } from '../stock/stock-levels.js';
import { addContained, COMMITMENT, type Commitment } from './commitments.js';

interface CountedShelf extends Shelf {
  /** When people counted, by the master's clock. */
  readonly lastCountAt: string;
  /** The fact that told us. */
  readonly messageId: string;
}

/** A promise after a change, with the fact behind it. */
export interface ChangedPromise extends Commitment {
  readonly messageId: string;
  /** False when no unit of it changed. */
  readonly recorded: boolean;
}

/**
 * Takes what figures contain from now on out of the promises. Where people have counted, adding up is
 * not the whole answer: what is stored is looked at anew. `levels` are the shelves as they were before.
 */
export async function containInPromises(
  tx: Transaction,
  channels: ChannelMap,
  levels: ReadonlyMap<string, StockLevel>,
  causes: readonly ShelfCause[],
): Promise<ChangedPromise[]> {
  const counts = await noteCounts(tx, channels, causes);
  const sources = new Map(counts.map((each) => [shelfKey(each), each.messageId]));
  const isCounted = (shelf: Shelf): boolean =>
    sources.has(shelfKey(shelf)) || levels.get(shelfKey(shelf))?.lastCountAt != null;
  const contained = newlyContained(causes);
  for (const each of contained) sources.set(promiseKey(each), each.messageId);
  const added = await addContained(
    tx,
    contained.map((each) => (isCounted(each) ? { ...each, units: 0 } : each)),
  );
  const anew = await recount(tx, { promises: added.filter(isCounted), shelves: counts });
  const plain = added.filter((each) => !isCounted(each));
  return [...plain.map((each) => ({ ...each, recorded: true })), ...anew].map((each) => ({
    ...each,
    messageId: sources.get(promiseKey(each)) ?? sources.get(shelfKey(each)) ?? '',
  }));
}

/**
 * Notes physical counts that figures now contain. A count older than the one we know settles nothing
 * more. Returns the shelves on which all promises have to be looked at anew.
 */
async function noteCounts(
  tx: Transaction,
  channels: ChannelMap,
  contained: readonly ShelfCause[],
): Promise<CountedShelf[]> {
  const counts = new Map<string, CountedShelf>();
  for (const cause of contained) {
    if (cause.kind !== 'physical-count' || channels.setsAside(cause.locationId)) continue;
    const { locationId, sku, messageId } = cause;
    const lastCountAt = happenedAt(cause);
    const held = counts.get(shelfKey(cause));
    if (held !== undefined && held.lastCountAt >= lastCountAt) continue;
    counts.set(shelfKey(cause), { locationId, sku, lastCountAt, messageId });
  }
  return saveLastCounts(tx, [...counts.values()]);
}

/** Some orders on some shelves, and all orders on others. */
interface Recount {
  readonly promises: readonly Pick<Commitment, 'orderId' | 'locationId' | 'sku'>[];
  readonly shelves: readonly Shelf[];
}

/**
 * Works out anew what the figures of counted shelves contain of orders: what had left when people
 * counted, and what was taken out since. It is `containmentByOrder` of libs/domain in SQL, from all that
 * is stored, so that nothing depends on what came first. Returns the rows that changed; `recorded` where
 * units did.
 */
export async function recount(
  tx: Transaction,
  { promises, shelves }: Recount,
): Promise<Omit<ChangedPromise, 'messageId'>[]> {
  if (promises.length === 0 && shelves.length === 0) return [];
  return tx.query<Omit<ChangedPromise, 'messageId'>>(
    `with wanted as (
       select c.order_id, c.location_id, c.sku, c.contained_units as before, l.last_count_at
         from commitment c join stock_level l using (location_id, sku)
        where l.last_count_at is not null
          and ((c.location_id, c.sku) in (select * from unnest($1::text[], $2::text[]))
               or (c.order_id, c.location_id, c.sku) in
                  (select * from unnest($3::uuid[], $4::text[], $5::text[])))),
     booked as (
       select order_id, location_id, sku, s.posting_id, s.kind,
              s.happened_at > last_count_at as later, sum(s.taken_out_units) as units
         from wanted join (select * from stock_cause where contained) s
              using (order_id, location_id, sku)
        group by 1, 2, 3, 4, 5, 6),
     by_posting as (
       select order_id, location_id, sku, posting_id,
              sum(units) filter (where kind = 'order') as deducted,
              -sum(units) filter (where kind = 'reversal') as put_back
         from booked where posting_id is not null and not later group by 1, 2, 3, 4),
     left_with as (
       select order_id, location_id, sku, posting_id, greatest(
                coalesce(sum(d.units) filter (where d.shipment_id = d.posting_id), 0),
                coalesce(sum(d.units) filter (where d.shipment_id <> d.posting_id), 0)) as units
         from wanted join dispatch d using (order_id, location_id, sku)
        where d.at <= last_count_at
        group by 1, 2, 3, 4),
     total as (
       select order_id, location_id, sku, sum(gone) as gone, sum(since) as since
         from (select order_id, location_id, sku, 0 as since,
                      coalesce(l.units, 0) - greatest(0, coalesce(p.put_back, 0)
                        - greatest(0, coalesce(p.deducted, 0) - coalesce(l.units, 0))) as gone
                 from by_posting p
                      full join left_with l using (order_id, location_id, sku, posting_id)
               union all
               select order_id, location_id, sku, 0, units from booked
                where not later and kind <> 'order' and (kind <> 'reversal' or posting_id is null)
               union all
               select order_id, location_id, sku, units, 0 from booked where later) each_one
        group by 1, 2, 3),
     standing as (
       select order_id, location_id, sku, before, coalesce(since, 0)::int as since,
              greatest(0, coalesce(gone, 0))::int as gone
         from wanted left join total using (order_id, location_id, sku))
     update commitment c
        set counted = true, left_units = s.gone, contained_units = s.gone + s.since
       from standing s
      where c.order_id = s.order_id and c.location_id = s.location_id and c.sku = s.sku
        and (not c.counted or c.left_units <> s.gone or c.contained_units <> s.gone + s.since)
     returning ${COMMITMENT('c.')}, s.before <> c.contained_units as recorded`,
    [
      shelves.map(({ locationId }) => locationId),
      shelves.map(({ sku }) => sku),
      promises.map(({ orderId }) => orderId),
      promises.map(({ locationId }) => locationId),
      promises.map(({ sku }) => sku),
    ],
  );
}

function promiseKey(promise: Shelf & { readonly orderId: string }): string {
  return `${promise.orderId} ${shelfKey(promise)}`;
}
