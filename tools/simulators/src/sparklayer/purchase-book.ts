import type { PurchaseRecord } from './purchase-record.js';

export type LookupBy = 'sparklayer' | 'platform' | 'internal' | 'visible';

/** All purchases of the site, by their cart id. */
export class PurchaseBook {
  private readonly purchases = new Map<string, PurchaseRecord>();

  all(): PurchaseRecord[] {
    return [...this.purchases.values()];
  }

  find(by: LookupBy, identifier: string): PurchaseRecord | undefined {
    if (by === 'sparklayer') return this.purchases.get(identifier);
    return this.all().find((each) => each.purchase_identifiers[by] === identifier);
  }

  put(purchase: PurchaseRecord): void {
    this.purchases.set(purchase.purchase_identifiers.sparklayer, purchase);
  }

  delete(cartId: string): void {
    this.purchases.delete(cartId);
  }
}
