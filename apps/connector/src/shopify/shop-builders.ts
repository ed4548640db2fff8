import { ShopifyConnection } from '@tillbridge/runtime';

import type { ActRun, Ref, Refs } from '../vendor.js';
import type { DraftLineNode, DraftNode, OrderLineNode, OrderNode } from './shopify.answers.js';

/** For specs: things at the platform, of which a test names only what it is about. */

const ONE_PAGE = { hasNextPage: false, endCursor: null };

export function money(amount: string, currencyCode = 'GBP') {
  return { shopMoney: { amount, currencyCode } };
}

export function aConnection(given: Partial<ShopifyConnection> = {}): ShopifyConnection {
  return Object.assign(new ShopifyConnection(), {
    vendor: 'shopify',
    id: 'shop',
    mode: 'live',
    ordersFrom: '2026-01-01T00:00:00Z',
    baseUrl: 'http://127.0.0.1:1',
    apiVersion: '2026-04',
    shopDomain: 'northgate.myshopify.com',
    accessToken: 'shpat_test',
    webhookSecrets: ['shpss_test'],
    completeDrafts: 'staff',
    retailOrders: 'hub-adjusts-at-dispatch',
    ...given,
  });
}

export function anOrderLine(given: Partial<OrderLineNode> = {}): OrderLineNode {
  const quantity = given.quantity ?? 1;
  const currentQuantity = given.currentQuantity ?? quantity;
  return {
    id: 'gid://shopify/LineItem/61',
    sku: 'TEA',
    title: 'Tea',
    quantity,
    currentQuantity,
    unfulfilledQuantity: currentQuantity,
    variant: { id: 'gid://shopify/ProductVariant/71' },
    discountedTotalSet: money('10.00'),
    taxLines: [],
    ...given,
  };
}

export function anOrder(given: Partial<OrderNode> = {}): OrderNode {
  return {
    id: 'gid://shopify/Order/4001',
    name: '#1042',
    createdAt: '2026-03-04T10:15:31Z',
    processedAt: '2026-03-04T10:15:30Z',
    updatedAt: '2026-03-04T10:15:31Z',
    cancelledAt: null,
    closedAt: null,
    currencyCode: 'GBP',
    taxesIncluded: true,
    paymentTerms: null,
    sourceName: 'web',
    displayFinancialStatus: 'PENDING',
    poNumber: null,
    note: null,
    tags: [],
    customAttributes: [],
    customer: null,
    shippingAddress: null,
    currentTotalPriceSet: money('10.00'),
    currentTotalTaxSet: money('0.00'),
    shippingLines: { nodes: [] },
    lineItems: { nodes: [], pageInfo: ONE_PAGE },
    refunds: [],
    ...given,
  };
}

export function aDraftLine(given: Partial<DraftLineNode> = {}): DraftLineNode {
  return {
    id: 'gid://shopify/DraftOrderLineItem/62',
    sku: 'TEA',
    title: 'Tea',
    quantity: 1,
    custom: false,
    variant: { id: 'gid://shopify/ProductVariant/71' },
    discountedTotalSet: money('10.00'),
    ...given,
  };
}

export function aDraft(given: Partial<DraftNode> = {}): DraftNode {
  return {
    id: 'gid://shopify/DraftOrder/900',
    name: '#D7',
    status: 'OPEN',
    createdAt: '2026-03-04T09:00:00Z',
    updatedAt: '2026-03-04T09:00:00Z',
    currencyCode: 'GBP',
    taxesIncluded: true,
    paymentTerms: null,
    poNumber: null,
    note2: null,
    tags: [],
    order: null,
    customAttributes: [],
    customer: null,
    shippingAddress: null,
    totalPriceSet: money('10.00'),
    totalTaxSet: money('0.00'),
    appliedDiscount: null,
    shippingLine: null,
    lineItems: { nodes: [], pageInfo: ONE_PAGE },
    ...given,
  };
}

/** Refs that live as long as the test. */
export function someRefs(): Refs & { readonly kept: Map<string, unknown> } {
  const kept = new Map<string, unknown>();
  return {
    kept,
    get: async <T>(kind: string, keys: readonly string[]) => {
      const known = keys.filter((key) => kept.has(`${kind}|${key}`));
      return new Map(known.map((key) => [key, kept.get(`${kind}|${key}`) as T]));
    },
    put: async (refs: readonly Ref[]) => {
      for (const { kind, key, value } of refs) {
        kept.set(`${kind}|${key}`, JSON.parse(JSON.stringify(value)));
      }
    },
  };
}

/** A run that keeps its steps as the connector does; hand the same steps on to be run again. */
export function aRun(attempt = 1, steps = new Map<string, unknown>()): ActRun {
  const once = async <T>(name: string, work: () => Promise<T> | T): Promise<T> => {
    if (!steps.has(name)) steps.set(name, JSON.parse(JSON.stringify((await work()) ?? null)));
    return steps.get(name) as T;
  };
  return { attempt, step: once, fixed: once };
}
