/** A poll of a channel's orders and drafts that came to its end. */
export interface Poll {
  readonly connectionId: string;
  /** Our clock: when the poll began, less its overlap. */
  readonly completeThrough: Date;
  /** Ids of the facts of orders sent since the poll before this one, and of that poll. */
  readonly requires: readonly string[];
}

/**
 * The polls of which all orders are taken in, out of those that wait. A poll names only what was
 * sent since the one before, so it counts when that has come and those of its channel before it do.
 */
export function completePolls<T extends Poll>(
  pending: readonly T[],
  isHandled: (factId: string) => boolean,
): T[] {
  const blocked = new Set<string>();
  const inOrder = [...pending].sort(
    (a, b) => a.completeThrough.getTime() - b.completeThrough.getTime(),
  );
  return inOrder.filter(({ connectionId, requires }) => {
    if (!blocked.has(connectionId) && requires.every(isHandled)) return true;
    blocked.add(connectionId);
    return false;
  });
}
