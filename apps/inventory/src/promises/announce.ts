import { OrderAllocated } from '@tillbridge/contracts';
import {
  decideAnnouncement,
  multiplyParts,
  type Allocation,
  type AnnouncedAllocation,
} from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';
import { readCommitmentsOf, type Commitment } from './commitments.js';
import { readAllocations, saveAllocations } from './order-book.js';

/**
 * Tells the orders service where goods come from and what of them is missing: allocations that
 * changed, and those of `shorts`, orders that lack more or less than before. `lacking` are the base
 * units that each order lacks now.
 */
export async function announceAllocations(
  tx: Transaction,
  changed: readonly Allocation[],
  shorts: ReadonlySet<string>,
  lacking: ReadonlyMap<string, number>,
): Promise<void> {
  const fresh = new Set(changed.map(({ orderId }) => orderId));
  const others = [...shorts].filter((orderId) => !fresh.has(orderId));
  const held = others.length === 0 ? [] : await readAllocations(tx, others);
  const allocations = [...changed, ...held];
  if (allocations.length === 0) return;
  const promises = await promisesOf(
    tx,
    allocations.map(({ orderId }) => orderId).filter((id) => (lacking.get(id) ?? 0) > 0),
  );
  const announced = allocations
    .map((each) =>
      decideAnnouncement(each, fresh.has(each.orderId), promises.get(each.orderId) ?? []),
    )
    .filter((each) => each !== undefined);
  const before = new Map(allocations.map((each) => [each.orderId, each]));
  await saveAllocations(
    tx,
    announced.filter(({ orderId, short }) => {
      return short.length > 0 || (before.get(orderId)?.short ?? []).length > 0;
    }),
  );
  tx.send(announced.map(toAllocated));
}

async function promisesOf(
  tx: Transaction,
  orderIds: readonly string[],
): Promise<Map<string, Commitment[]>> {
  const promises = new Map<string, Commitment[]>();
  if (orderIds.length === 0) return promises;
  for (const each of await readCommitmentsOf(tx, orderIds)) {
    promises.set(each.orderId, [...(promises.get(each.orderId) ?? []), each]);
  }
  return promises;
}

function toAllocated(allocation: AnnouncedAllocation): OrderAllocated {
  const { orderId, revision, shares, unallocated, short, shortUnits } = allocation;
  return Object.assign(new OrderAllocated(), {
    orderId,
    revision,
    allocations: shares.map(({ lineId, locationId, quantity, parts }) => {
      const lacks = short.find((each) => each.lineId === lineId && each.locationId === locationId);
      const shortQuantity = lacks === undefined ? {} : { shortQuantity: lacks.quantity };
      const components = multiplyParts(parts, quantity);
      return { lineId, locationId, quantity, components, ...shortQuantity };
    }),
    unallocated: unallocated.map(({ lineId, reason }) => ({ lineId, reason })),
    shortUnits,
  });
}
