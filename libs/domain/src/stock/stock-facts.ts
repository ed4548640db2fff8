import type { BaseUnits } from '../products/product-map.js';
import type { SetResult, ShownFigure } from './channel-figure.js';
import type { MasterCause } from './commitment.js';
import type { OrderSighting } from './order-settlement.js';
import type { Poll } from './poll-watermark.js';
import type { Shelf } from './shelf.js';
import type { StockFigure } from './stock-figure.js';

/** A master's figure with what moved it since the mark before. */
export interface CountedStock extends Shelf, StockFigure {
  readonly causes: readonly MasterCause[];
}

/** What became of a batch of figures that was sent to a channel. */
export interface SetStockResults {
  readonly batchId: string;
  readonly connectionId: string;
  readonly results: readonly (Omit<SetResult, 'batchId'> &
    Pick<ShownFigure, 'channelLocationId' | 'sku'>)[];
}

/** What left a location with a posting; the highest revision of a posting wins. */
export interface PostingDispatch {
  readonly postingId: string;
  readonly orderId: string;
  readonly revision: number;
  readonly locationId: string;
  /** The master's clock, as text that sorts. */
  readonly at: string;
  readonly units: readonly BaseUnits[];
}

/**
 * What left a location with one recorded shipment of a posting; its highest revision wins, and says
 * nothing of units where the shipment was called off.
 */
export interface ShippedGoods extends PostingDispatch {
  readonly shipmentId: string;
}

/** What became of a retail adjustment that was asked for. */
export interface AdjustedStock {
  readonly adjustmentId: string;
  readonly orderId: string;
  readonly outcome: 'done' | 'refused' | 'not-sent';
}

/** Everything that inventory is told, each with the id of its message: the same id is the same fact. */
export type StockFact =
  | { readonly id: string; readonly kind: 'stock-counted'; readonly data: CountedStock }
  | { readonly id: string; readonly kind: 'order-observed'; readonly data: OrderSighting }
  | { readonly id: string; readonly kind: 'channel-observed'; readonly data: ShownFigure }
  | { readonly id: string; readonly kind: 'stock-set'; readonly data: SetStockResults }
  | { readonly id: string; readonly kind: 'orders-polled'; readonly data: Poll }
  | { readonly id: string; readonly kind: 'dispatched'; readonly data: PostingDispatch }
  | { readonly id: string; readonly kind: 'shipped'; readonly data: ShippedGoods }
  | { readonly id: string; readonly kind: 'stock-adjusted'; readonly data: AdjustedStock };

export type StockFactKind = StockFact['kind'];
export type FactOf<K extends StockFactKind> = Extract<StockFact, { readonly kind: K }>;
