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

/** What the rules of stock ask of the merchant's configuration: which shelves serve which channel. */
export interface StockMerchant {
  readonly products: ProductMap;
  /** Channels that may be told their stock. */
  readonly publishedConnections: readonly string[];
  /** Of a channel that is told its stock. */
  channelOf(connectionId: string): StockChannel;
  /** Stock locations that serve orders of a platform, in the order of allocation. */
  locationsOf(connectionId: string, trade: boolean): readonly string[];
  /** The locations of channels that change when one of these shelves does. */
  channelLocationsFedBy(locationIds: Iterable<string>): readonly ChannelLocation[];
  /** The stock locations whose sum a channel location shows; none when it is not ours to set. */
  feedersOf(at: ChannelLocation): readonly string[];
  /** True where promised goods are put aside, so that people who count leave them out. */
  setsAside(locationId: string): boolean;
  bufferOf(locationId: string, sku: string): number;
  /** Who takes a channel's goods out. */
  policyOf(connectionId: string): TakeOutPolicy;
}
