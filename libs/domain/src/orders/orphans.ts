/** An order in a POS that carries our marks. */
export interface MarkedPosOrder {
  readonly posOrderId: string;
  readonly postingId: string;
  readonly live: boolean;
  readonly createdAt: string;
}

/** A trade order as the platform lists it. */
export interface ListedOrder {
  readonly vendorId: string;
  readonly name: string;
  readonly createdAt: string;
}

/** A posting that the POS has told us of. */
export interface ConfirmedPosting {
  readonly orderId: string;
  readonly orderName: string;
  readonly postingId: string;
  readonly posOrderId: string;
}

/** Something that one side has and the other does not know. */
export interface Orphan {
  /** What the exception is about. */
  readonly subject: string;
  readonly cause: string;
}

/** What is younger may be on its way to us: its answer or its webhook has not been handled yet. */
const ORPHAN_AFTER_MS = 15 * 60_000;

/**
 * Orders in the POS that nobody asked for: their posting is none of ours, or has another order
 * there. `asked`: the POS order of each of our postings, null while the POS has not answered.
 */
export function orphanPosOrders(
  connectionId: string,
  seen: readonly MarkedPosOrder[],
  asked: ReadonlyMap<string, string | null>,
  nowMs: number,
): Orphan[] {
  return seen
    .filter(({ live, createdAt }) => live && isSettled(createdAt, nowMs))
    .flatMap(({ posOrderId, postingId }) => {
      const confirmed = asked.get(postingId);
      if (confirmed === null || confirmed === posOrderId) return [];
      const why =
        confirmed === undefined
          ? `says it is posting ${postingId}, which was never asked for`
          : `is a second order for posting ${postingId}, beside ${confirmed}`;
      return [
        {
          subject: `${connectionId}/${posOrderId}`,
          cause: `Order ${posOrderId} in the POS ${why}.`,
        },
      ];
    });
}

/** Postings that the POS had confirmed and does not have any more. One orphan an order. */
export function orphanPostings(
  confirmed: readonly ConfirmedPosting[],
  found: ReadonlySet<string>,
): Orphan[] {
  const missing = confirmed.filter(({ posOrderId }) => !found.has(posOrderId));
  const orphans = missing.map(({ orderId, orderName, postingId, posOrderId }) => ({
    subject: orderId,
    cause: `${orderName} was posted as ${posOrderId} (posting ${postingId}), and the POS has no such order.`,
  }));
  return [...new Map(orphans.map((orphan) => [orphan.subject, orphan])).values()];
}

/** Trade orders of the platform that we have no record of. */
export function orphanPlatformOrders(
  connectionId: string,
  listed: readonly ListedOrder[],
  known: ReadonlySet<string>,
  nowMs: number,
): Orphan[] {
  return listed
    .filter(({ vendorId, createdAt }) => !known.has(vendorId) && isSettled(createdAt, nowMs))
    .map(({ vendorId, name }) => ({
      subject: `${connectionId}/${vendorId}`,
      cause: `${name} is on the platform since more than a quarter of an hour, and the hub has no record of it.`,
    }));
}

function isSettled(createdAt: string, nowMs: number): boolean {
  return nowMs - Date.parse(createdAt) > ORPHAN_AFTER_MS;
}
