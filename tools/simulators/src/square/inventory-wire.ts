import type { Level, LedgerEntry } from './inventory-book.js';

/** A count as the API and the webhooks show it. */
export function toInventoryCount(level: Level): object {
  return {
    catalog_object_id: level.variationId,
    catalog_object_type: 'ITEM_VARIATION',
    state: level.state,
    location_id: level.locationId,
    quantity: String(level.units),
    calculated_at: level.calculatedAt,
  };
}

/** A ledger entry as the API shows it; absent fields are left out when it becomes JSON. */
export function toInventoryChange(entry: LedgerEntry, applicationId: string): object {
  const about = {
    id: entry.id,
    reference_id: entry.referenceId,
    catalog_object_id: entry.variationId,
    catalog_object_type: 'ITEM_VARIATION',
    location_id: entry.locationId,
    quantity: String(entry.units),
    occurred_at: entry.occurredAt,
    created_at: entry.createdAt,
    source:
      entry.product === 'EXTERNAL_API'
        ? { product: entry.product, application_id: applicationId, name: 'API client' }
        : { product: entry.product, name: 'Square Point of Sale' },
  };
  if (entry.type === 'PHYSICAL_COUNT') {
    return { type: entry.type, physical_count: { ...about, state: 'IN_STOCK' } };
  }
  return {
    type: entry.type,
    adjustment: {
      ...about,
      from_state: entry.from,
      to_state: entry.to,
      transaction_id: entry.transactionId,
      refund_id: entry.refundId,
    },
  };
}
