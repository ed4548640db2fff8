import { stringify } from 'yaml';
import { API_VERSION, SHOP_LOCATION, STORE_LOCATIONS, type Market } from '../actors/market.js';
import { STORES } from '../plan/day-plan.js';

/** The tender map of the day: how each payment type shows in the POS. */
export const DAY_TENDERS = [
  { paymentMethod: 'on-account', name: 'On Account', kind: 'STORED_BALANCE' },
  { paymentMethod: 'invoice', name: 'Invoice', kind: 'OTHER' },
  { paymentMethod: 'card', name: 'Card', kind: 'CARD' },
] as const;

/** In vendor minutes: what a merchant sets. */
const POLL_MINUTES = 4;

/** `tillbridge.yaml` for the simulated accounts, and the secrets that it takes from the environment. */
export function dayConfiguration(
  market: Market,
  webhookBaseUrl: string,
  tillUrl: string = market.square.url,
): { readonly yaml: string; readonly environment: Record<string, string> } {
  const { accounts, plan } = market;
  const document = {
    currency: plan.currency,
    connections: connectionsOf(market, webhookBaseUrl, tillUrl),
    locations: STORES.map((store) => ({
      id: store,
      name: store,
      master: { connection: 'till', vendorLocationId: STORE_LOCATIONS[store] },
      feeds: [{ connection: 'shop', vendorLocationId: SHOP_LOCATION }],
    })),
    products: {
      packs: plan.assemblies
        .filter((a) => a.kind === 'case')
        .map((a) => ({ sku: a.sku, of: a.components[0]?.sku, units: a.components[0]?.units })),
      kits: plan.assemblies
        .filter((a) => a.kind === 'kit')
        .map((a) => ({
          sku: a.sku,
          components: a.components.map((c) => ({ sku: c.sku, quantity: c.units })),
        })),
    },
    tenders: DAY_TENDERS,
  };
  return {
    yaml: stringify(document),
    environment: {
      DAY_SPARK_CLIENT_ID: accounts.clientId,
      DAY_SPARK_CLIENT_SECRET: accounts.clientSecret,
      DAY_SHOP_TOKEN: accounts.shopToken,
      DAY_SHOP_WEBHOOK_SECRET: accounts.shopWebhookSecret,
      DAY_TILL_TOKEN: accounts.tillToken,
      DAY_TILL_SIGNATURE_KEY: accounts.tillSignatureKey,
    },
  };
}

function connectionsOf(market: Market, webhookBaseUrl: string, tillUrl: string): object[] {
  const { accounts, options } = market;
  const pollSeconds = Math.max(1, Math.round((POLL_MINUTES * 60) / options.timeScale));
  const everyConnection = { mode: 'live', ordersFrom: '2020-01-01T00:00:00Z', pollSeconds };
  return [
    {
      id: 'trade',
      vendor: 'sparklayer',
      ...everyConnection,
      baseUrl: market.spark.url,
      siteId: accounts.siteId,
      clientId: 'env:DAY_SPARK_CLIENT_ID',
      clientSecret: 'env:DAY_SPARK_CLIENT_SECRET',
      storefront: 'shop',
    },
    {
      id: 'shop',
      vendor: 'shopify',
      ...everyConnection,
      baseUrl: market.shop.url,
      webhookUrl: `${webhookBaseUrl}/webhooks/shop`,
      apiVersion: API_VERSION,
      shopDomain: accounts.shopDomain,
      accessToken: 'env:DAY_SHOP_TOKEN',
      webhookSecrets: ['env:DAY_SHOP_WEBHOOK_SECRET'],
      completeDrafts: 'staff',
      retailOrders: 'hub-adjusts-at-dispatch',
      publishStock: options.controls.publicationOff !== true,
      poNumberFrom: ['po-number', 'attribute', 'trade', 'note'],
      poNumberPattern: '(PO-[A-Za-z0-9-]+)',
    },
    {
      id: 'till',
      vendor: 'square',
      ...everyConnection,
      baseUrl: tillUrl,
      webhookUrl: `${webhookBaseUrl}/webhooks/till`,
      apiVersion: '2025-08-20',
      accessToken: 'env:DAY_TILL_TOKEN',
      webhookSignatureKey: 'env:DAY_TILL_SIGNATURE_KEY',
      requestsPerSecond: 18,
    },
  ];
}
