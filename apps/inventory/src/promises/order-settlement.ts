import {
  committedUnits,
  countedSighting,
  decideAllocation,
  hubTakesOut,
  owedLines,
  promisedByLocation,
  type OwedLine,
} from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import { isDeepStrictEqual } from 'node:util';
import type { ChannelMap } from '../merchant/channel-map.js';
import { adjustRetailStock, type DispatchedOrder } from '../retail/retail-adjustments.js';
import { recordInLedger } from '../stock/stock-ledger.js';
import { readLevelsOfSkus, shelfKey, type Shelf, type StockLevel } from '../stock/stock-levels.js';
import { readCommitmentsOf, saveOwed, type Commitment, type OwedRow } from './commitments.js';
import {
  saveAllocations,
  type OrderRecord,
  type StoredAllocation,
  type StoredSighting,
} from './order-book.js';

/** What settling orders changed, for whoever refreshes what depends on it. */
export interface Settled {
  readonly shelves: readonly Shelf[];
  /** Allocations that the orders service has to be told, marked as told. */
  readonly toAnnounce: readonly StoredAllocation[];
}

interface Settling {
  readonly levels: ReadonlyMap<string, StockLevel>;
  /** By order id. */
  readonly commitments: ReadonlyMap<string, readonly Commitment[]>;
  /** Units promised since the levels were read, by shelfKey. */
  readonly promised: Map<string, number>;
}

interface SettledOrder {
  readonly allocation: StoredAllocation;
  readonly changed: boolean;
  readonly owed: readonly OwedRow[];
  readonly dispatched?: DispatchedOrder;
}

/**
 * Brings the promises of orders up to what is known of them: what is owed, where it comes from, what
 * left with a retail dispatch. Orders are settled one after the other, each on what those before it
 * left over. `sources` names the fact behind each order's change.
 */
export async function settleOrders(
  tx: Transaction,
  channels: ChannelMap,
  records: readonly OrderRecord[],
  sources: ReadonlyMap<string, string>,
): Promise<Settled> {
  const known = records.filter((record) => countedSighting(record) !== undefined);
  if (known.length === 0) return { shelves: [], toAnnounce: [] };
  const settling = await beginSettling(tx, channels, known);
  const settled = known.map((record) => settleOrder(channels, record, settling));
  await saveAllocations(
    tx,
    settled.filter(({ changed }) => changed).map(({ allocation }) => allocation),
  );
  const owed = settled.flatMap((each) => each.owed);
  await saveOwed(tx, owed);
  await recordOwed(tx, owed, settling, sources);
  const dispatched = settled.flatMap((each) => (each.dispatched ? [each.dispatched] : []));
  await adjustRetailStock(tx, channels, dispatched);
  const toAnnounce = settled.filter(({ changed, allocation }) => changed && isTold(allocation));
  return { shelves: owed, toAnnounce: toAnnounce.map(({ allocation }) => allocation) };
}

async function beginSettling(
  tx: Transaction,
  channels: ChannelMap,
  records: readonly OrderRecord[],
): Promise<Settling> {
  const commitments = new Map<string, Commitment[]>();
  for (const each of await readCommitmentsOf(
    tx,
    records.map(({ orderId }) => orderId),
  )) {
    commitments.set(each.orderId, [...(commitments.get(each.orderId) ?? []), each]);
  }
  const skus = new Set<string>();
  for (const record of records) {
    for (const { sku } of countedSighting(record)?.lines ?? []) {
      if (sku === null || sku === undefined) continue;
      for (const part of channels.products.partsOf(sku)) skus.add(part.sku);
    }
    for (const { parts } of record.allocation?.shares ?? []) {
      for (const part of parts) skus.add(part.sku);
    }
  }
  return { levels: await readLevelsOfSkus(tx, skus), commitments, promised: new Map() };
}

