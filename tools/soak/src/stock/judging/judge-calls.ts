import type { SetStockBatch } from '@tillbridge/domain';
import type { HubUnderSoak } from '../hub-under-soak.js';
import type { ChannelShelf } from '../world/channel-shelf.js';
import { mayPromise } from './judge-book.js';
import { Violation } from '../../run/violation.js';

/** A figure on its way to a channel. */
export type SentItem = SetStockBatch['items'][number];

/**
 * The units of a figure that the hub ought not to tell, by what it knows when it sends it: those above
 * the masters' figures less commitments and buffer; and of a rise, those that the channel itself has
 * sold out of the very figure that is to rise, in orders that the hub has not seen yet. So of a fall, too,
 * where it overwrites what the channel shows.
 */
export function excessUnits(
  hub: HubUnderSoak,
  { channelLocationId, sku, fromUnits, toUnits }: SentItem,
  shelf: ChannelShelf,
): { readonly above: number; readonly unseen: number } {
  const { known, merchant, committed } = hub;
  const may = mayPromise(channelLocationId, sku, known, merchant, committed) ?? 0;
  const above = Math.max(0, toUnits - may);
  const { compares } = merchant.channelOf(shelf.connectionId);
  if (toUnits <= fromUnits && compares) return { above, unseen: 0 };
  const row = hub.book.figures.find(
    (each) => each.channelLocationId === channelLocationId && each.sku === sku,
  );
  const from = toUnits > fromUnits ? 0 : shelf.setRevision;
  let unseen = 0;
  for (const sale of shelf.sales) {
    if (sale.revision > (row?.observedRevision ?? 0)) break;
    if (sale.revision > from && !known.knowsOrder(sale.orderId, sale.version)) unseen += sale.units;
  }
  // What was sold and given back again, unseen both, has left the figure as it was.
  return { above, unseen: Math.max(0, unseen) };
}

/** @throws Violation when a figure goes out that must not. */
export function expectJustified(
  { channelLocationId, sku, toUnits }: SentItem,
  { above, unseen }: { readonly above: number; readonly unseen: number },
): void {
  const of = `${toUnits} ${sku} of ${channelLocationId}`;
  if (above > 0) throw new Violation('promised above the figure', `${of} is ${above} too many`);
  if (unseen > 0) throw new Violation('rise before the orders', `${of} with ${unseen} unseen`);
}
