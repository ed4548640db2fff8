import { decideOrder, type OrderDecision } from './decide-order.js';
import type { OrderCommand } from './order-commands.js';
import type {
  LineAllocation,
  ObservedOrderState,
  OrderAllocation,
  OrderFact,
  OrderLine,
} from './order-facts.js';
import { emptyOrder, type OrderPolicy } from './order-record.js';

/** Builders for the specs of orders: each names only what the test is about. */

export const ORDER_ID = '00000000-0000-4000-8000-000000000001';

export function aLine(line: Partial<OrderLine> = {}): OrderLine {
  return {
    lineId: 'line-1',
    sku: 'MUG',
    title: 'Mug',
    orderedQuantity: 3,
    cancelledQuantity: 0,
    fulfilledQuantity: 0,
    totalMinor: 3000,
    ...line,
  };
}

/** An order whose total is the sum of its lines and charges, unless the test says otherwise. */
export function anOrder(order: Partial<ObservedOrderState> = {}): ObservedOrderState {
  const lines = order.lines ?? [aLine()];
  const charges = order.charges ?? [];
  const totalMinor =
    lines.reduce((sum, line) => sum + line.totalMinor, 0) +
    charges.reduce((sum, charge) => sum + charge.amountMinor, 0);
  return {
    connectionId: 'shop',
    stage: 'order',
    vendorId: 'vendor-order-1',
    revision: 1,
    status: 'open',
    name: '#1001',
    placedAt: '2026-03-02T09:00:00.000Z',
    trade: true,
    customerId: 'customer-1',
    paymentMethod: 'on-account',
    poNumber: 'PO-7',
    currency: 'GBP',
    totalMinor,
    lines,
    charges,
    ...order,
  };
}

export function aDraft(draft: Partial<ObservedOrderState> = {}): ObservedOrderState {
  return anOrder({ stage: 'draft', vendorId: 'vendor-draft-1', name: '#D1', ...draft });
}

export function observed(order: ObservedOrderState): OrderFact {
  return { kind: 'observed', observed: order };
}

export function aPart(part: Partial<LineAllocation> = {}): LineAllocation {
  const quantity = part.quantity ?? 3;
  return {
    lineId: 'line-1',
    locationId: 'high-street',
    quantity,
    components: [{ sku: 'MUG', units: quantity }],
    ...part,
  };
}

export function allocated(
  allocations: readonly LineAllocation[] = [aPart()],
  rest: Partial<OrderAllocation> = {},
): OrderFact {
  return {
    kind: 'allocated',
    allocation: { revision: 1, allocations, unallocated: [], shortUnits: 0, ...rest },
  };
}

export function tenderDecided(revision = 1): OrderFact {
  const tender = { name: 'On Account', kind: 'STORED_BALANCE' };
  return { kind: 'tender-decided', tender: { revision, outcome: 'decided', tender } };
}

export function postingIdAt(locationId: string): string {
  return `${ORDER_ID}/posting/${locationId}`;
}

export function posted(locationId = 'high-street'): OrderFact {
  return { kind: 'posted', postingId: postingIdAt(locationId), posOrderId: `pos-${locationId}` };
}

export function dispatched(locationId = 'high-street', revision = 2): OrderFact {
  return {
    kind: 'pos-fulfilment',
    postingId: postingIdAt(locationId),
    fulfilment: { state: 'completed', revision, carrier: 'Van', trackingNumber: 'T1' },
  };
}

export function reported(locationId = 'high-street'): OrderFact {
  const dispatchId = `${postingIdAt(locationId)}/dispatch`;
  return { kind: 'fulfilment-created', dispatchId, fulfilmentId: `f-${locationId}` };
}

/** Two stores feed the shop; a derived id is readable, so that a test can name it. */
export function aPolicy(policy: Partial<OrderPolicy> = {}): OrderPolicy {
  return {
    ordersFrom: '2026-01-01T00:00:00.000Z',
    completeDrafts: 'staff',
    locations: [
      { id: 'high-street', posConnectionId: 'tills', linesPerOrder: 500 },
      { id: 'mill-lane', posConnectionId: 'tills', linesPerOrder: 500 },
    ],
    currency: 'GBP',
    kitSkus: new Set(['KIT-1']),
    shortStock: 'post-backorder',
    returnedGoods: 'hub-adjusts',
    agreed: { draftOpenMinutes: 60, undispatchedMinutes: 120 },
    deriveId: (name) => name,
    ...policy,
  };
}

/** All that follows when the facts come one by one. */
export function after(facts: readonly OrderFact[], policy: OrderPolicy = aPolicy()) {
  let record = emptyOrder(ORDER_ID);
  const decisions: OrderDecision[] = [];
  for (const fact of facts) {
    const decision = decideOrder(record, [fact], policy);
    decisions.push(decision);
    record = decision.record;
  }
  const commands = decisions.flatMap((decision) => decision.commands);
  const codes = record.exceptions.map(({ code }) => code);
  return { record, decisions, commands, state: record.state, codes };
}

/** The commands of one kind. */
export function commandsOf<K extends OrderCommand['kind']>(
  commands: readonly OrderCommand[],
  kind: K,
) {
  return commands.filter((c): c is Extract<OrderCommand, { kind: K }> => c.kind === kind);
}
