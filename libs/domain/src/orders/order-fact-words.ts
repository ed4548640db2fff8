import type { ObservedOrderState, OrderAllocation, OrderFact, OrderTender } from './order-facts.js';
import type { RecordedShipment } from './shipment-facts.js';
import type { ShortChoice, ShortDecision } from './short-choice.js';

/** What a fact says, for people. No personal data: ids, quantities and money only. */
export interface FactWords {
  readonly says: string;
  readonly revision?: number;
  /** In the currency of the order. */
  readonly amountMinor?: number;
  /** When it happened by the clock of the system that told it, where that is told. */
  readonly happenedAt?: string;
  /** The act that it is the answer to. */
  readonly answers?: string;
}

/** Puts a fact into words. */
export function factWords(fact: OrderFact): FactWords {
  switch (fact.kind) {
    case 'observed':
      return observedWords(fact.observed);
    case 'purchase': {
      const { revision, poNumber } = fact.purchase;
      return { says: poNumber === undefined ? 'no PO number' : `PO number ${poNumber}`, revision };
    }
    case 'allocated':
      return { says: allocationWords(fact.allocation), revision: fact.allocation.revision };
    case 'tender-decided':
      return { says: tenderWords(fact.tender), revision: fact.tender.revision };
    case 'cart-standing':
      return { says: standingWords(fact.blockedBy) };
    case 'posted':
      return { says: `the POS has it as ${fact.posOrderId}`, answers: fact.postingId };
    case 'refused':
      return { says: `refused (${fact.code}): ${fact.reason}`, answers: fact.postingId };
    case 'pos-fulfilment':
      return { says: shipmentWords(fact.fulfilment), revision: fact.fulfilment.revision };
    case 'fulfilment-created':
      return { says: `the platform has it as ${fact.fulfilmentId}`, answers: fact.dispatchId };
    case 'fulfilment-refused':
      return { says: `refused: ${fact.reason}`, answers: fact.dispatchId };
    case 'draft-refused':
      return { says: `the draft was not completed: ${fact.reason}` };
    case 'reversed':
      return { says: reversalWords(fact), answers: fact.reversalId };
    case 'shipment-recorded':
      return recordedWords(fact.shipment);
    case 'shipment-cancelled':
      return { says: `dispatch ${fact.cancelled.dispatchId} is called off` };
    case 'dispatch-act':
      return { says: `${fact.act}: ${outcomeWords(fact.result)}`, answers: fact.actId };
    case 'short-decided':
      return decisionWords(fact.decision);
    case 'clock':
      return { says: 'looked at the clock' };
  }
}

function observedWords(observed: ObservedOrderState): FactWords {
  const { stage, name, status, revision, lines, totalMinor, placedAt, trade, refunds } = observed;
  const refunded = refunds === undefined ? '' : `, refunds: ${refunds.length}`;
  const kind = trade ? stage : `retail ${stage}`;
  return {
    says: `${kind} ${name} is ${status}, lines: ${lines.length}${refunded}`,
    revision,
    amountMinor: totalMinor,
    ...(revision === 1 ? { happenedAt: placedAt } : {}),
  };
}

function allocationWords({ allocations, unallocated, shortUnits }: OrderAllocation): string {
  const byLocation = new Map<string, number>();
  for (const { locationId, components } of allocations) {
    const units = components.reduce((sum, component) => sum + component.units, 0);
    byLocation.set(locationId, (byLocation.get(locationId) ?? 0) + units);
  }
  const shares = [...byLocation].map(([locationId, units]) => `${units} units at ${locationId}`);
  const rest = unallocated.map(({ lineId, reason }) => `line ${lineId} nowhere (${reason})`);
  const short = shortUnits > 0 ? [`${shortUnits} units are missing`] : [];
  return [...shares, ...rest, ...short].join(', ') || 'nothing to place';
}

function tenderWords({ outcome, tender }: OrderTender): string {
  return outcome === 'decided' && tender !== undefined
    ? `tender ${tender.name}`
    : 'no tender is mapped to its payment method';
}

function standingWords(blockedBy: string | null): string {
  return blockedBy === null ? 'no other order has its cart' : `order ${blockedBy} has its cart`;
}

function shipmentWords(fulfilment: {
  readonly state: string;
  readonly trackingNumber?: string;
}): string {
  const tracking = fulfilment.trackingNumber;
  return `the shipment is ${fulfilment.state}${tracking === undefined ? '' : `, tracking ${tracking}`}`;
}

function recordedWords(shipment: RecordedShipment): FactWords {
  const { locationId, shares, trackingNumber, revision, dispatchedAt } = shipment;
  const units = shares.flatMap((share) => share.units).map((each) => `${each.units} × ${each.sku}`);
  const tracking = trackingNumber === undefined ? '' : `, tracking ${trackingNumber}`;
  const says = `${units.join(', ')} left ${locationId}${tracking}`;
  return { says, revision, happenedAt: dispatchedAt };
}

function reversalWords(result: { outcome: string; reason?: string }): string {
  return `taking back: ${outcomeWords(result)}`;
}

function outcomeWords({ outcome, reason }: { outcome: string; reason?: string }): string {
  return `${outcome}${reason === undefined ? '' : `, ${reason}`}`;
}

const CHOICES: Readonly<Record<ShortChoice, string>> = {
  hold: 'wait until all of it is there',
  'post-available': 'post what is there, and the rest when it comes',
  'post-backorder': 'post all of it; the store finds the rest',
};

function decisionWords({ choice, by, reason, at }: ShortDecision): FactWords {
  return { says: `${by} decided to ${CHOICES[choice]}: ${reason}`, happenedAt: at };
}
