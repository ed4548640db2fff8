import {
  ProductMap,
  type ChannelLocation,
  type StockChannel,
  type StockMerchant,
} from '@tillbridge/domain';
import type { Dice } from '../../chance/dice.js';

export const BASE_SKUS = ['A', 'B'] as const;
/** `CASE` is some A, `KIT` is two A and a B. */
export const CHANNEL_SKUS = [...BASE_SKUS, 'CASE', 'KIT'] as const;

export type RetailOrders = 'hub-adjusts-at-dispatch' | 'other-connector' | 'separate-location';

/** A base SKU and how many of it are in one. */
export type Part = readonly [sku: string, units: number];

/** A channel with the places it sells from, each with the stock locations that feed it. */
export interface SoldFrom {
  readonly connectionId: string;
  readonly retailOrders: RetailOrders;
  /** False where a figure overwrites whatever the channel shows by then. */
  readonly compares: boolean;
  readonly places: readonly { readonly placeId: string; readonly feeders: readonly string[] }[];
}

const CASE_SIZES = [3, 4, 6] as const;
const PRODUCTS = new Map(CASE_SIZES.map((units) => [units, productsWith(units)]));

/** Which stores feed which places of two channels. */
const TOPOLOGIES: readonly (readonly SoldFrom['places'][])[] = [
  [
    [{ placeId: 'shop-1', feeders: ['north', 'south'] }],
    [{ placeId: 'web-1', feeders: ['south'] }],
  ],
  [
    [{ placeId: 'shop-1', feeders: ['north', 'south'] }],
    [{ placeId: 'web-1', feeders: ['south', 'north'] }],
  ],
  [[{ placeId: 'shop-1', feeders: ['north'] }], [{ placeId: 'web-1', feeders: ['south'] }]],
  [
    [
      { placeId: 'shop-1', feeders: ['north'] },
      { placeId: 'shop-2', feeders: ['south'] },
    ],
    [{ placeId: 'web-1', feeders: ['north'] }],
  ],
];

/** A small merchant: two stores, two channels, a pack and a kit, and buffers that may change. */
export class SoakMerchant implements StockMerchant {
  readonly locationIds = ['north', 'south'] as const;
  readonly publishedConnections: readonly string[];
  readonly products: ProductMap;
  private readonly ofConnection: ReadonlyMap<string, SoldFrom>;
  private readonly feeders = new Map<string, readonly string[]>();
  private readonly locations = new Map<string, readonly string[]>();
  private readonly fedBy = new Map<string, readonly ChannelLocation[]>();

  private constructor(
    readonly channels: readonly SoldFrom[],
    readonly caseUnits: (typeof CASE_SIZES)[number],
    private readonly buffers: ReadonlyMap<string, number>,
    private readonly settingAside: readonly string[],
  ) {
    this.products = PRODUCTS.get(caseUnits) as ProductMap;
    this.publishedConnections = channels.map(({ connectionId }) => connectionId);
    this.ofConnection = new Map(channels.map((channel) => [channel.connectionId, channel]));
    for (const { connectionId, places } of channels) {
      for (const { placeId, feeders } of places) this.feeders.set(placeId, feeders);
      this.locations.set(connectionId, [...new Set(places.flatMap(({ feeders }) => feeders))]);
    }
    const { locationIds } = this;
    for (const ids of [[...locationIds], ...locationIds.map((id) => [id])]) {
      this.fedBy.set(ids.join(), placesFedBy(channels, ids));
    }
  }

  static draw(dice: Dice): SoakMerchant {
    const [shop = [], web = []] = dice.pick(TOPOLOGIES);
    const policy = (): RetailOrders =>
      dice.pick([
        'hub-adjusts-at-dispatch',
        'hub-adjusts-at-dispatch',
        'other-connector',
        'separate-location',
      ]);
    const channels = [
      { connectionId: 'shop', places: shop, retailOrders: policy(), compares: true },
      { connectionId: 'web', places: web, retailOrders: policy(), compares: dice.chance(0.7) },
    ];
    const aside = ['north', 'south'].filter(() => dice.chance(0.2));
    return new SoakMerchant(channels, dice.pick(CASE_SIZES), drawBuffers(dice), aside);
  }

  withOtherBuffers(dice: Dice): SoakMerchant {
    return new SoakMerchant(this.channels, this.caseUnits, drawBuffers(dice), this.settingAside);
  }

  /** What one of a channel SKU is made of; told here once more, apart from the hub's own rules. */
  partsOf(sku: string): readonly Part[] {
    if (sku === 'CASE') return [['A', this.caseUnits]];
    if (sku === 'KIT') {
      return [
        ['A', 2],
        ['B', 1],
      ];
    }
    return [[sku, 1]];
  }

  channelOf(connectionId: string): StockChannel {
    const compares = this.ofConnection.get(connectionId)?.compares ?? true;
    return { compares, ordersConnectionId: connectionId };
  }

  locationsOf(connectionId: string): readonly string[] {
    return this.locations.get(connectionId) ?? [];
  }

  channelLocationsFedBy(locationIds: Iterable<string>): readonly ChannelLocation[] {
    return this.fedBy.get([...locationIds].sort().join()) ?? [];
  }

  feedersOf({ channelLocationId }: { readonly channelLocationId: string }): readonly string[] {
    return this.feeders.get(channelLocationId) ?? [];
  }

  ownPlaceAt(): undefined {
    return undefined;
  }

  isOwnPlace(): boolean {
    return false;
  }

  bufferOf(locationId: string): number {
    return this.buffers.get(locationId) ?? 0;
  }

  setsAside(locationId: string): boolean {
    return this.settingAside.includes(locationId);
  }

  retailOrdersOf(connectionId: string): RetailOrders {
    return this.ofConnection.get(connectionId)?.retailOrders ?? 'separate-location';
  }

  policyOf(connectionId: string) {
    return {
      retailOrders: this.retailOrdersOf(connectionId),
      ordersFrom: '2026-01-01T00:00:00Z',
      hubWritesMasters: true,
    };
  }
}

function placesFedBy(
  channels: readonly SoldFrom[],
  locationIds: readonly string[],
): ChannelLocation[] {
  return channels.flatMap(({ connectionId, places }) =>
    places
      .filter(({ feeders }) => feeders.some((id) => locationIds.includes(id)))
      .map(({ placeId }) => ({ connectionId, channelLocationId: placeId })),
  );
}

function drawBuffers(dice: Dice): ReadonlyMap<string, number> {
  return new Map(['north', 'south'].map((id) => [id, dice.pick([0, 0, 1, 2])]));
}

function productsWith(caseUnits: number): ProductMap {
  return new ProductMap({
    packs: [{ sku: 'CASE', of: 'A', units: caseUnits }],
    kits: [
      {
        sku: 'KIT',
        components: [
          { sku: 'A', quantity: 2 },
          { sku: 'B', quantity: 1 },
        ],
      },
    ],
  });
}
