import type { PosFulfilmentObserved } from '@tillbridge/contracts';
import type { Transaction } from '@tillbridge/postgres';
import type { Commitment } from './commitments.js';

type PromiseKey = Pick<Commitment, 'orderId' | 'locationId' | 'sku'>;

/**
 * Keeps what has left with each posting, as its highest revision says, and where there is no promise
 * yet makes an empty one: a count then finds it, also when the order is seen last. Returns the promises
 * that the dispatches are about.
 */
export async function saveDispatches(
  tx: Transaction,
  observed: readonly PosFulfilmentObserved[],
): Promise<PromiseKey[]> {
  const latest = new Map<string, PosFulfilmentObserved>();
  for (const each of observed) {
    if (each.dispatch === undefined) continue;
    if ((latest.get(each.postingId)?.revision ?? 0) < each.revision) {
      latest.set(each.postingId, each);
    }
  }
  const rows = [...latest.values()].flatMap(({ postingId, orderId, revision, dispatch }) =>
    (dispatch?.units ?? [])
      .filter(({ units }) => units > 0)
      .map(({ sku, units }) => {
        const { locationId, at } = dispatch as NonNullable<typeof dispatch>;
        return { postingId, orderId, revision, locationId, sku, units, at };
      }),
  );
  if (rows.length === 0) return [];
  return tx.query<PromiseKey>(
    `with told as (
       select * from jsonb_to_recordset($1::jsonb)
         as d("postingId" uuid, "locationId" text, sku text, "orderId" uuid, units int, at text,
              revision int)),
     kept as (
       insert into dispatch as d (posting_id, location_id, sku, order_id, units, at, revision)
       select "postingId", "locationId", sku, "orderId", units, at, revision from told
       on conflict (posting_id, location_id, sku) do update
         set units = excluded.units, at = excluded.at, revision = excluded.revision
         where excluded.revision > d.revision),
     promised as (
       insert into commitment (order_id, location_id, sku)
       select distinct "orderId", "locationId", sku from told
       on conflict do nothing)
     select distinct "orderId", "locationId", sku from told`,
    [JSON.stringify(rows)],
  );
}
