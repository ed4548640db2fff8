import { Inject, Injectable } from '@nestjs/common';
import { Failure } from '@tillbridge/contracts';
import {
  ProductMap,
  type ChannelLocation,
  type OwnPlace,
  type StockMerchant,
  type TakeOutPolicy,
} from '@tillbridge/domain';
import {
  ConfigurationInForce,
  stockShowing,
  type Configuration,
  type ShopifyConnection,
  type StockLocation,
  type StockShowingConnection,
} from '@tillbridge/runtime';

/** Another service may have taken over another file a moment before this one does. */
const SOON = { afterMs: 60_000 };

/** Whose figure it is, and of which place; the hub's own readings go by the file and name none. */
interface ToldPlace {
  readonly connectionId: string;
  readonly locationId: string;
  readonly vendorLocationId?: string;
}

/** One state of the merchant's file, as the rules of stock look things up in it. */
interface MerchantRules {
  readonly configuration: Configuration;
  readonly products: ProductMap;
  readonly publishedConnections: readonly string[];
  readonly channels: ReadonlyMap<string, StockShowingConnection>;
  readonly storefronts: ReadonlyMap<string, ShopifyConnection>;
  readonly locations: ReadonlyMap<string, StockLocation>;
  /** Stock locations that are a place of a platform's own, by connection and place. */
  readonly ownPlaces: ReadonlyMap<string, OwnPlace>;
}

/**
 * Which shelves serve which channel, as the merchant's file says: platforms, and trade layers. Another
 * file is used from one turn to the next, never within one.
 */
@Injectable()
export class ChannelMap implements StockMerchant {
  private rules: MerchantRules;

  constructor(@Inject(ConfigurationInForce) { whole }: Pick<ConfigurationInForce, 'whole'>) {
    this.rules = rulesOf(whole);
  }

  /** From here on the map is that of another file. */
  use(configuration: Configuration): void {
    this.rules = rulesOf(configuration);
  }

  get products(): ProductMap {
    return this.rules.products;
  }

  get publishedConnections(): readonly string[] {
    return this.rules.publishedConnections;
  }

  get locationIds(): string[] {
    return [...this.rules.locations.keys()];
  }

  /** Everything that shows stock, told or not. */
  get all(): readonly StockShowingConnection[] {
    return [...this.rules.channels.values()];
  }

  /** @throws Error for a connection that shows no stock: a bug. */
  channelOf(connectionId: string): StockShowingConnection {
    const channel = this.rules.channels.get(connectionId);
    if (channel === undefined) throw new Error(`'${connectionId}' shows no stock`);
    return channel;
  }

  /** False for a connection that shows no stock, or none any more. */
  shows(connectionId: string): boolean {
    return this.rules.channels.has(connectionId);
  }

  /** True for a trade layer that has stock of its own, over the platform that takes its orders. */
  isTradeLayer({ connectionId, ordersConnectionId }: StockShowingConnection): boolean {
    return connectionId !== ordersConnectionId;
  }

  /**
   * A trade layer with stock of its own promises trade buyers that stock, so their orders come from
   * there; all others come from what feeds the platform.
   */
  locationsOf(connectionId: string, trade: boolean): string[] {
    const layers = [...this.rules.channels.values()].filter(
      (each) => each.ordersConnectionId === connectionId && this.isTradeLayer(each),
    );
    const selling =
      trade && layers.length > 0 ? layers.map((each) => each.connectionId) : [connectionId];
    return this.rules.configuration.locations
      .filter(({ feeds }) => feeds.some(({ connection }) => selling.includes(connection)))
      .map(({ id }) => id);
  }

  channelLocationsFedBy(locationIds: Iterable<string>): ChannelLocation[] {
    const fed = new Map<string, ChannelLocation>();
    for (const id of locationIds) {
      const location = this.rules.locations.get(id);
      const own = location !== undefined && this.isOwnPlace(id) ? [location.master] : [];
      for (const { connection, vendorLocationId } of [...(location?.feeds ?? []), ...own]) {
        const at = { connectionId: connection, channelLocationId: vendorLocationId };
        fed.set(placeKey(at), at);
      }
    }
    return [...fed.values()];
  }

  ownPlaceAt(at: ChannelLocation): OwnPlace | undefined {
    return this.rules.ownPlaces.get(placeKey(at));
  }

  isOwnPlace(locationId: string): boolean {
    return this.rules.storefronts.has(
      this.rules.locations.get(locationId)?.master.connection ?? '',
    );
  }

