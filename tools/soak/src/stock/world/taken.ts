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
 * what the master booked. Where promised goods are put aside a count says nothing of them. What was put
 * back for a posting is taken from what the store booked for it and had not sent, and only then from what
 * had left.
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
  const before: MasterCause[] = [];
  for (const cause of booked) {
    const { orderId, kind, postingId, units, at, happenedAt } = cause;
    if (!counted || (happenedAt ?? at) > countedAt) sumOf(orderId as string).since -= units;
    else if (postingId !== undefined && (kind === 'order' || kind === 'reversal')) {
      before.push(cause);
    } else if (kind !== 'order') sumOf(orderId as string).left -= units;
  }
  if (counted) {
    for (const { orderId, gone } of goneByThen(before, leftGoods, countedAt)) {
      sumOf(orderId).left += gone;
    }
  }
  const taken = new Map<string, Taken>();
  for (const [orderId, { left: gone, since }] of sums) {
    const left = Math.max(0, gone);
    taken.set(orderId, { units: left + since, left, counted });
  }
  return taken;
}

/** By posting: what was gone by then, as the store tells and as it booked. */
function goneByThen(
  booked: readonly MasterCause[],
  leftGoods: Iterable<LeftGoods>,
  moment: string,
): { orderId: string; gone: number }[] {
  const postings = new Map<string, { orderId: string; whole: number; parts: number }>();
  const postingOf = (postingId: string, orderId: string) => {
    const held = postings.get(postingId) ?? { orderId, whole: 0, parts: 0 };
    postings.set(postingId, held);
    return held;
  };
  for (const { orderId, postingId, shipmentId, units, at } of leftGoods) {
    if (at > moment) continue;
    postingOf(postingId, orderId)[shipmentId === undefined ? 'whole' : 'parts'] += units;
  }
  for (const each of booked) postingOf(each.postingId as string, each.orderId as string);
  const unitsOf = (posting: string, which: MasterCause['kind']) =>
    booked
      .filter(({ kind, postingId }) => kind === which && postingId === posting)
      .reduce((sum, { units }) => sum + Math.abs(units), 0);
  return [...postings].map(([postingId, { orderId, whole, parts }]) => {
    const sent = whole > parts ? whole : parts;
    const unsent = unitsOf(postingId, 'order') - sent;
    const tooMuch = unitsOf(postingId, 'reversal') - (unsent > 0 ? unsent : 0);
    return { orderId, gone: tooMuch > 0 ? sent - tooMuch : sent };
  });
}

/** What is to be kept back for an order that wants so much of a shelf. */
export function keptBack(owed: number, { units, counted }: Taken): number {
  return Math.max(0, owed - (counted ? units : Math.max(0, units)));
}
