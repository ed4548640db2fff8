import { openStockLines, remainingOf } from './line-shares.js';
import type { ObservedOrderState, OrderFacts } from './order-facts.js';
import type { OrderException, OrderPolicy } from './order-record.js';

/**
 * What keeps an order from being accepted, each with its cause. An order that is held for its
 * tender is named by payments, which decides it. Every hold goes by itself with its cause.
 */
export function holdsOf(
  order: ObservedOrderState,
  facts: OrderFacts,
  policy: OrderPolicy,
): OrderException[] {
  return [
    ...figureHolds(order, policy),
    ...stockHolds(order, facts, policy),
    ...(facts.blockedBy === null
      ? []
      : [
          {
            code: 'cart-id-twice' as const,
            system: order.connectionId,
            cause: `${order.name} carries the cart id of order ${facts.blockedBy}, which stands.`,
          },
        ]),
  ];
}

/**
 * What makes the figures of an order no figures to act on. Nothing is paid back for them either, and
 * somebody is told even where all goods have left.
 */
export function figureHolds(order: ObservedOrderState, policy: OrderPolicy): OrderException[] {
  return [...currencyHolds(order, policy), ...moneyHolds(order)];
}

/** Money is never exchanged here: a tender in another currency would be a wrong amount. */
function currencyHolds(order: ObservedOrderState, policy: OrderPolicy): OrderException[] {
  if (order.currency === policy.currency) return [];
  const cause = `${order.name} is in ${order.currency}; the POS accounts count in ${policy.currency}.`;
  return [{ code: 'currency-mismatch', system: order.connectionId, cause }];
}

function moneyHolds(order: ObservedOrderState): OrderException[] {
  const system = order.connectionId;
  const negative = [
    ...order.lines
      .filter((line) => line.totalMinor < 0)
      .map((line) => `line ${line.lineId} is ${line.totalMinor}`),
    ...order.charges
      .filter((charge) => charge.kind !== 'discount' && charge.amountMinor < 0)
      .map((charge) => `${charge.kind} is ${charge.amountMinor}`),
    ...(order.totalMinor < 0 ? [`the order total is ${order.totalMinor}`] : []),
  ];
  if (negative.length > 0) {
    const cause = `${order.name} has money below zero: ${negative.join(', ')} (minor units).`;
    return [{ code: 'price-negative', system, cause }];
  }
  const lines = order.lines.reduce((sum, line) => sum + line.totalMinor, 0);
  const charges = order.charges.reduce((sum, charge) => sum + charge.amountMinor, 0);
  const empty = order.lines.find((line) => remainingOf(line) === 0 && line.totalMinor !== 0);
  if (lines + charges === order.totalMinor && empty === undefined) return [];
  const sum = `lines ${lines} and charges ${charges} make ${lines + charges}`;
  const cause =
    empty === undefined
      ? `${order.name}: ${sum}, the platform says ${order.totalMinor} (minor units).`
      : `${order.name}: line ${empty.lineId} has no units left and still costs ${empty.totalMinor}.`;
  return [{ code: 'total-mismatch', system, cause }];
}

function stockHolds(
  order: ObservedOrderState,
  facts: OrderFacts,
  policy: OrderPolicy,
): OrderException[] {
  const open = new Map(openStockLines(order).map((line) => [line.lineId, line]));
  const refused = (facts.allocation?.unallocated ?? []).filter(({ lineId }) => open.has(lineId));
  const unknown = refused.filter(({ reason }) => reason === 'unknown-sku');
  const holds: OrderException[] = [];
  if (unknown.length > 0) {
    const skus = unknown.map(({ lineId }) => open.get(lineId)?.sku).join(', ');
    const cause = `${order.name} orders ${skus}, which no location stocks.`;
    holds.push({ code: 'sku-unknown', system: order.connectionId, cause });
  }
  const known = new Set(policy.locations.map((location) => location.id));
  const strange = (facts.allocation?.allocations ?? [])
    .filter(({ lineId, locationId }) => open.has(lineId) && !known.has(locationId))
    .map(({ locationId }) => locationId);
  if (refused.length > unknown.length || known.size === 0 || strange.length > 0) {
    const place = strange[0] === undefined ? 'no location' : `'${strange[0]}' no longer`;
    const cause = `${order.name} cannot be placed: ${place} feeds ${order.connectionId}.`;
    holds.push({ code: 'location-unmapped', system: 'tillbridge', cause });
  }
  return holds;
}
