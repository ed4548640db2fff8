/** Signs the bench's webhooks. Nobody but this run's own processes ever knows it. */
export const WEBHOOK_SECRET = 'only-for-the-bench';
export const SHOP = { connection: 'shop', domain: 'bench.myshopify.com' } as const;

/** Where nobody answers. */
export const NOBODY = 'http://127.0.0.1:9';

/** A hub of one shop and one till. Nothing is written to either. */
export function benchConfiguration(shopUrl = NOBODY): string {
  return `
currency: GBP
connections:
  - id: ${SHOP.connection}
    vendor: shopify
    mode: observe
    ordersFrom: 2020-01-01T00:00:00Z
    baseUrl: ${shopUrl}
    apiVersion: 2026-04
    shopDomain: ${SHOP.domain}
    accessToken: none
    webhookSecrets: [${WEBHOOK_SECRET}]
    completeDrafts: staff
    retailOrders: separate-location
    poNumberFrom: [po-number]
    pollSeconds: 3600
  - id: till
    vendor: square
    mode: observe
    ordersFrom: 2020-01-01T00:00:00Z
    baseUrl: ${shopUrl}
    apiVersion: '2025-08-20'
    accessToken: none
    webhookSignatureKey: none
locations:
  - id: store
    name: Store
    master: { connection: till, vendorLocationId: L1 }
    feeds: []
tenders:
  - { paymentMethod: on-account, name: On Account, kind: STORED_BALANCE }
`;
}
