import type { MasterCause } from '@tillbridge/domain';

/** Goods of an order that left a shelf, as the store's posting says or one shipment of it. */
export interface LeftGoods {
  readonly orderId: string;
  readonly postingId: string;
  readonly shipmentId?: string;
  readonly units: number;
  readonly at: string;
}

/** What a figure has lost to one order. */
export interface Taken {
  readonly units: number;
  /** Of them, units that were gone when people last counted. */
  readonly left: number;
  /** True where people have counted. */
  readonly counted: boolean;
}

export const NOTHING_TAKEN: Taken = { units: 0, left: 0, counted: false };

/**
 * What a figure has lost to each order, told once more and apart from the hub's own rule. People who
 * count find what lies there: before the last count only what had left the building is gone, after it
 * what the master booked. Where promised goods are put aside a count says nothing of them.
 */
export function takenByOrder(
  causes: Iterable<MasterCause>,
  leftGoods: Iterable<LeftGoods>,
  setsAside: boolean,
): Map<string, Taken> {
  let countedAt = '';
  const booked: MasterCause[] = [];
  for (const cause of causes) {
    const when = cause.happenedAt ?? cause.at;
    if (cause.kind === 'physical-count' && !setsAside && when > countedAt) countedAt = when;
    if (cause.orderId !== undefined && cause.orderId !== null) booked.push(cause);
  }
  const counted = countedAt !== '';
  const sums = new Map<string, { left: number; since: number }>();
  const sumOf = (orderId: string) => {
    const held = sums.get(orderId) ?? { left: 0, since: 0 };
    sums.set(orderId, held);
    return held;
  };
  for (const { orderId, kind, units, at, happenedAt } of booked) {
    if (!counted || (happenedAt ?? at) > countedAt) sumOf(orderId as string).since -= units;
    // What was booked for a dispatch had left; what was put back lay there again.
    else if (kind !== 'order') sumOf(orderId as string).left -= units;
  }
  if (counted) {
    for (const { orderId, whole, parts } of goneByThen(leftGoods, countedAt)) {
      sumOf(orderId).left += whole > parts ? whole : parts;
    }
  }
  const taken = new Map<string, Taken>();
  for (const [orderId, { left: gone, since }] of sums) {
    const left = Math.max(0, gone);
    taken.set(orderId, { units: left + since, left, counted });
  }
  return taken;
}

/** By posting: units that the store says are gone by then, and those of its shipments. */
function goneByThen(leftGoods: Iterable<LeftGoods>, moment: string) {
  const postings = new Map<string, { orderId: string; whole: number; parts: number }>();
  for (const { orderId, postingId, shipmentId, units, at } of leftGoods) {
    if (at > moment) continue;
    const gone = postings.get(postingId) ?? { orderId, whole: 0, parts: 0 };
    gone[shipmentId === undefined ? 'whole' : 'parts'] += units;
    postings.set(postingId, gone);
  }
  return postings.values();
}

/** What is to be kept back for an order that wants so much of a shelf. */
export function keptBack(owed: number, { units, counted }: Taken): number {
  return Math.max(0, owed - (counted ? units : Math.max(0, units)));
}
