/** One SKU at one of our locations. */
export interface Shelf {
  readonly locationId: string;
  readonly sku: string;
}

/** Location ids hold no blank, so that the key is unambiguous whatever the SKU. */
export function shelfKey({ locationId, sku }: Shelf): string {
  return `${locationId} ${sku}`;
}
