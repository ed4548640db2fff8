/** How a channel's figure moved between two of our looks, in what the channel sells. */
export interface ChannelMovement {
  /** By how much it fell; below zero when it rose. */
  readonly fallenUnits: number;
  /** Of the channel's orders placed since the first look, as known when a poll has covered the second. */
  readonly orderedUnits: number;
  /** Cancelled of the channel's recent orders: the platform may have put them back. */
  readonly cancelledUnits: number;
}

/**
 * True when the channel's own orders explain the movement, so that nobody else has written the figure.
 * Not every order need lie between the two looks, and not every cancelled unit is put back. So all up to
 * their sums counts as explained: a sale is never taken for a stranger's hand.
 */
export function ordersExplain(movement: ChannelMovement): boolean {
  const { fallenUnits, orderedUnits, cancelledUnits } = movement;
  return fallenUnits <= orderedUnits && -fallenUnits <= cancelledUnits;
}
