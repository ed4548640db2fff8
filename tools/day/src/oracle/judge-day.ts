import {
  compareFulfilment,
  isDispatchRight,
  type FulfilmentFindings,
} from './compare-fulfilment.js';
import { compareReceivables, type ReceivableFindings } from './compare-money.js';
import { comparePosOrders, type PosOrderFindings } from './compare-pos-orders.js';
import { compareStock, type StockMismatch } from './compare-stock.js';
import { STORES } from '../plan/day-plan.js';
import type { Evidence, TradeEvidence } from './evidence.js';
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
  /** Orders that were cancelled while their goods left: people agree a return with the buyer. */
  readonly leftToPeople: readonly string[];
  /** Whether everything is as it must be. */
  readonly ok: boolean;
}

/** Compares the vendors' books with what must be true, from evidence alone. */
export function judgeDay(evidence: Evidence): Verdict {
  const { settled, sent, leftToPeople } = leaveToPeople(evidence);
  const posOrders = comparePosOrders(settled);
  const mismatches = compareStock(sent);
  const oversold = countOversold(evidence);
  const fulfilment = compareFulfilment(settled);
  const receivables = compareReceivables(settled);
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
    leftToPeople,
    ok:
      isDispatchRight(fulfilment) &&
      wrong + oversold.oversoldUnits + receivables.missing + receivables.wrongAmount === 0,
  };
}

interface LeftToPeople {
  /** Without those orders. */
  readonly settled: Evidence;
  /** With them, as having taken what the stores sent. */
  readonly sent: Evidence;
  readonly leftToPeople: readonly string[];
}

/**
 * What is right for an order that the platform cancelled while the store sent it is between people,
 * provided that the hub told them. Its goods are gone from the shelf.
 */
function leaveToPeople(evidence: Evidence): LeftToPeople {
  const { posOrders, trade, receivables } = evidence;
  const sentOf = ({ poNumber }: TradeEvidence) =>
    posOrders.filter((o) => o.dispatched && !o.cancelled && o.poNumber === poNumber);
  const open = trade.filter(
    (order) => !order.live && order.leftToPeople && sentOf(order).length > 0,
  );
  const names = open.map(({ shopOrderName, ref }) => shopOrderName ?? ref);
  const asSent = (order: TradeEvidence): TradeEvidence => ({
    ...order,
    lines: sentOf(order).flatMap(({ units, reversedUnits }) =>
      [...units].map(([sku, count]) => ({
        sku,
        currentQuantity: count - (reversedUnits.get(sku) ?? 0),
        fulfilledQuantity: 0,
      })),
    ),
  });
  return {
    settled: {
      ...evidence,
      trade: trade.filter((order) => !open.includes(order)),
      receivables: receivables.filter(({ orderName }) => !names.includes(orderName)),
    },
    sent: { ...evidence, trade: trade.map((each) => (open.includes(each) ? asSent(each) : each)) },
    leftToPeople: names,
  };
}