  /** A place of a platform's own is fed by itself: packs and kits are made of what lies there. */
  feedersOf(at: ChannelLocation): string[] {
    const own = this.ownPlaceAt(at);
    if (own !== undefined) return [own.locationId];
    const { connectionId, channelLocationId } = at;
    return this.rules.configuration.locations
      .filter(({ feeds }) =>
        feeds.some(
          (feed) => feed.connection === connectionId && feed.vendorLocationId === channelLocationId,
        ),
      )
      .map(({ id }) => id);
  }

  bufferOf(locationId: string, sku: string): number {
    const { bufferUnits } = this.rules.configuration.products;
    if (bufferUnits !== undefined && Object.hasOwn(bufferUnits, sku)) return bufferUnits[sku] ?? 0;
    return this.rules.locations.get(locationId)?.bufferUnits ?? 0;
  }

  /** True where promised goods are put aside, so that people who count leave them out. */
  setsAside(locationId: string): boolean {
    return this.rules.locations.get(locationId)?.promisedGoodsAreSetAside ?? false;
  }

  /** The connection that owns a location's figures. @throws Failure when it is not configured. */
  masterOf(locationId: string): string {
    const location = this.rules.locations.get(locationId);
    if (location !== undefined) return location.master.connection;
    throw new Failure('configuration', SOON, `location '${locationId}' is not configured`);
  }

  /**
   * Only its master says what lies at a location (R1), and only of the place that the location is now: what
   * is still on its way from the shelf that it was before would pass for the figure of the new one.
   * @throws Failure for anybody else's figure.
   */
  assertMaster({ locationId, connectionId, vendorLocationId: place }: ToldPlace): void {
    const master = this.masterOf(locationId);
    if (master !== connectionId) {
      const message = `'${connectionId}' counted '${locationId}', whose master is '${master}'`;
      throw new Failure('configuration', SOON, message);
    }
    const now = this.rules.locations.get(locationId)?.master.vendorLocationId;
    if (place === undefined || place === now) return;
    const message = `'${connectionId}' counted '${place}' for '${locationId}', which is '${now}' now`;
    throw new Failure('configuration', SOON, message);
  }

  /** Who takes a channel's goods out. @throws Failure when the connection is not configured. */
  policyOf(connectionId: string): TakeOutPolicy {
    const storefront = this.rules.storefronts.get(connectionId);
    if (storefront === undefined) {
      const message = `orders came from '${connectionId}', which is no configured platform`;
      throw new Failure('configuration', 'never', message);
    }
    const { retailOrders, ordersFrom } = storefront;
    return { retailOrders, ordersFrom, hubWritesMasters: this.anyLiveMaster(connectionId) };
  }

  private anyLiveMaster(connectionId: string): boolean {
    const ids = [true, false].flatMap((trade) => this.locationsOf(connectionId, trade));
    const { connections } = this.rules.configuration;
    const takers = ids.flatMap((id) => {
      const location = this.rules.locations.get(id);
      return location === undefined ? [] : [(location.posting ?? location.master).connection];
    });
    return connections.some(({ id, mode }) => takers.includes(id) && mode === 'live');
  }
}

function placeKey({ connectionId, channelLocationId }: ChannelLocation): string {
  return `${connectionId} ${channelLocationId}`;
}

function rulesOf(configuration: Configuration): MerchantRules {
  const channels = stockShowing(configuration);
  const storefronts = configuration.connections.filter((each) => each.vendor === 'shopify');
  const published = channels.filter((each) => each.published);
  const platforms = new Map(storefronts.map((each) => [each.id, each]));
  return {
    configuration,
    products: new ProductMap(configuration.products),
    publishedConnections: published.map(({ connectionId }) => connectionId),
    channels: new Map(channels.map((each) => [each.connectionId, each])),
    storefronts: platforms,
    ownPlaces: ownPlacesOf(configuration, platforms),
    locations: new Map(configuration.locations.map((each) => [each.id, each])),
  };
}

function ownPlacesOf(
  { locations }: Configuration,
  storefronts: ReadonlyMap<string, ShopifyConnection>,
): Map<string, OwnPlace> {
  const places = new Map<string, OwnPlace>();
  for (const { id: locationId, master } of locations) {
    const platform = storefronts.get(master.connection);
    if (platform === undefined) continue;
    const at = { connectionId: platform.id, channelLocationId: master.vendorLocationId };
    places.set(placeKey(at), { locationId, hubWrites: platform.mode === 'live' });
  }
  return places;
}
