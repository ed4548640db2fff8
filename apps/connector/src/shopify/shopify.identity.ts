import { v5 as uuidv5 } from 'uuid';

/** Ours; changing it would give every order of every merchant a new id. */
const NAMESPACE = '6d3c2f1a-5b0e-5c8d-9a47-2f8b1e0c7d36';

/** Our id of a draft, and of the order it becomes. */
export function orderIdOfDraft(connectionId: string, draftId: string): string {
  return uuidv5(`${connectionId}:draft:${numericId(draftId)}`, NAMESPACE);
}

/** Our id of an order that was never a draft. */
export function orderIdOfOrder(connectionId: string, orderId: string): string {
  return uuidv5(`${connectionId}:order:${numericId(orderId)}`, NAMESPACE);
}

/** `gid://shopify/Order/4001` is 4001; levels carry a query after it. */
export function numericId(id: string): string {
  const tail = id.slice(id.lastIndexOf('/') + 1);
  const query = tail.indexOf('?');
  return query === -1 ? tail : tail.slice(0, query);
}

export type GidType = 'Order' | 'DraftOrder' | 'InventoryItem' | 'Location';

/** Takes a gid or the number that webhooks give. */
export function toGid(type: GidType, id: string | number): string {
  return `gid://shopify/${type}/${numericId(String(id))}`;
}

/** Key of a stock level: the platform names it by its item and its place. */
export function levelKey(itemId: string, locationId: string): string {
  return `${itemId}|${locationId}`;
}

export function partsOfLevelKey(key: string): { itemId: string; locationId: string } {
  const [itemId = '', locationId = ''] = key.split('|');
  return { itemId, locationId };
}
