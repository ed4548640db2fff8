import type { Allocation, OrderSighting } from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';

/** A draft or an order as a platform held it, and the fact that told us. */
export interface StoredSighting extends OrderSighting {
  readonly name: string;
  readonly messageId: string;
}

/** What we hold of one order. */
export interface OrderRecord {
  readonly orderId: string;
  readonly draft?: StoredSighting;
  readonly order?: StoredSighting;
  readonly allocation?: Allocation;
}

/** By order id; an order that nobody saw yet is there too, empty. */
export async function readOrders(
  tx: Transaction,
  orderIds: readonly string[],
): Promise<Map<string, OrderRecord>> {
  const sightings = await tx.query<StoredSighting>(
    `select order_id as "orderId", stage, connection_id as "connectionId", revision, status, name,
            placed_at as "placedAt", trade, payment_method as "paymentMethod", lines,
            message_id as "messageId"
       from channel_order where order_id = any($1::uuid[])`,
    [orderIds],
  );
  const allocations = await readAllocations(tx, orderIds);
  const records = new Map<string, OrderRecord>(orderIds.map((orderId) => [orderId, { orderId }]));
  for (const seen of sightings) {
    records.set(seen.orderId, { ...recordOf(records, seen.orderId), [seen.stage]: seen });
  }
  for (const allocation of allocations) {
    const { orderId } = allocation;
    records.set(orderId, { ...recordOf(records, orderId), allocation });
  }
  return records;
}

function recordOf(records: ReadonlyMap<string, OrderRecord>, orderId: string): OrderRecord {
  return records.get(orderId) ?? { orderId };
}

export async function saveSightings(
  tx: Transaction,
  sightings: readonly StoredSighting[],
): Promise<void> {
  if (sightings.length === 0) return;
  await tx.query(
    `insert into channel_order (order_id, stage, connection_id, revision, status, name, placed_at,
                                trade, payment_method, lines, message_id)
     select * from jsonb_to_recordset($1::jsonb)
       as s("orderId" uuid, stage text, "connectionId" text, revision int, status text, name text,
            "placedAt" text, trade boolean, "paymentMethod" text, lines jsonb, "messageId" text)
     on conflict (order_id, stage) do update
       set revision = excluded.revision, status = excluded.status, name = excluded.name,
           placed_at = excluded.placed_at, trade = excluded.trade,
           payment_method = excluded.payment_method, lines = excluded.lines,
           message_id = excluded.message_id`,
    [JSON.stringify(sightings)],
  );
}

export async function saveAllocations(
  tx: Transaction,
  allocations: readonly Allocation[],
): Promise<void> {
  if (allocations.length === 0) return;
  const rows = allocations.map((allocation) => ({
    ...allocation,
    waitingSkus: [...new Set(allocation.unallocated.flatMap(({ missing }) => missing))],
  }));
  await tx.query(
    `insert into allocation (order_id, revision, announced_revision, shares, unallocated, short,
                             waiting_skus)
     select "orderId", revision, "announcedRevision", shares, unallocated, short,
            array(select jsonb_array_elements_text("waitingSkus"))
       from jsonb_to_recordset($1::jsonb)
         as a("orderId" uuid, revision int, "announcedRevision" int, shares jsonb,
              unallocated jsonb, short jsonb, "waitingSkus" jsonb)
     on conflict (order_id) do update
       set revision = excluded.revision, announced_revision = excluded.announced_revision,
           shares = excluded.shares, unallocated = excluded.unallocated, short = excluded.short,
           waiting_skus = excluded.waiting_skus`,
    [JSON.stringify(rows)],
  );
}

/** The allocations of these orders, where there is one. */
export async function readAllocations(
  tx: Transaction,
  orderIds: readonly string[],
): Promise<Allocation[]> {
  return tx.query<Allocation>(
    `select order_id as "orderId", revision, announced_revision as "announcedRevision",
            shares, unallocated, short
       from allocation where order_id = any($1::uuid[])`,
    [orderIds],
  );
}

/**
 * Orders with a line that waits for the first count of one of these base SKUs, in order of their ids,
 * each with the fact that brought its own.
 */
export async function readOrdersWaitingFor(
  tx: Transaction,
  firstCounted: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  if (firstCounted.size === 0) return new Map();
  const rows = await tx.query<{ orderId: string; skus: string[] }>(
    `select order_id as "orderId", waiting_skus as skus
       from allocation where waiting_skus && $1::text[] order by 1`,
    [[...firstCounted.keys()]],
  );
  return new Map(rows.map(({ orderId, skus }) => [orderId, lastOf(firstCounted, skus)]));
}

/** Orders with a line that no location could serve, in order of their ids. */
export async function readOrdersWithoutShelf(tx: Transaction): Promise<string[]> {
  const rows = await tx.query<{ orderId: string }>(
    `select order_id as "orderId" from allocation where unallocated <> '[]' order by 1`,
  );
  return rows.map(({ orderId }) => orderId);
}

function lastOf(firstCounted: ReadonlyMap<string, string>, skus: readonly string[]): string {
  const waitedFor = new Set(skus);
  let last = '';
  for (const [sku, messageId] of firstCounted) if (waitedFor.has(sku)) last = messageId;
  return last;
}
