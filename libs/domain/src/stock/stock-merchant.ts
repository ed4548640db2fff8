import type { ProductMap } from '../products/product-map.js';
import type { TakeOutPolicy } from './owed.js';

/** A location of a channel: the sum of the stock locations that feed it. */
export interface ChannelLocation {
  readonly connectionId: string;
  readonly channelLocationId: string;
}

/** How a channel takes figures, and who tells its orders. */
export interface StockChannel {
  /** True where a figure is set only if the channel still shows what we believe. */
  readonly compares: boolean;
  /** The connection whose polls tell the orders that buyers place on it. */
  readonly ordersConnectionId: string;
}

/** A stock location whose figures are those of a place of a platform's own (Shopify POS). */
export interface OwnPlace {
  readonly locationId: string;
  /** False while the platform is only observed: then nobody of ours takes out what is in a pack. */
  readonly hubWrites: boolean;
}

/** What the rules of stock ask of the merchant's configuration: which shelves serve which channel. */
export interface StockMerchant {
  readonly products: ProductMap;
  /** Channels that may be told their stock. */
  readonly publishedConnections: readonly string[];
  /** Of a channel that is told its stock. */
  channelOf(connectionId: string): StockChannel;
  /** Stock locations that serve orders of a platform, in the order of allocation; none of its own. */
  locationsOf(connectionId: string, trade: boolean): readonly string[];
  /** The locations of channels that change when one of these shelves does. */
  channelLocationsFedBy(locationIds: Iterable<string>): readonly ChannelLocation[];
  /** The stock locations whose sum a channel location shows; none when it is not ours to set. */
  feedersOf(at: ChannelLocation): readonly string[];
  /** The stock location that a channel's location is by itself; undefined where others feed it. */
  ownPlaceAt(at: ChannelLocation): OwnPlace | undefined;
  /** True for a stock location that is a place of a platform's own. */
  isOwnPlace(locationId: string): boolean;
  /** True where promised goods are put aside, so that people who count leave them out. */
  setsAside(locationId: string): boolean;
  bufferOf(locationId: string, sku: string): number;
  /** Who takes a channel's goods out. */
  policyOf(connectionId: string): TakeOutPolicy;
}
