import { stringify } from 'yaml';
import { SHOP, WEBHOOK_SECRET } from '../bench-configuration.js';
import { TILL_LOCATION } from './canned-till.js';

export interface OrdersConfigurationOptions {
  readonly shopUrl: string;
  readonly tillUrl: string;
  /** Where the shop sends webhooks. */
  readonly webhookBaseUrl: string;
  /** Calls a second that the till allows. */
  readonly tillRequestsPerSecond: number;
}

/**
 * `tillbridge.yaml` of a merchant with one store and a trade shop. Stock is not published and polls
 * are far apart: what is measured is the road of orders.
 */
export function ordersConfiguration(options: OrdersConfigurationOptions): string {
  const each = (id: string) => ({
    id,
    mode: 'live',
    ordersFrom: '2020-01-01T00:00:00Z',
    pollSeconds: 3_600,
    webhookUrl: `${options.webhookBaseUrl}/webhooks/${id}`,
  });
  return stringify({
    currency: 'GBP',
    connections: [
      {
        ...each(SHOP.connection),
        vendor: 'shopify',
        baseUrl: options.shopUrl,
        apiVersion: '2026-04',
        shopDomain: SHOP.domain,
        accessToken: 'none',
        webhookSecrets: [WEBHOOK_SECRET],
        completeDrafts: 'staff',
        retailOrders: 'separate-location',
        poNumberFrom: ['po-number'],
        publishStock: false,
      },
      {
        ...each('till'),
        vendor: 'square',
        baseUrl: options.tillUrl,
        apiVersion: '2025-08-20',
        accessToken: 'none',
        webhookSignatureKey: 'none',
        requestsPerSecond: options.tillRequestsPerSecond,
      },
    ],
    locations: [
      {
        id: 'store',
        name: 'Store',
        master: { connection: 'till', vendorLocationId: TILL_LOCATION },
        feeds: [{ connection: SHOP.connection, vendorLocationId: 'gid://shopify/Location/7001' }],
      },
    ],
    tenders: [{ paymentMethod: 'on-account', name: 'On Account', kind: 'STORED_BALANCE' }],
  });
}
