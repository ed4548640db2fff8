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
  CONFIGURATION,
  stockShowing,
  type Configuration,
  type ShopifyConnection,
  type StockLocation,
  type StockShowingConnection,
} from '@tillbridge/runtime';

/** Which shelves serve which channel, as the merchant's file says: platforms, and trade layers. */
@Injectable()
export class ChannelMap implements StockMerchant {
  readonly products: ProductMap;
  readonly publishedConnections: readonly string[];
  private readonly channels: ReadonlyMap<string, StockShowingConnection>;
  private readonly storefronts: ReadonlyMap<string, ShopifyConnection>;
  private readonly locations: ReadonlyMap<string, StockLocation>;
  /** Stock locations that are a place of a platform's own, by connection and place. */
  private readonly ownPlaces = new Map<string, OwnPlace>();

  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration) {
    this.products = new ProductMap(configuration.products);
    const storefronts = configuration.connections.filter((each) => each.vendor === 'shopify');
    this.storefronts = new Map(storefronts.map((each) => [each.id, each]));
    const channels = stockShowing(configuration);
    this.channels = new Map(channels.map((each) => [each.connectionId, each]));
    this.publishedConnections = channels
      .filter(({ published }) => published)
      .map(({ connectionId }) => connectionId);
    this.locations = new Map(configuration.locations.map((each) => [each.id, each]));
    for (const { id: locationId, master } of configuration.locations) {
      const platform = this.storefronts.get(master.connection);
      if (platform === undefined) continue;
      const at = { connectionId: platform.id, channelLocationId: master.vendorLocationId };
      this.ownPlaces.set(placeKey(at), { locationId, hubWrites: platform.mode === 'live' });
    }
  }

  /** Everything that shows stock, told or not. */
  get all(): readonly StockShowingConnection[] {
    return [...this.channels.values()];
  }

  /** @throws Error for a connection that shows no stock: a bug. */
  channelOf(connectionId: string): StockShowingConnection {
    const channel = this.channels.get(connectionId);
    if (channel === undefined) throw new Error(`'${connectionId}' shows no stock`);
    return channel;
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
    const layers = [...this.channels.values()].filter(
      (each) => each.ordersConnectionId === connectionId && this.isTradeLayer(each),
    );
    const selling =
      trade && layers.length > 0 ? layers.map((each) => each.connectionId) : [connectionId];
    return this.configuration.locations
      .filter(({ feeds }) => feeds.some(({ connection }) => selling.includes(connection)))
      .map(({ id }) => id);
  }

  channelLocationsFedBy(locationIds: Iterable<string>): ChannelLocation[] {
    const fed = new Map<string, ChannelLocation>();
    for (const id of locationIds) {
      const location = this.locations.get(id);
      const own = location !== undefined && this.isOwnPlace(id) ? [location.master] : [];
      for (const { connection, vendorLocationId } of [...(location?.feeds ?? []), ...own]) {
        const at = { connectionId: connection, channelLocationId: vendorLocationId };
        fed.set(placeKey(at), at);
      }
    }
    return [...fed.values()];
  }

  ownPlaceAt(at: ChannelLocation): OwnPlace | undefined {
    return this.ownPlaces.get(placeKey(at));
  }

  isOwnPlace(locationId: string): boolean {
    return this.storefronts.has(this.locations.get(locationId)?.master.connection ?? '');
  }

  /** A place of a platform's own is fed by itself: packs and kits are made of what lies there. */
  feedersOf(at: ChannelLocation): string[] {
    const own = this.ownPlaceAt(at);
    if (own !== undefined) return [own.locationId];
    const { connectionId, channelLocationId } = at;
    return this.configuration.locations
      .filter(({ feeds }) =>
        feeds.some(
          (feed) => feed.connection === connectionId && feed.vendorLocationId === channelLocationId,
        ),
      )
      .map(({ id }) => id);
  }

  bufferOf(locationId: string, sku: string): number {
    const { bufferUnits } = this.configuration.products;
    if (bufferUnits !== undefined && Object.hasOwn(bufferUnits, sku)) return bufferUnits[sku] ?? 0;
    return this.locations.get(locationId)?.bufferUnits ?? 0;
  }

  /** True where promised goods are put aside, so that people who count leave them out. */
  setsAside(locationId: string): boolean {
    return this.locations.get(locationId)?.promisedGoodsAreSetAside ?? false;
  }

  /** The connection that owns a location's figures. @throws Failure when it is not configured. */
  masterOf(locationId: string): string {
    const location = this.locations.get(locationId);
    if (location !== undefined) return location.master.connection;
    throw new Failure('configuration', 'never', `location '${locationId}' is not configured`);
  }

  /** Only its master says what lies at a location (R1). @throws Failure for anybody else's figure. */
  assertMaster({ locationId, connectionId }: { locationId: string; connectionId: string }): void {
    const master = this.masterOf(locationId);
    if (master === connectionId) return;
    const message = `'${connectionId}' counted '${locationId}', whose master is '${master}'`;
    throw new Failure('configuration', 'never', message);
  }

  /** Who takes a channel's goods out. @throws Failure when the connection is not configured. */
  policyOf(connectionId: string): TakeOutPolicy {
    const storefront = this.storefronts.get(connectionId);
    if (storefront === undefined) {
      const message = `orders came from '${connectionId}', which is no configured platform`;
      throw new Failure('configuration', 'never', message);
    }
    const { retailOrders, ordersFrom } = storefront;
    return { retailOrders, ordersFrom, hubWritesMasters: this.anyLiveMaster(connectionId) };
  }

  private anyLiveMaster(connectionId: string): boolean {
    const ids = [true, false].flatMap((trade) => this.locationsOf(connectionId, trade));
    const masters = new Set(ids.map((id) => this.masterOf(id)));
    const { connections } = this.configuration;
    return connections.some(({ id, mode }) => masters.has(id) && mode === 'live');
  }
}

function placeKey({ connectionId, channelLocationId }: ChannelLocation): string {
  return `${connectionId} ${channelLocationId}`;
}
