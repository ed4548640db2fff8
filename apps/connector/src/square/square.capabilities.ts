/** What Square can and cannot do, as far as the hub has to know it. */
export const SQUARE = {
  apiVersion: '2025-08-20',
  /** Stock leaves when an order is fully paid; we pay at posting. */
  deducts: 'at-payment',
  /** Same key and same bytes: the first answer again. There is no compare-and-set on stock. */
  idempotency: 'key-in-body',
  compareAndSetStock: false,
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
  lengths: {
    referenceId: 40,
    ticketName: 30,
    lineUid: 60,
    lineName: 512,
    lineNote: 2_000,
    metadataValue: 255,
    shippingNote: 500,
    displayName: 255,
    tenderSource: 255,
    paymentNote: 500,
  },
  /** A change of stock may be dated this far back and not ahead. */
  oldestChangeMs: 86_400_000,
} as const;

/** Cuts to Square's limit without splitting a character in two. */
export function fit(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1);
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