function settleOrder(
  channels: ChannelMap,
  record: OrderRecord,
  { levels, commitments, promised }: Settling,
): SettledOrder {
  const counted = countedSighting(record) as StoredSighting;
  const policy = channels.policyOf(counted.connectionId);
  const lines = owedLines(record, policy);
  const plan = decideAllocation({
    lines,
    held: record.allocation?.shares ?? [],
    locations: channels.locationsOf(counted.connectionId),
    free: (locationId, sku) => {
      const level = levels.get(shelfKey({ locationId, sku }));
      if (level === undefined) return undefined;
      return level.onHandUnits - level.committedUnits - (promised.get(shelfKey(level)) ?? 0);
    },
    products: channels.products,
  });
  const before = commitments.get(record.orderId) ?? [];
  const owed = owedRows(counted, before, promisedByLocation(plan.shares));
  for (const row of owed) countPromise(promised, row, before);
  const allocation = nextAllocation(record, plan, counted, lines);
  const retail = counted.stage === 'order' && !counted.trade && hubTakesOut(counted, policy);
  return {
    allocation,
    changed: !isDeepStrictEqual(allocation, record.allocation),
    owed,
    ...(retail
      ? { dispatched: { orderId: record.orderId, shares: plan.shares, lines: counted.lines } }
      : {}),
  };
}

/** The rows that change; one that is no longer promised goes to nothing and stays. */
function owedRows(
  { orderId, placedAt }: StoredSighting,
  before: readonly Commitment[],
  promised: ReadonlyMap<string, readonly { sku: string; units: number }[]>,
): OwedRow[] {
  const wanted = new Map<string, OwedRow>();
  for (const { locationId, sku } of before) {
    wanted.set(shelfKey({ locationId, sku }), { orderId, locationId, sku, placedAt, owedUnits: 0 });
  }
  for (const [locationId, units] of promised) {
    for (const { sku, units: owedUnits } of units) {
      const row = { orderId, locationId, sku, placedAt, owedUnits };
      wanted.set(shelfKey(row), row);
    }
  }
  const held = new Map(before.map((each) => [shelfKey(each), each]));
  return [...wanted].flatMap(([key, row]) => {
    const same = held.get(key);
    return same?.owedUnits === row.owedUnits && same.placedAt === row.placedAt ? [] : [row];
  });
}

function countPromise(
  promised: Map<string, number>,
  row: OwedRow,
  before: readonly Commitment[],
): void {
  const key = shelfKey(row);
  const held = before.find((each) => shelfKey(each) === key);
  const now = committedUnits(row.owedUnits, held?.containedUnits ?? 0);
  promised.set(key, (promised.get(key) ?? 0) + now - (held?.committedUnits ?? 0));
}

/**
 * Only the orders service asks for allocations, and only of trade orders. A draft that promises
 * nothing is not announced: it may never become an order.
 */
function nextAllocation(
  { orderId, allocation: held }: OrderRecord,
  plan: Pick<StoredAllocation, 'shares' | 'unallocated'>,
  counted: StoredSighting,
  lines: readonly OwedLine[],
): StoredAllocation {
  const content = { shares: plan.shares, unallocated: plan.unallocated };
  const same =
    held !== undefined &&
    isDeepStrictEqual(content, { shares: held.shares, unallocated: held.unallocated });
  const revision = (held?.revision ?? 0) + (same ? 0 : 1);
  const told = held?.announcedRevision ?? 0;
  const worthTelling = counted.trade && (told > 0 || counted.stage === 'order' || lines.length > 0);
  return { orderId, revision, announcedRevision: worthTelling ? revision : told, ...content };
}

function isTold({ revision, announcedRevision }: StoredAllocation): boolean {
  return revision === announcedRevision;
}

/** A promise whose units stay, under another date, is no change of a figure. */
async function recordOwed(
  tx: Transaction,
  owed: readonly OwedRow[],
  { commitments }: Settling,
  sources: ReadonlyMap<string, string>,
): Promise<void> {
  await recordInLedger(
    tx,
    owed.flatMap(({ orderId, locationId, sku, owedUnits }) => {
      const held = commitments
        .get(orderId)
        ?.find((each) => each.locationId === locationId && each.sku === sku);
      if (held?.owedUnits === owedUnits) return [];
      const containedUnits = held?.containedUnits ?? 0;
      const messageId = sources.get(orderId) ?? '';
      return [{ messageId, locationId, sku, orderId, owedUnits, containedUnits }];
    }),
  );
}
