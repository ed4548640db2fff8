import type { ExceptionCode } from '../exceptions/exception-codes.js';
import type { ShownFigure } from './channel-figure.js';
import type { PromiseEntry } from './order-settlement.js';
import type { RetailAdjustment } from './retail-dispatch.js';
import type { Shelf } from './shelf.js';
import type { AnnouncedAllocation } from './short-shares.js';

/**
 * One change of the ledger: either of a shelf's figure, or of what an order has promised and taken
 * from it. `messageId` is the fact that made it.
 */
export type StockLedgerEntry = { readonly messageId: string } & (
  (Shelf & { readonly onHandUnits: number; readonly countedAt: string }) | PromiseEntry
);

export interface StockException {
  readonly code: ExceptionCode;
  readonly subject: string;
}

/** A retail adjustment for a master, once per id. */
export interface AskedAdjustment extends RetailAdjustment {
  readonly adjustmentId: string;
  readonly orderId: string;
}

/** What a channel may sell from now on. */
export type Availability = Pick<
  ShownFigure,
  'connectionId' | 'channelLocationId' | 'sku' | 'availableUnits'
>;

/** What taking facts led to, in order. */
export interface StockEffects {
  readonly availability: Availability[];
  readonly allocated: AnnouncedAllocation[];
  readonly adjustments: AskedAdjustment[];
  readonly raised: StockException[];
  readonly cleared: StockException[];
  readonly ledger: StockLedgerEntry[];
}

export function noEffects(): StockEffects {
  return {
    availability: [],
    allocated: [],
    adjustments: [],
    raised: [],
    cleared: [],
    ledger: [],
  };
}

/** The last entry of each shelf's figure and of each order's promise: what the ledger adds up to. */
export function ledgerBalances(entries: Iterable<StockLedgerEntry>): Map<string, StockLedgerEntry> {
  const last = new Map<string, StockLedgerEntry>();
  for (const entry of entries) {
    const { locationId, sku } = entry;
    const owner = 'orderId' in entry ? entry.orderId : '';
    last.set(`${owner} ${locationId} ${sku}`, entry);
  }
  return last;
}
