import {
  Failure,
  type DeliveryAddress,
  type OrderText,
  type PostOrder,
  type PostedLine,
  type SplitPart,
} from '@tillbridge/contracts';
import type { SquareConnection } from '@tillbridge/runtime';
import { fit, SQUARE } from './square.capabilities.js';

const { lengths } = SQUARE;

/** What has to be looked up before an order can be written. */
export interface OrderFacts {
  readonly vendorLocationId: string;
  /** Variation ids by SKU. */
  readonly variations: ReadonlyMap<string, string>;
  readonly text: Omit<OrderText, 'orderId'>;
  readonly posCustomerId?: string;
}

/** The request that creates the order: open, to be shipped, with what staff must know on it. */
export function toCreateOrder(
  command: PostOrder,
  facts: OrderFacts,
  poNumberTo: SquareConnection['poNumberTo'],
) {
  const { postingId, tender, discountMinor, currency } = command;
  const discount = {
    uid: 'discount',
    name: 'Discount',
    type: 'FIXED_AMOUNT',
    amount_money: { amount: discountMinor, currency },
    scope: 'ORDER',
  };
  return {
    idempotency_key: `tb-order-${postingId}`,
    order: {
      location_id: facts.vendorLocationId,
      reference_id: postingId,
      source: { name: fit(`Wholesale (${tender.name})`, lengths.sourceName) },
      ticket_name: ticketName(command, poNumberTo),
      ...(facts.posCustomerId ? { customer_id: facts.posCustomerId } : {}),
      line_items: command.lines.map((line) => toLineItem(line, currency, facts.variations)),
      ...(discountMinor > 0 ? { discounts: [discount] } : {}),
      fulfillments: [toFulfilment(command, facts, poNumberTo)],
      metadata: {
        posting_id: postingId,
        order_id: command.orderId,
        order_name: fit(command.orderName, lengths.metadataValue),
        channel: command.storefrontConnectionId,
        ...(command.split ? { part: partOf(command.split) } : {}),
        ...(command.poNumber && poNumberTo.includes('metadata')
          ? { po_number: fit(command.poNumber, lengths.metadataValue) }
          : {}),
      },
    },
  };
}

/** The request that records the tender. Without `autocomplete: false` it completes at once. */
export function toCreatePayment(
  command: PostOrder,
  order: { readonly id: string; readonly vendorLocationId: string },
  posCustomerId: string | undefined,
) {
  const { postingId, orderName, poNumber, tender } = command;
  const note = [tender.name, orderName, poNumber === undefined ? '' : `PO ${poNumber}`];
  return {
    source_id: 'EXTERNAL',
    idempotency_key: `tb-pay-${postingId}`,
    amount_money: { amount: command.totalMinor, currency: command.currency },
    order_id: order.id,
    location_id: order.vendorLocationId,
    ...(posCustomerId ? { customer_id: posCustomerId } : {}),
    reference_id: postingId,
    note: fit(note.filter((part) => part !== '').join(', '), lengths.paymentNote),
    external_details: {
      type: tender.kind,
      source: fit(tender.name, lengths.tenderSource),
      source_id: fit(orderName, lengths.tenderSource),
    },
  };
}

function toLineItem(line: PostedLine, currency: string, variations: ReadonlyMap<string, string>) {
  const variationId = line.sku ? variations.get(line.sku) : undefined;
  return {
    uid: line.lineRef,
    // A line without stock is told by its name alone; for the others the catalogue names the goods.
    ...(variationId === undefined
      ? { name: fit(line.title, lengths.lineName) }
      : { catalog_object_id: variationId }),
    quantity: quantityOf(line),
    base_price_money: { amount: line.unitPriceMinor, currency },
    ...(line.note ? { note: fit(line.note, lengths.lineNote) } : {}),
    metadata: {
      line_ref: line.lineRef,
      ...(line.note ? { pack: fit(line.note, lengths.metadataValue) } : {}),
    },
  };
}

function toFulfilment(
  command: PostOrder,
  facts: OrderFacts,
  poNumberTo: SquareConnection['poNumberTo'],
) {
  const { recipientName, note, requestedDate, address } = facts.text;
  const showsPo = command.poNumber !== undefined && poNumberTo.includes('shipping-note');
  const words = [
    showsPo ? `PO ${command.poNumber}` : '',
    requestedDate ? `Wanted ${requestedDate}` : '',
    note ?? '',
  ].filter((part) => part !== '');
  return {
    uid: 'shipment',
    type: 'SHIPMENT',
    state: 'PROPOSED',
    shipment_details: {
      recipient: {
        display_name: fit(recipientName || 'Wholesale customer', lengths.recipientName),
        ...(address === undefined ? {} : { address: toAddress(address) }),
      },
      ...(words.length > 0 ? { shipping_note: fit(words.join('\n'), lengths.shippingNote) } : {}),
    },
  };
}

/** @throws Failure 'never' for more units than a line of Square has digits for. */
function quantityOf({ lineRef, units }: PostedLine): string {
  const quantity = String(units);
  if (quantity.length <= lengths.lineQuantity) return quantity;
  throw new Failure('vendor-refused', 'never', `${units} units of ${lineRef} are too many`);
}

/** '2/3': staff look for the other two. */
function partOf({ number, of }: SplitPart): string {
  return `${number}/${of}`;
}

/** A code that does not fit is none: half a postal code would send the goods somewhere else. */
function toAddress({ line1, line2, city, region, postalCode, countryCode }: DeliveryAddress) {
  const whole = postalCode !== undefined && postalCode.length <= lengths.postalCode;
  const country = /^[A-Z]{2}$/.test(countryCode ?? '');
  return {
    ...(line1 ? { address_line_1: fit(line1, lengths.addressLine) } : {}),
    ...(line2 ? { address_line_2: fit(line2, lengths.addressLine) } : {}),
    ...(city ? { locality: fit(city, lengths.locality) } : {}),
    ...(region ? { administrative_district_level_1: fit(region, lengths.region) } : {}),
    ...(whole ? { postal_code: postalCode } : {}),
    ...(country ? { country: countryCode } : {}),
  };
}

function ticketName(command: PostOrder, poNumberTo: SquareConnection['poNumberTo']): string {
  const showsPo = command.poNumber !== undefined && poNumberTo.includes('ticket-name');
  const part = command.split ? ` (${partOf(command.split)})` : '';
  const name = `B2B ${command.orderName}${part}${showsPo ? ` PO ${command.poNumber}` : ''}`;
  return fit(name, lengths.ticketName);
}
