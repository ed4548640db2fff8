import type { DraftRecord, FulfilmentRecord, OrderRecord } from './order-record.js';
import type { RefundRecord } from './order-refund.js';
import type { StockLevel } from './stock-book.js';

/** Something happened in the shop: what webhooks and the oracle's effects are made of. */
export type ShopEvent =
  | { readonly kind: 'level-changed'; readonly level: StockLevel }
  | { readonly kind: OrderEventKind; readonly order: OrderRecord; readonly lines: EventLine[] }
  | {
      readonly kind: 'order-fulfilled' | 'fulfilment-cancelled';
      readonly order: OrderRecord;
      readonly fulfilment: FulfilmentRecord;
      readonly lines: EventLine[];
    }
  | {
      readonly kind: 'order-refunded';
      readonly order: OrderRecord;
      readonly refund: RefundRecord;
      readonly lines: EventLine[];
    }
  | {
      readonly kind: 'fulfilment-renumbered';
      readonly order: OrderRecord;
      readonly fulfilment: FulfilmentRecord;
    }
  | { readonly kind: DraftEventKind; readonly draft: DraftRecord; readonly lines: EventLine[] }
  | {
      readonly kind: 'draft-completed';
      readonly draft: DraftRecord;
      readonly order: OrderRecord;
      readonly lines: EventLine[];
    };

export type OrderEventKind = 'order-placed' | 'order-edited' | 'order-cancelled';
export type DraftEventKind = 'draft-placed' | 'draft-edited' | 'draft-deleted';

/**
 * Placed, completed: what is on order now. Edited, cancelled, deleted: what this act took off, below
 * zero where units were added. Fulfilled: what was sent. Refunded: what went back on sale.
 */
export interface EventLine {
  readonly sku: string;
  readonly units: number;
}
