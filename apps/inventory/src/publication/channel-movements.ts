import { ordersExplain, type ChannelMovement } from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import type { StockShowingConnection } from '@tillbridge/runtime';
import { publicationSubject, type PublicationKey } from './publication-rows.js';

/** Of one look; a busy shop has its turns. */
const JUDGED_AT_ONCE = 200;

/**
 * Keeps that a channel did not show what we believed, until a poll tells which orders did that. Call it
 * before the new figure is saved: how old the belief was is read from the row.
 */
export async function keepMovements(
  tx: Transaction,
  moved: readonly (PublicationKey & { readonly fallenUnits: number })[],
  now: Date,
): Promise<void> {
  if (moved.length === 0) return;
  await tx.query(
    `insert into channel_movement (connection_id, channel_location_id, sku, fallen_units,
       believed_at, moved_at)
     select p.connection_id, p.channel_location_id, p.sku, sum(m."fallenUnits"), p.observed_at, $2
       from jsonb_to_recordset($1::jsonb)
         as m("connectionId" text, "channelLocationId" text, sku text, "fallenUnits" int)
       join publication p on p.connection_id = m."connectionId"
        and p.channel_location_id = m."channelLocationId" and p.sku = m.sku
      group by p.connection_id, p.channel_location_id, p.sku
     on conflict (connection_id, channel_location_id, sku) do update
       set fallen_units = channel_movement.fallen_units + excluded.fallen_units,
           moved_at = excluded.moved_at`,
    [JSON.stringify(moved), now],
  );
}

/**
 * Tells people of figures that moved and that no order explains: somebody else writes there. That is
 * known when a poll that began after the movement is taken in. It is over when the figure is right.
 */
export async function judgeMovements(
  tx: Transaction,
  channels: readonly StockShowingConnection[],
): Promise<void> {
  await clearEnded(tx);
  const judged = await readCovered(tx, channels);
  if (judged.length === 0) return;
  const strange = judged.filter((movement) => !ordersExplain(movement));
  await tx.raise(
    strange.map((movement) => ({
      code: 'stock-written-elsewhere' as const,
      subject: publicationSubject(movement),
      system: movement.connectionId,
      cause: causeOf(movement),
    })),
  );
  const subjects = new Set(strange.map(publicationSubject));
  const over = judged.filter((movement) => !subjects.has(publicationSubject(movement)));
  await forget(tx, over);
  await tx.query(
    `update channel_movement m set told = true
       from unnest($1::text[], $2::text[], $3::text[]) as k(connection_id, place, sku)
      where m.connection_id = k.connection_id and m.channel_location_id = k.place
        and m.sku = k.sku`,
    columnsOf(strange),
  );
}

type Judged = ChannelMovement & PublicationKey;

/** Text of a time sorts like the time within a day, whatever its offset: that narrows the orders. */
async function readCovered(
  tx: Transaction,
  channels: readonly StockShowingConnection[],
): Promise<Judged[]> {
  return tx.query<Judged>(
    `with moved as (
       select m.*, c.orders
         from channel_movement m
         join unnest($1::text[], $2::text[]) as c(connection_id, orders) using (connection_id)
         join poll_watermark w on w.connection_id = c.orders and w.complete_through >= m.moved_at
        where not m.told order by m.moved_at limit ${JUDGED_AT_ONCE}),
     line as (
       select o.connection_id, o.placed_at::timestamptz as placed_at, l ->> 'sku' as sku,
              (l ->> 'orderedQuantity')::int as ordered, (l ->> 'cancelledQuantity')::int as cancelled
         from channel_order o cross join lateral jsonb_array_elements(o.lines) l
        where o.stage = 'order' and o.connection_id in (select orders from moved)
          and o.placed_at > (select to_char(min(believed_at) - interval '31 days', 'YYYY-MM-DD')
                               from moved)
          and l ->> 'sku' in (select sku from moved))
     select m.connection_id as "connectionId", m.channel_location_id as "channelLocationId", m.sku,
            m.fallen_units as "fallenUnits",
            coalesce(sum(line.ordered)
              filter (where line.placed_at > m.believed_at - interval '2 minutes'), 0)::int
              as "orderedUnits",
            coalesce(sum(line.cancelled), 0)::int as "cancelledUnits"
       from moved m left join line on line.connection_id = m.orders and line.sku = m.sku
      group by m.connection_id, m.channel_location_id, m.sku, m.fallen_units
      order by 1, 2, 3`,
    [
      channels.map(({ connectionId }) => connectionId),
      channels.map(({ ordersConnectionId }) => ordersConnectionId),
    ],
  );
}

async function clearEnded(tx: Transaction): Promise<void> {
  const ended = await tx.query<PublicationKey>(
    `select m.connection_id as "connectionId", m.channel_location_id as "channelLocationId", m.sku
       from channel_movement m join publication p using (connection_id, channel_location_id, sku)
      where m.told and p.observed_units = p.desired_units and p.in_flight_batch is null
      order by 1, 2, 3`,
  );
  await tx.clear(
    ended.map((key) => ({
      code: 'stock-written-elsewhere' as const,
      subject: publicationSubject(key),
    })),
  );
  await forget(tx, ended);
}

async function forget(tx: Transaction, movements: readonly PublicationKey[]): Promise<void> {
  if (movements.length === 0) return;
  await tx.query(
    `delete from channel_movement m
      using unnest($1::text[], $2::text[], $3::text[]) as k(connection_id, place, sku)
      where m.connection_id = k.connection_id and m.channel_location_id = k.place
        and m.sku = k.sku`,
    columnsOf(movements),
  );
}

function columnsOf(keys: readonly PublicationKey[]): string[][] {
  return [
    keys.map(({ connectionId }) => connectionId),
    keys.map(({ channelLocationId }) => channelLocationId),
    keys.map(({ sku }) => sku),
  ];
}

function causeOf({ fallenUnits, orderedUnits, cancelledUnits }: Judged): string {
  return fallenUnits > 0
    ? `The figure fell by ${fallenUnits} before we set it; orders of the channel explain ${orderedUnits}.`
    : `The figure rose by ${-fallenUnits} before we set it; cancelled orders explain ${cancelledUnits}.`;
}
