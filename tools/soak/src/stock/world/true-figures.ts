import type { ShopDocument, ShopOrder } from './shop-order.js';
import type { SoakMerchant } from './soak-merchant.js';
import type { Part } from './soak-products.js';
import type { World } from './world.js';

/**
 * Base units that an order really wants by now, by SKU; computed without any rule of the hub. What its
 * packs and kits are made of is what they are made of today, unless said otherwise.
 */
export function trulyOwed(
  merchant: SoakMerchant,
  order: ShopOrder,
  partsOf: (sku: string) => readonly Part[] = (sku) => merchant.partsOf(sku),
): Map<string, number> {
  const owed = new Map<string, number>();
  const document = order.order ?? order.draft;
  if (document === undefined || !wantsGoods(merchant, order, document)) return owed;
  const retail = merchant.retailOrdersOf(order.connectionId);
  const leavesByOthers =
    !order.trade && retail === 'other-connector' && order.ownPlaceId === undefined;
  for (const line of document.lines) {
    const kept = line.orderedQuantity - line.cancelledQuantity;
    const quantity = leavesByOthers ? kept - line.fulfilledQuantity : kept;
    if (quantity <= 0) continue;
    if (order.ownPlaceId !== undefined && merchant.isCountedThere(order.ownPlaceId, line.sku)) {
      continue;
    }
    for (const [sku, units] of partsOf(line.sku)) {
      owed.set(sku, (owed.get(sku) ?? 0) + units * quantity);
    }
  }
  return owed;
}

/** Base units that no store has and somebody wants, over all stores. */
export function missingUnits(world: World, sku: string): number {
  let free = 0;
  for (const shelf of world.masters.shelves) if (shelf.sku === sku) free += shelf.units;
  for (const order of world.orders) {
    const owed = trulyOwed(world.merchant, order).get(sku) ?? 0;
    let taken = 0;
    for (const shelf of world.masters.shelves) {
      if (shelf.sku === sku) taken += shelf.takenFor(order.orderId).units;
    }
    free -= Math.max(0, owed - taken);
  }
  return Math.max(0, -free);
}

function wantsGoods(merchant: SoakMerchant, order: ShopOrder, document: ShopDocument): boolean {
  if (document.status === 'cancelled' || document.status === 'deleted') return false;
  if (order.ownPlaceId !== undefined) return true;
  return order.trade || merchant.retailOrdersOf(order.connectionId) !== 'separate-location';
}
