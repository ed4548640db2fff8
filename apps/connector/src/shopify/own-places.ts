import { ProductMap } from '@tillbridge/domain';
import type { Configuration } from '@tillbridge/runtime';
import { readFulfilmentOrders } from './fulfilment-orders.js';
import type { OrderLineNode } from './shopify.answers.js';
import type { ShopifyClient } from './shopify.client.js';
import { toGid } from './shopify.identity.js';

/**
 * The places of a shop that it counts itself (Shopify POS): what lies there is the platform's own
 * figure, and our location has it as its master.
 */
export class OwnPlaces {
  private readonly ours = new Map<string, string>();
  /** Ours of every place of the platform, also of those that it does not count itself. */
  private readonly fed = new Map<string, string>();
  private readonly products: ProductMap;

  constructor(configuration: Configuration, connectionId: string) {
    for (const { id, master, feeds } of configuration.locations) {
      for (const feed of feeds.filter(({ connection }) => connection === connectionId)) {
        const placeId = toGid('Location', feed.vendorLocationId);
        this.fed.set(placeId, this.fed.get(placeId) ?? id);
      }
      if (master.connection !== connectionId) continue;
      this.ours.set(toGid('Location', master.vendorLocationId), id);
    }
    this.products = new ProductMap(configuration.products);
  }

  get locationIds(): string[] {
    return [...this.ours.keys()];
  }

  /** Our location that a place stands for; the first in the order of allocation, where several feed it. */
  locationOf(placeId: string): string | undefined {
    return this.ours.get(placeId) ?? this.fed.get(placeId);
  }

  /** The platform's id of a location of ours. */
  placeOf(locationId: string): string | undefined {
    return [...this.ours].find(([, id]) => id === locationId)?.[0];
  }

  /**
   * Our location whose master's figure this is. Undefined where we tell the platform the figure: at all
   * other places, and of packs and kits, which the platform takes for goods of their own.
   */
  masteredBy({ locationId, sku }: { locationId: string; sku: string }): string | undefined {
    return this.products.isMade(sku) ? undefined : this.ours.get(locationId);
  }

  /**
   * The lines of an order, each with the own place that it is sold from. Which one that is, is said by
   * the fulfilment orders, also of what was sold over the counter. A line that several places send is
   * left as it is: then its goods are promised from the stores, which can only offer too little.
   */
  async mark(
    client: Pick<ShopifyClient, 'send'>,
    orderId: string,
    lines: readonly OrderLineNode[],
  ): Promise<readonly OrderLineNode[]> {
    if (this.ours.size === 0) return lines;
    const places = new Map<string, Set<string>>();
    const asked = await readFulfilmentOrders(client, orderId);
    for (const each of asked?.fulfilmentOrders ?? []) {
      const placeId = each.assignedLocation.location?.id ?? '';
      for (const { lineItem } of each.lineItems.nodes) {
        places.set(lineItem.id, (places.get(lineItem.id) ?? new Set()).add(placeId));
      }
    }
    return lines.map((line) => {
      const [placeId = '', ...others] = places.get(line.id) ?? [];
      if (others.length > 0 || !this.ours.has(placeId)) return line;
      return { ...line, channelLocationId: placeId };
    });
  }
}
