import type { DeliveryAddress, OrderObserved, PaymentMethod } from '@tillbridge/contracts';
import type { ShopifyConnection } from '@tillbridge/runtime';

import type { PrivateTexts } from '../vendor.js';
import type { Attribute, DraftNode, OrderNode } from './shopify.answers.js';
import { numericId } from './shopify.identity.js';

const HEADER = [
  'connectionId',
  'orderId',
  'stage',
  'vendorId',
  'name',
  'placedAt',
  'trade',
  'cartId',
  'customerId',
  'paymentMethod',
  'poNumber',
  'currency',
] as const;

/** Who and what an order is, without its goods: kept as a ref, to say it again of a deleted one. */
export type OrderHeader = Pick<OrderObserved, (typeof HEADER)[number]>;

/** Set by the trade shop at checkout; draft and order both carry it. */
const CART_ID = 'sparkCartId';
const PAYMENT_TYPE = 'sparkPaymentType';
/** The tag of trade customers and of imported trade orders. */
const TRADE_TAG = 'b2b';

const PAYMENT_METHOD: Readonly<Record<string, PaymentMethod>> = {
  upfrontPayment: 'card',
  paymentOnAccount: 'on-account',
  paymentByInvoice: 'invoice',
  quote: 'quote',
};

/** Attribute names, folded to letters and digits, under which shops keep these. */
const PO_NUMBER_NAMES = ['ponumber'];
const REQUESTED_DATE_NAMES = ['requesteddate', 'requesteddeliverydate', 'deliverydate'];

const PO_NUMBER_LENGTH = 255;

export function readHeader(
  connection: ShopifyConnection,
  node: OrderNode | DraftNode,
  known: { orderId: string; stage: 'draft' | 'order'; note: string | null },
): OrderHeader {
  const cartId = cartIdOf(node);
  const poNumber = readPoNumber(connection, node, known.note);
  return {
    connectionId: connection.id,
    orderId: known.orderId,
    stage: known.stage,
    vendorId: node.id,
    name: node.name,
    placedAt: 'processedAt' in node ? node.processedAt : node.createdAt,
    trade: isTrade(node),
    ...(cartId === undefined ? {} : { cartId }),
    ...(node.customer === null ? {} : { customerId: numericId(node.customer.id) }),
    paymentMethod: PAYMENT_METHOD[attribute(node, PAYMENT_TYPE) ?? ''] ?? 'other',
    ...(poNumber === undefined ? {} : { poNumber }),
    currency: node.currencyCode,
  };
}

/** An order of the trade shop, or one that was tagged as such when it was imported. */
export function isTrade(node: Pick<OrderNode, 'customAttributes' | 'tags'>): boolean {
  return cartIdOf(node) !== undefined || node.tags.some((tag) => tag.toLowerCase() === TRADE_TAG);
}

export function toHeader(order: OrderHeader): OrderHeader {
  const kept = HEADER.filter((name) => order[name] !== undefined);
  return Object.fromEntries(kept.map((name) => [name, order[name]])) as unknown as OrderHeader;
}

export function cartIdOf(node: { customAttributes: readonly Attribute[] }): string | undefined {
  return attribute(node, CART_ID);
}

/** The words on an order; they go into no stream. */
export function readTexts(
  orderId: string,
  node: OrderNode | DraftNode,
  note: string | null,
): PrivateTexts {
  const recipientName = node.shippingAddress?.company?.trim() || node.shippingAddress?.name?.trim();
  const requestedDate = namedAttribute(node, REQUESTED_DATE_NAMES);
  return {
    orderId,
    ...(recipientName ? { recipientName } : {}),
    ...(note?.trim() ? { note } : {}),
    ...(requestedDate === undefined ? {} : { requestedDate }),
    ...(node.shippingAddress === null ? {} : { address: addressOf(node.shippingAddress) }),
  };
}

function addressOf(given: NonNullable<OrderNode['shippingAddress']>): DeliveryAddress {
  const { address1, address2, city, province, provinceCode, zip, countryCodeV2 } = given;
  const parts = {
    line1: address1,
    line2: address2,
    city,
    region: provinceCode ?? province,
    postalCode: zip,
    countryCode: countryCodeV2,
  };
  return Object.fromEntries(
    Object.entries(parts).flatMap(([part, text]) => (text?.trim() ? [[part, text.trim()]] : [])),
  );
}

/** The first hit of the configured places. `trade` is not ours to read: the trade shop tells it. */
function readPoNumber(
  connection: ShopifyConnection,
  node: OrderNode | DraftNode,
  note: string | null,
): string | undefined {
  for (const place of connection.poNumberFrom) {
    const found = poNumberAt(place, connection, node, note)?.trim().slice(0, PO_NUMBER_LENGTH);
    if (found) return found;
  }
  return undefined;
}

function poNumberAt(
  place: ShopifyConnection['poNumberFrom'][number],
  connection: ShopifyConnection,
  node: OrderNode | DraftNode,
  note: string | null,
): string | undefined {
  switch (place) {
    case 'po-number':
      return node.poNumber ?? undefined;
    case 'attribute':
      return namedAttribute(node, PO_NUMBER_NAMES);
    case 'note':
      return poNumberInNote(note, connection.poNumberPattern);
    case 'trade':
      return undefined;
  }
}

/** A note holds other words too: without a pattern nothing in it can be told to be the number. */
function poNumberInNote(note: string | null, pattern: string | undefined): string | undefined {
  if (note === null || pattern === undefined) return undefined;
  return new RegExp(pattern).exec(note)?.[1];
}

function attribute(
  node: { customAttributes: readonly Attribute[] },
  key: string,
): string | undefined {
  return node.customAttributes.find((entry) => entry.key === key)?.value?.trim() || undefined;
}

function namedAttribute(
  node: { customAttributes: readonly Attribute[] },
  names: readonly string[],
): string | undefined {
  const entry = node.customAttributes.find(({ key }) => names.includes(fold(key)));
  return entry?.value?.trim() || undefined;
}

function fold(key: string): string {
  return key.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
