import { toFieldText } from '@tillbridge/domain';

/** What Square can and cannot do, as far as the hub has to know it. */
export const SQUARE = {
  apiVersion: '2025-08-20',
  /** Stock leaves when an order is fully paid; we pay at posting. */
  deducts: 'at-payment',
  /** A paid order keeps its lines: what changes is voided and posted anew (order revisions). */
  edits: 'replace',
  /** Same key and same bytes: the first answer again. There is no compare-and-set on stock. */
  idempotency: 'key-in-body',
  compareAndSetStock: false,
  redactsCardNumbers: false,
  batch: {
    counts: 1_000,
    ledger: 1_000,
    searchedOrders: 500,
    searchedLocations: 10,
    readOrders: 100,
    stockChanges: 100,
    catalogueObjects: 1_000,
    customers: 100,
  },
  /** Characters of a field that we write (its API description; the refund's key as the payment's). */
  lengths: {
    orderKey: 192,
    orderReference: 40,
    ticketName: 30,
    sourceName: 255,
    lineUid: 60,
    lineName: 512,
    lineNote: 2_000,
    lineQuantity: 12,
    metadataKey: 60,
    metadataValue: 255,
    discountName: 255,
    recipientName: 255,
    addressLine: 500,
    locality: 300,
    region: 200,
    postalCode: 12,
    shippingNote: 500,
    paymentKey: 45,
    paymentReference: 40,
    paymentNote: 500,
    tenderKind: 50,
    tenderSource: 255,
    refundKey: 45,
    refundReason: 192,
    stockKey: 128,
    stockReference: 255,
  },
  /** Entries of one metadata map. */
  metadataEntries: 10,
  /** A change of stock may be dated this far back and not ahead. */
  oldestChangeMs: 86_400_000,
} as const;

/** A text as a field of Square of this length keeps it. */
export function fit(text: string, length: number): string {
  return toFieldText(text, { length, redactsCardNumbers: SQUARE.redactsCardNumbers });
}
