import type { AnyConnection, Configuration } from './configuration.js';

/** How a vendor takes stock figures. */
export interface StockDeclaration {
  /** True where a figure is set only if the vendor still shows what we believe. */
  readonly compares: boolean;
  /** Figures of one call. */
  readonly batchItems: number;
  /** Few, so that under load newer figures overwrite waiting ones instead of queueing up (R3). */
  readonly batchesInFlight: number;
}

/**
 * A call that compares takes fewer figures than the vendor allows (250): one that had moved makes all
 * of its call go again. SparkLayer names no most; it is asked for two calls at once.
 */
const DECLARED: Readonly<Record<AnyConnection['vendor'], StockDeclaration | null>> = {
  shopify: { compares: true, batchItems: 100, batchesInFlight: 6 },
  sparklayer: { compares: false, batchItems: 500, batchesInFlight: 2 },
  square: null,
};

/** A connection that shows stock, with the platform whose orders take from its figures. */
export interface StockShowingConnection extends StockDeclaration {
  readonly connectionId: string;
  readonly ordersConnectionId: string;
  /** False when it is not to be told: then it only shows. */
  readonly published: boolean;
}

/** All platforms, and trade layers that have stock of their own because a location feeds it. */
export function stockShowing(configuration: Configuration): StockShowingConnection[] {
  const feeds = configuration.locations.flatMap((location) => location.feeds);
  const fed = new Set(feeds.map(({ connection }) => connection));
  return configuration.connections.flatMap((each) => {
    const declared = DECLARED[each.vendor];
    if (declared === null) return [];
    const { id: connectionId } = each;
    if (each.vendor !== 'sparklayer') {
      const published = 'publishStock' in each && each.publishStock;
      return [{ ...declared, connectionId, ordersConnectionId: connectionId, published }];
    }
    const { storefront: ordersConnectionId } = each;
    return fed.has(connectionId)
      ? [{ ...declared, connectionId, ordersConnectionId, published: true }]
      : [];
  });
}
