import {
  compareFulfilment,
  isDispatchRight,
  type FulfilmentFindings,
} from './compare-fulfilment.js';
import { compareReceivables, type ReceivableFindings } from './compare-money.js';
import { comparePosOrders, type PosOrderFindings } from './compare-pos-orders.js';
import { compareStock, type StockMismatch } from './compare-stock.js';
import { STORES } from '../plan/day-plan.js';
import type { Evidence } from './evidence.js';
import { countOversold, type OversoldFindings } from './oversold.js';

/** What the vendors' books prove about a day. */
export interface Verdict {
  readonly posOrders: PosOrderFindings;
  readonly stock: {
    readonly skus: number;
    readonly locations: number;
    readonly mismatches: readonly StockMismatch[];
  } & OversoldFindings;
  readonly fulfilment: FulfilmentFindings;
  readonly receivables: ReceivableFindings;
  /** Whether everything is as it must be. */
  readonly ok: boolean;
}

/** Compares the vendors' books with what must be true, from evidence alone. */
export function judgeDay(evidence: Evidence): Verdict {
  const posOrders = comparePosOrders(evidence);
  const mismatches = compareStock(evidence);
  const oversold = countOversold(evidence);
  const fulfilment = compareFulfilment(evidence);
  const receivables = compareReceivables(evidence);
  const { duplicated, missingPoNumber, wrongTender, wrongUnits, wrongCents } = posOrders;
  const wrong =
    duplicated + missingPoNumber + wrongTender + wrongUnits + wrongCents + mismatches.length;
  return {
    posOrders,
    stock: {
      skus: evidence.products.length,
      locations: STORES.length,
      mismatches,
      ...oversold,
    },
    fulfilment,
    receivables,
    ok:
      isDispatchRight(fulfilment) &&
      wrong + oversold.oversoldUnits + receivables.missing + receivables.wrongAmount === 0,
  };
}
