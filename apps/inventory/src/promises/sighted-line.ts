import type { ObservedLine } from '@tillbridge/contracts';
import type { StoredSighting } from './order-book.js';

/**
 * A line as stock sees it. What came back and is for sale again is owed no more, as if it had never
 * been sent: until the master has taken it in, it is `restock-pending`. What came back otherwise, or
 * never, stays gone.
 */
export function toSightedLine(line: ObservedLine): StoredSighting['lines'][number] {
  const { restockedQuantity = 0, channelLocationId } = line;
  return {
    lineId: line.lineId,
    sku: line.sku ?? null,
    orderedQuantity: line.orderedQuantity,
    cancelledQuantity: line.cancelledQuantity + restockedQuantity,
    fulfilledQuantity: Math.max(0, line.fulfilledQuantity - restockedQuantity),
    ...(channelLocationId == null ? {} : { channelLocationId }),
  };
}
