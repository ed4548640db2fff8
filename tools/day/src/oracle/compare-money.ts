import type { Evidence } from './evidence.js';

export interface ReceivableFindings {
  readonly open: number;
  readonly missing: number;
  readonly wrongAmount: number;
}

/** One open receivable for each pay-later order, for what the buyer still owes (R8). */
export function compareReceivables(evidence: Evidence): ReceivableFindings {
  const open = evidence.receivables.filter((r) => r.state === 'open');
  const byName = new Map<string, number[]>();
  for (const { orderName, amountMinor } of open) {
    byName.set(orderName, [...(byName.get(orderName) ?? []), amountMinor]);
  }
  let missing = 0;
  let wrongAmount = 0;
  for (const order of evidence.trade) {
    const amounts = byName.get(order.shopOrderName ?? '') ?? [];
    byName.delete(order.shopOrderName ?? '');
    const due = order.paymentType !== 'upfrontPayment' && order.live && order.totalMinor > 0;
    if (due && amounts.length === 0) missing += 1;
    const expected = due ? [order.totalMinor] : [];
    if (amounts.length > 0 && String(amounts) !== String(expected)) wrongAmount += 1;
  }
  return { open: open.length, missing, wrongAmount: wrongAmount + byName.size };
}
