import type {
  ChannelLocation,
  OwnPlace,
  ProductMap,
  StockChannel,
  StockMerchant,
} from '@tillbridge/domain';
import type { Dice } from '../../chance/dice.js';
import { BASE_SKUS, drawProducts, type Part, type SoakProducts } from './soak-products.js';
import {
  drawChannels,
  OWN_PLACE,
  withOtherFeeders,
  type RetailOrders,
  type SoldFrom,
} from './soak-topology.js';

interface MerchantParts {
  readonly channels: readonly SoldFrom[];
  readonly products: SoakProducts;
  readonly buffers: ReadonlyMap<string, number>;
  readonly settingAside: readonly string[];
  /** True where the shop has a place that it counts itself. */
  readonly hasOwnPlace: boolean;
}

const STORES = ['north', 'south'] as const;

/**
 * A small merchant: two stores, two channels, a pack and a kit; at times a place that a channel counts
 * itself, and a trade layer. Buffers, products and who feeds whom may change.
 */
export class SoakMerchant implements StockMerchant {
  readonly locationIds: readonly string[];
  readonly publishedConnections: readonly string[];
  readonly products: ProductMap;
  readonly channels: readonly SoldFrom[];
  readonly hasOwnPlace: boolean;
  private readonly feeders = new Map<string, readonly string[]>();
  private readonly fedBy = new Map<string, readonly ChannelLocation[]>();

  private constructor(private readonly parts: MerchantParts) {
    this.channels = parts.channels;
    this.hasOwnPlace = parts.hasOwnPlace;
    this.locationIds = parts.hasOwnPlace ? [...STORES, OWN_PLACE.locationId] : STORES;
    this.products = parts.products.map;
    this.publishedConnections = this.channels.map(({ connectionId }) => connectionId);
    for (const { places } of this.channels) {
      for (const { placeId, feeders } of places) this.feeders.set(placeId, feeders);
    }
    if (this.hasOwnPlace) this.feeders.set(OWN_PLACE.placeId, [OWN_PLACE.locationId]);
  }

  static draw(dice: Dice): SoakMerchant {
    return new SoakMerchant({
      channels: drawChannels(dice),
      products: drawProducts(dice),
      buffers: drawBuffers(dice),
      settingAside: STORES.filter(() => dice.chance(0.2)),
      hasOwnPlace: dice.chance(0.3),
    });
  }

  withOtherBuffers(dice: Dice): SoakMerchant {
    return new SoakMerchant({ ...this.parts, buffers: drawBuffers(dice) });
  }

  withOtherProducts(dice: Dice): SoakMerchant {
    return new SoakMerchant({ ...this.parts, products: drawProducts(dice, this.parts.products) });
  }

  /** Null where no store can be added to the drawn place or taken off it. */
  withOtherFeeders(dice: Dice): SoakMerchant | null {
    const channels = withOtherFeeders(dice, this.channels);
    return channels === null ? null : new SoakMerchant({ ...this.parts, channels });
  }

  /** The trade layer, where there is one. */
  get tradeLayer(): SoldFrom | undefined {
    return this.channels.find(({ connectionId, ordersConnectionId }) => {
      return connectionId !== ordersConnectionId;
    });
  }

  /** What one of a channel SKU is made of; told here once more, apart from the hub's own rules. */
  partsOf(sku: string): readonly Part[] {
    return this.parts.products.parts.get(sku) ?? [];
  }

  /** True where a place's figure of a SKU is the channel's own, which nobody tells it. */
  isCountedThere(placeId: string, sku: string): boolean {
    return placeId === OWN_PLACE.placeId && BASE_SKUS.some((base) => base === sku);
  }

  channelOf(connectionId: string): StockChannel {
    const { compares, ordersConnectionId } = this.channel(connectionId);
    return { compares, ordersConnectionId };
  }

  /** Trade orders of a platform under a trade layer come from what feeds that. */
  sellerOf(connectionId: string, trade: boolean): SoldFrom {
    const layer = this.tradeLayer;
    return trade && layer?.ordersConnectionId === connectionId ? layer : this.channel(connectionId);
  }

  locationsOf(connectionId: string, trade: boolean): readonly string[] {
    const { places } = this.sellerOf(connectionId, trade);
    return STORES.filter((id) => places.some(({ feeders }) => feeders.includes(id)));
  }

  channelLocationsFedBy(locationIds: Iterable<string>): readonly ChannelLocation[] {
    const ids = [...locationIds];
    const key = ids.join();
    const held = this.fedBy.get(key) ?? this.placesFedBy(ids);
    this.fedBy.set(key, held);
    return held;
  }

  feedersOf({ channelLocationId }: { readonly channelLocationId: string }): readonly string[] {
    return this.feeders.get(channelLocationId) ?? [];
  }

  ownPlaceAt({ channelLocationId }: ChannelLocation): OwnPlace | undefined {
    if (!this.hasOwnPlace || channelLocationId !== OWN_PLACE.placeId) return undefined;
    return { locationId: OWN_PLACE.locationId, hubWrites: true };
  }

  isOwnPlace(locationId: string): boolean {
    return locationId === OWN_PLACE.locationId;
  }

  bufferOf(locationId: string): number {
    return this.parts.buffers.get(locationId) ?? 0;
  }

  setsAside(locationId: string): boolean {
    return this.parts.settingAside.includes(locationId);
  }

  retailOrdersOf(connectionId: string): RetailOrders {
    return this.channel(connectionId).retailOrders;
  }

  policyOf(connectionId: string) {
    return {
      retailOrders: this.retailOrdersOf(connectionId),
      ordersFrom: '2026-01-01T00:00:00Z',
      hubWritesMasters: true,
    };
  }

  private channel(connectionId: string): SoldFrom {
    return this.channels.find((each) => each.connectionId === connectionId) as SoldFrom;
  }

  private placesFedBy(locationIds: readonly string[]): ChannelLocation[] {
    const own = locationIds.includes(OWN_PLACE.locationId)
      ? [{ connectionId: OWN_PLACE.connectionId, channelLocationId: OWN_PLACE.placeId }]
      : [];
    const fed = this.channels.flatMap(({ connectionId, places }) =>
      places
        .filter(({ feeders }) => feeders.some((id) => locationIds.includes(id)))
        .map(({ placeId }) => ({ connectionId, channelLocationId: placeId })),
    );
    return [...fed, ...own];
  }
}

function drawBuffers(dice: Dice): ReadonlyMap<string, number> {
  return new Map([...STORES, OWN_PLACE.locationId].map((id) => [id, dice.pick([0, 0, 1, 2])]));
}
