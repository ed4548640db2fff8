import type { PlannedTradeOrder, StoreId } from '../plan/day-plan.js';

/** What became of a planned trade order at checkout. */
export interface PlacedOrder {
  readonly planned: PlannedTradeOrder;
  readonly cartId: string;
  /** Quantity bought of each planned line, by index: what the shop had. */
  readonly bought: ReadonlyMap<number, number>;
}

/** Goods that left a store, as the hub was told of them. */
export interface Shipment {
  readonly dispatchId: string;
  /** The planned order. */
  readonly ref: string;
  readonly posOrderId: string;
  /** The hub's own names of the POS order and the trade order. */
  readonly postingId: string;
  readonly orderId: string;
  readonly store: StoreId;
  revision: number;
  /** Base units. */
  units: ReadonlyMap<string, number>;
  trackingNumber: string | null;
  /** False when it did not leave after all, or the hub did not take it. */
  stands: boolean;
  state: 'told' | 'taken' | 'refused';
  toldAtMs: number;
}

export type TakeBackOutcome = 'off-the-order' | 'over-the-counter' | 'nothing-bought';

/** What people did, as it happened. Written by the actors only. */
export class DayLog {
  readonly placed = new Map<string, PlacedOrder>();
  /** Trade orders that the shop could not take at all. */
  readonly turnedAway: string[] = [];
  readonly takeBacks = new Map<number, TakeBackOutcome>();
  /** Changes of mind, by what came of them: too late when there was nothing to change any more. */
  readonly changes = {
    edited: 0,
    /** Of those, on orders that the hub had posted. */
    editedAfterPosting: 0,
    linesAdded: 0,
    /** Whole orders, also by taking off all that was on them. */
    calledOff: 0,
    tooLate: 0,
  };
  /** Units that a till customer wanted and the shelf did not have, by row. */
  readonly notOnShelf = new Map<number, number>();
  retailPlaced = 0;
  /** Orders that were changed after they were placed: their parcels wait until the POS agrees. */
  readonly amended = new Set<string>();
  /** By dispatch id. */
  readonly shipments = new Map<string, Shipment>();
  /** Shipments that turned out wrong: with other goods, or not gone. */
  corrected = 0;
  neverLeft = 0;
  /** Orders of which some goods are left for another day. */
  readonly putOff = new Set<string>();
  /** Codes of the shipments that the hub did not take. */
  readonly refusals: string[] = [];
}
