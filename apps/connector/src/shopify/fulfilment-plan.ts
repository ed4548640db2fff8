import { Failure, type DispatchedLine } from '@tillbridge/contracts';

import type { FulfilmentOrderNode } from './shopify.answers.js';
import { SHOPIFY } from './shopify.capabilities.js';

/** One call: the platform takes fulfilment orders of one place together. */
export interface PlannedFulfilment {
  readonly lineItemsByFulfillmentOrder: readonly {
    readonly fulfillmentOrderId: string;
    readonly fulfillmentOrderLineItems: readonly {
      readonly id: string;
      readonly quantity: number;
    }[];
  }[];
  /** The same by the order's lines, to know it again. */
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
}

export type FulfilmentPlan = readonly PlannedFulfilment[];

const FULFILLABLE = ['OPEN', 'IN_PROGRESS'];
/** Somebody has to release these first. */
const HELD = ['ON_HOLD', 'SCHEDULED'];

interface Share {
  readonly place: string;
  readonly fulfillmentOrderId: string;
  readonly id: string;
  readonly lineId: string;
  readonly quantity: number;
}

/**
 * Spreads dispatched units over what the platform still expects to be sent, at most what remains:
 * units that staff have reported already are not reported again. Nothing left gives an empty plan.
 * @throws Failure `vendor-conflict` when all that is left is on hold.
 */
export function planFulfilment(
  fulfilmentOrders: readonly FulfilmentOrderNode[],
  lines: readonly DispatchedLine[],
): FulfilmentPlan {
  const shares = sharesOf(fulfilmentOrders, lines, FULFILLABLE);
  if (shares.length === 0 && sharesOf(fulfilmentOrders, lines, HELD).length > 0) {
    throw new Failure('vendor-conflict', 'never', 'the goods are on hold on the platform');
  }
  const places = [...new Set(shares.map(({ place }) => place))];
  return places
    .flatMap((place) => partsOf(shares.filter((share) => share.place === place)))
    .map(toPlanned);
}

function sharesOf(
  fulfilmentOrders: readonly FulfilmentOrderNode[],
  lines: readonly DispatchedLine[],
  statuses: readonly string[],
): Share[] {
  const open = fulfilmentOrders
    .filter(({ status }) => statuses.includes(status))
    .flatMap((order) => order.lineItems.nodes.map((line) => ({ order, line })));
  const shares: Share[] = [];
  const taken = new Map<string, number>();
  for (const { lineId, quantity } of lines) {
    let wanted = quantity;
    for (const { order, line } of open) {
      const left = line.remainingQuantity - (taken.get(line.id) ?? 0);
      const units = Math.min(wanted, left);
      if (line.lineItem.id !== lineId || units <= 0) continue;
      wanted -= units;
      taken.set(line.id, (taken.get(line.id) ?? 0) + units);
      const place = order.assignedLocation.location?.id ?? '';
      shares.push({ place, fulfillmentOrderId: order.id, id: line.id, lineId, quantity: units });
    }
  }
  return shares;
}

/** No more lines in one call than the platform takes. */
function partsOf(shares: readonly Share[]): Share[][] {
  const parts: Share[][] = [];
  for (let at = 0; at < shares.length; at += SHOPIFY.fulfilmentLines) {
    parts.push(shares.slice(at, at + SHOPIFY.fulfilmentLines));
  }
  return parts;
}

function toPlanned(shares: readonly Share[]): PlannedFulfilment {
  const orders = [...new Set(shares.map(({ fulfillmentOrderId }) => fulfillmentOrderId))];
  return {
    lineItemsByFulfillmentOrder: orders.map((fulfillmentOrderId) => ({
      fulfillmentOrderId,
      fulfillmentOrderLineItems: shares
        .filter((share) => share.fulfillmentOrderId === fulfillmentOrderId)
        .map(({ id, quantity }) => ({ id, quantity })),
    })),
    lines: shares.map(({ lineId, quantity }) => ({ lineId, quantity })),
  };
}
