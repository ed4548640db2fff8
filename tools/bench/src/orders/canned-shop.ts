import { CannedVendor, type CannedAnswer } from './canned-vendor.js';
import { madeOrder } from './made-orders.js';

/** The first order's number at the platform. */
const FIRST_ID = 5_000_000_000;
const CURRENCY = 'GBP';
/** The same in each answer: an order does not change by being read. */
const OPENED_AT = new Date().toISOString();
/** More points than anybody spends: the platform's limit is not what is measured. */
const BUCKET = { maximumAvailable: 1e9, currentlyAvailable: 1e9, restoreRate: 1e9 };

const NO_PAGE = { pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] };

/** A platform that holds every order that can be made, and answers the documents that we send. */
export class CannedShop {
  readonly vendor = new CannedVendor((_method, _path, body) => answer(body as Question));
}

/** The order's number in the platform's webhooks. */
export function platformIdOf(number: number): number {
  return FIRST_ID + number;
}

interface Question {
  readonly operationName?: string;
  readonly variables?: { readonly ids?: readonly string[] };
}

function answer({ operationName = '', variables = {} }: Question): CannedAnswer {
  const data = dataOf(operationName, variables.ids ?? []);
  if (data === undefined) return { status: 404, body: {} };
  const cost = { requestedQueryCost: 1, actualQueryCost: 1, throttleStatus: BUCKET };
  return { status: 200, body: { data, extensions: { cost } } };
}

function dataOf(operation: string, ids: readonly string[]): object | undefined {
  switch (operation) {
    case 'Orders':
      return { nodes: ids.map(orderNode) };
    case 'ChangedOrders':
    case 'ChangedDrafts':
      return { changed: NO_PAGE };
    case 'Variants':
      return { productVariants: NO_PAGE };
    case 'LocationLevels':
      return { location: null };
    case 'RunBulk':
      // It writes no files: its levels are read by pages.
      return {
        bulkOperationRunQuery: {
          bulkOperation: null,
          userErrors: [{ code: null, message: 'no bulk operations here' }],
        },
      };
    case 'Subscriptions':
      return { webhookSubscriptions: NO_PAGE };
    case 'Subscribe':
      return {
        webhookSubscriptionCreate: { webhookSubscription: { id: 'gid://hook/1' }, userErrors: [] },
      };
    default:
      return undefined;
  }
}

function orderNode(id: string): object {
  const number = Number(id.slice(id.lastIndexOf('/') + 1)) - FIRST_ID;
  const order = madeOrder(number);
  return {
    id,
    name: order.name,
    createdAt: OPENED_AT,
    processedAt: OPENED_AT,
    updatedAt: OPENED_AT,
    cancelledAt: null,
    closedAt: null,
    currencyCode: CURRENCY,
    taxesIncluded: true,
    paymentTerms: null,
    sourceName: 'sparklayer',
    displayFinancialStatus: 'PENDING',
    poNumber: order.poNumber,
    note: 'Please ring the bell at the back door.',
    tags: ['b2b'],
    customAttributes: [
      { key: 'sparkCartId', value: order.cartId },
      { key: 'sparkPaymentType', value: 'paymentOnAccount' },
    ],
    customer: { id: `gid://shopify/Customer/${order.customer}` },
    shippingAddress: { company: 'Harbour Stores', name: 'The buyer' },
    currentTotalPriceSet: moneyBag(order.totalMinor),
    currentTotalTaxSet: moneyBag(0),
    shippingLines: { nodes: [] },
    refunds: [],
    lineItems: {
      pageInfo: NO_PAGE.pageInfo,
      nodes: order.lines.map(({ sku, units, unitMinor }, line) => ({
        id: `gid://shopify/LineItem/${number * 100 + line}`,
        sku,
        title: `A thing called ${sku}`,
        quantity: units,
        currentQuantity: units,
        unfulfilledQuantity: units,
        variant: { id: `gid://shopify/ProductVariant/${line}` },
        discountedTotalSet: moneyBag(units * unitMinor),
        taxLines: [],
      })),
    },
  };
}

function moneyBag(minor: number) {
  return { shopMoney: { amount: (minor / 100).toFixed(2), currencyCode: CURRENCY } };
}
