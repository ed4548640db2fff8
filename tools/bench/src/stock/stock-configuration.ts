import { stringify } from 'yaml';
import { SHOP, WEBHOOK_SECRET } from '../bench-configuration.js';

/** Two stores that feed one location of the shop, each with every SKU. */
export const STORES = [
  { id: 'north', vendorLocationId: 'LNORTH' },
  { id: 'south', vendorLocationId: 'LSOUTH' },
] as const;
export type Store = (typeof STORES)[number]['id'];
export const ONLINE = 'gid://shopify/Location/7001';
export const TILL = 'till';
export const SHOP_API_VERSION = '2026-04';
/** Worth nothing but on this run's own simulators. */
export const SECRETS = { shopToken: 'shop-token', tillToken: 'till-token', tillKey: 'till-key' };

export interface StockConfigurationOptions {
  readonly shopUrl: string;
  readonly tillUrl: string;
  /** Where the vendors send webhooks; nothing is written to them without it. */
  readonly webhookBaseUrl?: string;
  /** Calls a second that the till allows. */
  readonly tillRequestsPerSecond: number;
}

/** `tillbridge.yaml` of a merchant with two stores and a shop. */
export function stockConfiguration(options: StockConfigurationOptions): string {
  const live = options.webhookBaseUrl !== undefined;
  const each = (id: string) => ({
    id,
    mode: live ? 'live' : 'observe',
    ordersFrom: '2020-01-01T00:00:00Z',
    pollSeconds: 60,
    ...(live && { webhookUrl: `${options.webhookBaseUrl}/webhooks/${id}` }),
  });
  return stringify({
    currency: 'GBP',
    connections: [
      {
        ...each(SHOP.connection),
        vendor: 'shopify',
        baseUrl: options.shopUrl,
        apiVersion: SHOP_API_VERSION,
        shopDomain: SHOP.domain,
        accessToken: SECRETS.shopToken,
        webhookSecrets: [WEBHOOK_SECRET],
        completeDrafts: 'staff',
        retailOrders: 'hub-adjusts-at-dispatch',
        poNumberFrom: ['po-number'],
        publishStock: live,
      },
      {
        ...each(TILL),
        vendor: 'square',
        baseUrl: options.tillUrl,
        apiVersion: '2025-08-20',
        accessToken: SECRETS.tillToken,
        webhookSignatureKey: SECRETS.tillKey,
        requestsPerSecond: options.tillRequestsPerSecond,
      },
    ],
    locations: STORES.map(({ id, vendorLocationId }) => ({
      id,
      name: id,
      master: { connection: TILL, vendorLocationId },
      feeds: [{ connection: SHOP.connection, vendorLocationId: ONLINE }],
    })),
    tenders: [{ paymentMethod: 'on-account', name: 'On Account', kind: 'STORED_BALANCE' }],
  });
}
