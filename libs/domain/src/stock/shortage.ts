/** What one order still has promised of one SKU at one location. */
export interface HeldPromise {
  readonly orderId: string;
  /** ISO 8601; null while only the master has told us of this order. */
  readonly placedAt: string | null;
  readonly committedUnits: number;
}

/**
 * Which orders cannot be served from what is on hand: whoever ordered first is served first, by the
 * platform's clock and not by ours, so that every order of arrival names the same short orders.
 * Orders that are served whole are left out.
 */
export function shortUnitsByOrder(
  onHandUnits: number,
  promises: readonly HeldPromise[],
): Map<string, number> {
  const short = new Map<string, number>();
  let promised = 0;
  for (const { orderId, committedUnits } of [...promises].sort(byPlacing)) {
    promised += committedUnits;
    const units = Math.min(committedUnits, Math.max(0, promised - onHandUnits));
    if (units > 0) short.set(orderId, units);
  }
  return short;
}

function byPlacing(a: HeldPromise, b: HeldPromise): number {
  const apart = placed(a) - placed(b);
  if (apart !== 0) return apart;
  return a.orderId < b.orderId ? -1 : Number(a.orderId > b.orderId);
}

function placed({ placedAt }: HeldPromise): number {
  return placedAt === null ? 0 : Date.parse(placedAt);
}
