import type { OwedLine, Sighting } from './owed.js';
import type { ChannelLocation, StockMerchant } from './stock-merchant.js';

/** An order's lines by who keeps their goods. */
export interface LinesByPlace {
  /** What is promised from our own shelves. */
  readonly elsewhere: Sighting;
  /** Packs and kits sold at places of the platform's own, by stock location. */
  readonly made: ReadonlyMap<string, readonly OwedLine[]>;
}

/**
 * True where the hub tells a channel its figure. At a place of the platform's own (Shopify POS) the
 * platform counts what is on the shelf by itself, and knows nothing of what packs and kits are made of.
 */
export function isToldFigure(
  { sku, ...at }: ChannelLocation & { readonly sku: string },
  merchant: Pick<StockMerchant, 'products' | 'feedersOf' | 'ownPlaceAt'>,
): boolean {
  if (merchant.feedersOf(at).length === 0) return false;
  return merchant.ownPlaceAt(at) === undefined || merchant.products.isMade(sku);
}

/**
 * Parts what a platform sells at places of its own from all the rest. There the platform takes the
 * goods of a line out when the order is made, so that its figure contains them from the beginning. Of a
 * pack or a kit it takes out only that: the units are owed until the hub has taken them out too. Trade
 * orders are posted to a POS wherever the platform would send them from.
 */
export function linesByPlace(
  counted: Sighting & { readonly connectionId: string },
  merchant: Pick<StockMerchant, 'products' | 'ownPlaceAt' | 'policyOf'>,
): LinesByPlace {
  const made = new Map<string, OwedLine[]>();
  if (counted.trade || counted.stage === 'draft') return { elsewhere: counted, made };
  const { connectionId, status, placedAt } = counted;
  const { ordersFrom } = merchant.policyOf(connectionId);
  const isOwed =
    status !== 'cancelled' &&
    status !== 'deleted' &&
    Date.parse(placedAt) >= Date.parse(ordersFrom);
  const elsewhere = counted.lines.filter(({ lineId, sku, channelLocationId, ...line }) => {
    if (channelLocationId === undefined || channelLocationId === null) return true;
    const own = merchant.ownPlaceAt({ connectionId, channelLocationId });
    if (own === undefined) return true;
    if (!isOwed || !own.hubWrites || sku === undefined || sku === null) return false;
    const quantity = line.orderedQuantity - line.cancelledQuantity;
    if (quantity <= 0 || !merchant.products.isMade(sku)) return false;
    made.set(own.locationId, [...(made.get(own.locationId) ?? []), { lineId, sku, quantity }]);
    return false;
  });
  return { elsewhere: { ...counted, lines: elsewhere }, made };
}
