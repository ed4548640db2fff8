import type { Dispatch } from './physical-count.js';
import { shelfKey, type Shelf } from './shelf.js';
import type { FactOf, PostingDispatch } from './stock-facts.js';

/** A shelf of which a posting tells anew what has left it for an order. */
export interface ToldShelf extends Shelf {
  readonly orderId: string;
}

/** What has left the shelves, posting by posting; the highest revision of a posting says all of it. */
export class BookDispatches {
  private readonly postings = new Map<string, PostingDispatch>();
  /** What left each shelf, by posting. */
  private readonly left = new Map<string, Map<string, Dispatch>>();

  /** What left a shelf. */
  from(key: string): Iterable<Dispatch> {
    return this.left.get(key)?.values() ?? [];
  }

  /** Returns the shelves of newer postings: also those from which nothing has left any more. */
  take(facts: readonly FactOf<'dispatched'>[]): ToldShelf[] {
    return facts.flatMap(({ data }) => this.takePosting(data));
  }

  private takePosting(posting: PostingDispatch): ToldShelf[] {
    const { postingId, revision } = posting;
    const held = this.postings.get(postingId);
    if (held !== undefined && held.revision >= revision) return [];
    this.postings.set(postingId, posting);
    const before = held === undefined ? [] : shelvesOf(held);
    for (const shelf of before) this.left.get(shelfKey(shelf))?.delete(postingId);
    for (const { sku, units } of posting.units) {
      const key = shelfKey({ locationId: posting.locationId, sku });
      const onShelf = this.left.get(key) ?? new Map<string, Dispatch>();
      this.left.set(key, onShelf.set(postingId, { ...posting, units }));
    }
    return [...before, ...shelvesOf(posting)];
  }
}

function shelvesOf({ orderId, locationId, units }: PostingDispatch): ToldShelf[] {
  return units.map(({ sku }) => ({ orderId, locationId, sku }));
}
