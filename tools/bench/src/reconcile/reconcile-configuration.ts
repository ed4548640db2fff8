import { stringify } from 'yaml';
import { NOBODY, SHOP, WEBHOOK_SECRET } from '../bench-configuration.js';
import { ONLINE, PACK, STORES, TILL } from './planted-differences.js';

/** How soon what differs is read again: after two polls. */
const POLL_SECONDS = 2;

interface TillOf {
  readonly stores: readonly string[];
  readonly url: string;
  /** Calls a second that the hub believes the till allows. */
  readonly requestsPerSecond: number;
}

const ASKED_NOTHING: TillOf = { stores: STORES, url: NOBODY, requestsPerSecond: 10 };

/** `tillbridge.yaml` of a merchant whose shop is fed by all stores. The shop is not asked for anything. */
export function reconcileConfiguration(
  packedSkus: readonly string[],
  till: TillOf = ASKED_NOTHING,
): string {
  const each = (id: string) => ({
    id,
    mode: 'live',
    ordersFrom: '2020-01-01T00:00:00Z',
    baseUrl: NOBODY,
    webhookUrl: `${NOBODY}/webhooks/${id}`,
    pollSeconds: POLL_SECONDS,
  });
  return stringify({
    currency: 'GBP',
    connections: [
      {
        ...each(SHOP.connection),
        vendor: 'shopify',
        apiVersion: '2026-04',
        shopDomain: SHOP.domain,
        accessToken: 'none',
        webhookSecrets: [WEBHOOK_SECRET],
        completeDrafts: 'staff',
        retailOrders: 'hub-adjusts-at-dispatch',
        poNumberFrom: ['po-number'],
        publishStock: true,
      },
      {
        ...each(TILL),
        vendor: 'square',
        baseUrl: till.url,
        apiVersion: '2025-08-20',
        accessToken: 'none',
        webhookSignatureKey: 'none',
        requestsPerSecond: till.requestsPerSecond,
      },
    ],
    locations: till.stores.map((id) => ({
      id,
      name: id,
      master: { connection: TILL, vendorLocationId: id },
      feeds: [{ connection: SHOP.connection, vendorLocationId: ONLINE }],
    })),
    products: { packs: packedSkus.map((of) => ({ sku: `CASE-OF-${of}`, of, units: PACK })) },
    reconciliation: { everyMinutes: 1440 },
    tenders: [{ paymentMethod: 'on-account', name: 'On Account', kind: 'STORED_BALANCE' }],
  });
}
