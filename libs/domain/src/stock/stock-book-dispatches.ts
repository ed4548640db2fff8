import type { Dispatch } from './physical-count.js';
import { shelfKey, type Shelf } from './shelf.js';
import type { FactOf, PostingDispatch, ShippedGoods } from './stock-facts.js';

/** A shelf of which a posting, or a shipment of it, tells anew what has left it for an order. */
export interface ToldShelf extends Shelf {
  readonly orderId: string;
}

/**
 * What has left the shelves, as the POS tells it posting by posting and as shipments were recorded. The
 * highest revision of each says all of it.
 */
export class BookDispatches {
  private readonly told = new Map<string, PostingDispatch>();
  /** What left each shelf, by posting and shipment. */
  private readonly left = new Map<string, Map<string, Dispatch>>();

  /** What left a shelf. */
  from(key: string): Iterable<Dispatch> {
    return this.left.get(key)?.values() ?? [];
  }

  /** Returns the shelves of what is newer: also those from which nothing has left any more. */
  take(facts: readonly FactOf<'dispatched' | 'shipped'>[]): ToldShelf[] {
    return facts.flatMap(({ data }) => this.takeOne(data));
  }

  private takeOne(data: PostingDispatch | ShippedGoods): ToldShelf[] {
    const { postingId, revision } = data;
    const teller = 'shipmentId' in data ? `${postingId} ${data.shipmentId}` : postingId;
    const held = this.told.get(teller);
    if (held !== undefined && held.revision >= revision) return [];
    this.told.set(teller, data);
    const before = held === undefined ? [] : shelvesOf(held);
    for (const shelf of before) this.left.get(shelfKey(shelf))?.delete(teller);
    for (const { sku, units } of data.units) {
      const key = shelfKey({ locationId: data.locationId, sku });
      const onShelf = this.left.get(key) ?? new Map<string, Dispatch>();
      this.left.set(key, onShelf.set(teller, { ...data, units }));
    }
    return [...before, ...shelvesOf(data)];
  }
}

function shelvesOf({ orderId, locationId, units }: PostingDispatch): ToldShelf[] {
  return units.map(({ sku }) => ({ orderId, locationId, sku }));
}
