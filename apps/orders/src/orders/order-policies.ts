import { Inject, Injectable } from '@nestjs/common';
import type { OrderPolicy } from '@tillbridge/domain';
import {
  agreementOf,
  Configuration,
  CONFIGURATION,
  derivedFrom,
  linesPerPosOrder,
  roleOf,
  type ShopifyConnection,
} from '@tillbridge/runtime';
import { v5 as uuidv5 } from 'uuid';

/** Every id that this service derives is derived in it. Never changed: repeats are known by it. */
const NAMESPACE = '0b1c7a52-5d0f-5c3e-9a64-7e1d6a2f4c10';

/** The id that a name always gives. */
export function deriveId(name: string): string {
  // Of a text it takes three times as long, and some names are whole orders.
  return uuidv5(Buffer.from(name), NAMESPACE);
}

/** What the merchant configured, connection by connection, as the order rules want it. */
@Injectable()
export class OrderPolicies {
  private readonly byConnection: () => ReadonlyMap<string, OrderPolicy>;

  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration) {
    this.byConnection = derivedFrom(configuration, ({ connections }) => {
      const storefronts = connections.flatMap((connection) =>
        roleOf(connection) === 'storefront' && 'completeDrafts' in connection ? [connection] : [],
      );
      return new Map(storefronts.map((each) => [each.id, this.policyFrom(each)]));
    });
  }

  /** A connection that is configured no longer has no locations: its orders are held by that. */
  policyOf(connectionId: string | undefined): OrderPolicy {
    return this.byConnection().get(connectionId ?? '') ?? this.withoutConnection();
  }

  /** The platform under a trade shop's connection. */
  storefrontOf(tradeConnectionId: string): string | undefined {
    const found = this.configuration.connections.find(({ id }) => id === tradeConnectionId);
    return found !== undefined && 'storefront' in found ? found.storefront : undefined;
  }

  /** The trade shop that stands on a platform's connection. */
  tradeShopOf(storefrontId: string): string | undefined {
    return this.configuration.connections.find(
      (connection) => 'storefront' in connection && connection.storefront === storefrontId,
    )?.id;
  }

  /** Where orders are posted and tills sell. */
  posConnections(): string[] {
    const { connections } = this.configuration;
    return connections.filter((each) => roleOf(each) === 'pos').map(({ id }) => id);
  }

  /** True when commands to the connection are shown and not sent, so that no result is due. */
  isObserving(connectionId: string): boolean {
    return this.configuration.connections.find(({ id }) => id === connectionId)?.mode === 'observe';
  }

  private policyFrom(connection: ShopifyConnection): OrderPolicy {
    return {
      ...this.withoutConnection(),
      ordersFrom: connection.ordersFrom,
      completeDrafts: connection.completeDrafts,
      agreed: agreementOf(this.configuration.agreed, connection.agreed),
      shortStock: connection.shortStock,
      returnedGoods: connection.returnedGoods,
      locations: this.configuration.locations
        .filter(({ feeds }) => feeds.some((feed) => feed.connection === connection.id))
        .map(({ id, posting, master }) => ({ id, posConnectionId: (posting ?? master).connection }))
        .map(({ id, posConnectionId }) => ({
          id,
          posConnectionId,
          linesPerOrder: linesPerPosOrder(this.configuration, posConnectionId),
        })),
    };
  }

  private withoutConnection(): OrderPolicy {
    const { products, agreed, currency } = this.configuration;
    return {
      ordersFrom: new Date(0).toISOString(),
      completeDrafts: 'staff',
      shortStock: 'post-backorder',
      returnedGoods: 'hub-adjusts',
      locations: [],
      currency,
      kitSkus: new Set(products.kits.map(({ sku }) => sku)),
      agreed: agreementOf(agreed),
      deriveId,
    };
  }
}
