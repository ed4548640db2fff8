import { remainingQuantity, shareOf, splitDiscount } from './order-record.js';
import type { DraftRecord, LineRecord, OrderRecord } from './order-record.js';
import type { OrderedLine, Sale } from './shop.js';
import type { ShopEvent } from './shop-event.js';
import { eventLine, lineOf, mustBeOpen } from './shop-lines.js';
import type { StockBook } from './stock-book.js';

export interface SaleEditsOptions {
  readonly stock: StockBook;
  readonly now: () => number;
  readonly happened: (event: ShopEvent) => void;
  /** Gives lines their ids and their money. */
  readonly toLines: (sale: Sale, of: 'order' | 'draft') => LineRecord[];
}

/** What staff change about drafts and orders that stand. */
export class SaleEdits {
  constructor(private readonly options: SaleEditsOptions) {}

  editDraftLine(draft: DraftRecord, lineId: string, quantity: number): void {
    mustBeOpen(draft);
    const line = lineOf(draft, lineId);
    const removed = line.quantity - quantity;
    const others = draft.lines.some((each) => each !== line && each.quantity > 0);
    if (quantity < 0 || (quantity === 0 && !others)) {
      throw new RangeError(`${draft.name}: a draft needs a line with units on it.`);
    }
    line.totalMinor = shareOf(line.totalMinor, quantity, line.quantity);
    line.quantity = line.currentQuantity = quantity;
    this.draftEdited(draft, line, removed);
  }

  /** Takes unsent units off a line and puts them back on sale, or sells more of the same. */
  editOrderLine(order: OrderRecord, lineId: string, quantity: number): void {
    mustStand(order);
    const line = lineOf(order, lineId);
    const removed = line.currentQuantity - quantity;
    if (removed === 0 || removed > remainingQuantity(line)) {
      throw new RangeError(`${order.name}: only unsent units can be taken off a line.`);
    }
    if (removed < 0) this.sellMore(order, line, -removed);
    else this.release(order, line, removed, true);
    line.currentQuantity = quantity;
    this.orderEdited(order, line, removed);
  }

  /** The discount on the whole draft is spread anew, also over the new line. */
  addDraftLine(draft: DraftRecord, added: OrderedLine): void {
    mustBeOpen(draft);
    for (const line of this.options.toLines(saleOf(draft, added), 'draft')) {
      draft.lines.push(line);
      this.draftEdited(draft, line, -line.quantity);
    }
  }

  /** The discount on the whole order stays where it is. */
  addOrderLine(order: OrderRecord, added: OrderedLine): void {
    mustStand(order);
    for (const line of this.options.toLines(saleOf(order, added), 'order')) {
      order.lines.push(line);
      this.commit(order, line, line.quantity);
      this.orderEdited(order, line, -line.quantity);
    }
  }

  /** Units go back on sale, or are gone for good. */
  release(order: OrderRecord, line: LineRecord, units: number, restock: boolean): void {
    if (line.variant === null || units === 0) return;
    const { stock } = this.options;
    const item = line.variant.inventoryItemId;
    if (restock) stock.restock(item, order.locationId, units);
    else stock.takeOut(item, order.locationId, units);
  }

  /** More of a line costs what it cost before, the discount on the order stays what it is. */
  private sellMore(order: OrderRecord, line: LineRecord, units: number): void {
    const before = line.quantity;
    line.quantity += units;
    line.totalMinor = Math.round((line.totalMinor * line.quantity) / before);
    this.commit(order, line, units);
  }

  private commit(order: OrderRecord, { variant }: LineRecord, units: number): void {
    if (variant !== null)
      this.options.stock.commit(variant.inventoryItemId, order.locationId, units);
  }

  private draftEdited(draft: DraftRecord, line: LineRecord, removed: number): void {
    const shares = splitDiscount(
      draft.discountMinor,
      draft.lines.map((each) => each.totalMinor),
    );
    draft.lines.forEach((each, i) => (each.cartDiscountMinor = shares[i] ?? 0));
    draft.updatedAtMs = this.options.now();
    this.options.happened({ kind: 'draft-edited', draft, lines: eventLine(line, removed) });
  }

  private orderEdited(order: OrderRecord, line: LineRecord, removed: number): void {
    order.edited = true;
    order.updatedAtMs = this.options.now();
    this.options.happened({ kind: 'order-edited', order, lines: eventLine(line, removed) });
  }
}

function saleOf(sale: DraftRecord | OrderRecord, added: OrderedLine): Sale {
  return { ...sale, discountMinor: 0, lines: [added] };
}

function mustStand(order: OrderRecord): void {
  if (order.cancelledAtMs !== null) throw new Error(`${order.name} is cancelled.`);
}
