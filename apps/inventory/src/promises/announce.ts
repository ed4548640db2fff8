import { OrderAllocated } from '@tillbridge/contracts';
import { multiplyParts, type Allocation } from '@tillbridge/domain';
import type { Transaction } from '@tillbridge/postgres';

/** Tells the orders service where goods come from; `short` are the units each order lacks now. */
export function announceAllocations(
  tx: Transaction,
  allocations: readonly Allocation[],
  short: ReadonlyMap<string, number>,
): void {
  tx.send(
    allocations.map(({ orderId, revision, shares, unallocated }) =>
      Object.assign(new OrderAllocated(), {
        orderId,
        revision,
        allocations: shares.map(({ lineId, locationId, quantity, parts }) => ({
          lineId,
          locationId,
          quantity,
          components: multiplyParts(parts, quantity),
        })),
        unallocated: unallocated.map(({ lineId, reason }) => ({ lineId, reason })),
        shortUnits: short.get(orderId) ?? 0,
      }),
    ),
  );
}
