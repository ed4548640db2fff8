import type { Standing } from './order-lateness.js';
import {
  isShipmentFact,
  mergeShipment,
  NO_SHIPMENTS,
  type ShipmentFact,
  type ShipmentFacts,
} from './shipment-facts.js';
import type { ShortDecision } from './short-choice.js';

/** How the buyer said they would pay. */
export type OrderPaymentMethod = 'on-account' | 'invoice' | 'card' | 'quote' | 'other';

/** A line as the platform holds it; quantities in what the channel sells. */
export interface OrderLine {
  readonly lineId: string;
  /** Null (or left out) when the line is no stock. */
  readonly sku?: string | null;
  readonly title: string;
  readonly orderedQuantity: number;
  readonly cancelledQuantity: number;
  /** Already sent, as the platform has it, whether or not it came back. */
  readonly fulfilledQuantity: number;
  /** Refunded after it had been sent: no cancelled units, and still charged in `totalMinor`. */
  readonly returnedQuantity?: number;
  readonly totalMinor: number;
  /** The tax of that, where it is told. */
  readonly taxMinor?: number;
}

export interface OrderCharge {
  readonly kind: 'shipping' | 'fee' | 'discount';
  readonly title: string;
  readonly amountMinor: number;
}

/** What the platform says has been paid of an order. */
export type OrderFinancialStatus =
  | 'pending'
  | 'authorized'
  | 'partially-paid'
  | 'paid'
  | 'partially-refunded'
  | 'refunded'
  | 'voided'
  | 'expired';

/** When the buyer has to pay, as the platform has it. */
export interface OrderPaymentTerms {
  readonly name: string;
  readonly type: 'net' | 'receipt' | 'fulfilment' | 'fixed' | 'unknown';
  readonly dueInDays?: number;
  readonly dueAt?: string;
}

/** Goods of a refund that had been sent before. */
export interface ReturnedGoods {
  readonly lineId: string;
  readonly quantity: number;
  /** False when they are not for sale again. */
  readonly restocked: boolean;
  /** Our location where they are for sale again, where that is one of ours. */
  readonly locationId?: string;
  /** What had been charged for them. */
  readonly amountMinor: number;
}

/** Goods returned and money refunded in one act. Made once by the platform and never changed. */
export interface OrderRefund {
  readonly refundId: string;
  readonly refundedAt: string;
  /** What the buyer owes less for it. */
  readonly creditMinor: number;
  /** Money that went back to the buyer. */
  readonly paidBackMinor: number;
  readonly goods: readonly ReturnedGoods[];
}

/** A draft or an order as the platform held it at one revision. */
export interface ObservedOrderState {
  readonly connectionId: string;
  readonly stage: 'draft' | 'order';
  readonly vendorId: string;
  readonly revision: number;
  readonly status: 'open' | 'completed' | 'deleted' | 'cancelled' | 'closed';
  readonly name: string;
  readonly placedAt: string;
  readonly trade: boolean;
  readonly cartId?: string;
  readonly customerId?: string;
  readonly paymentMethod: OrderPaymentMethod;
  readonly poNumber?: string;
  readonly currency: string;
  readonly totalMinor: number;
  /** The tax within that, where it is told. */
  readonly taxMinor?: number;
  /** True when prices include the tax; else it is one of the charges, a fee. */
  readonly taxIncluded?: boolean;
  readonly financialStatus?: OrderFinancialStatus;
  readonly paymentTerms?: OrderPaymentTerms;
  readonly lines: readonly OrderLine[];
  readonly charges: readonly OrderCharge[];
  readonly refunds?: readonly OrderRefund[];
}

export interface SkuUnits {
  readonly sku: string;
  readonly units: number;
}

/** The part of a line that one location serves. */
export interface LineAllocation {
  readonly lineId: string;
  readonly locationId: string;
  readonly quantity: number;
  readonly components: readonly SkuUnits[];
  /** How many of the quantity are not on hand. */
  readonly shortQuantity?: number;
}

export interface OrderAllocation {
  readonly revision: number;
  readonly allocations: readonly LineAllocation[];
  readonly unallocated: readonly {
    readonly lineId: string;
    readonly reason: 'unknown-sku' | 'location-unmapped';
  }[];
  readonly shortUnits: number;
}

export interface OrderTender {
  /** The published revision of the order that it answers. */
  readonly revision: number;
  readonly outcome: 'decided' | 'unmapped';
  readonly tender?: { readonly name: string; readonly kind: string };
}

export interface PostingFulfilment {
  readonly revision: number;
  readonly state: 'proposed' | 'reserved' | 'prepared' | 'completed' | 'cancelled' | 'failed';
  /** When the goods left, by the POS's clock. */
  readonly leftAt?: string;
  readonly carrier?: string;
  readonly trackingNumber?: string;
}

export type ReversalOutcome = 'done' | 'refused' | 'not-sent';

/** Anything that can become known about an order, from anywhere, in any order. */
export type OrderFact =
  | { readonly kind: 'observed'; readonly observed: ObservedOrderState }
  | {
      readonly kind: 'purchase';
      readonly purchase: { readonly revision: number; readonly poNumber?: string };
    }
  | { readonly kind: 'allocated'; readonly allocation: OrderAllocation }
  | { readonly kind: 'tender-decided'; readonly tender: OrderTender }
  /** Whether another live order with the same cart id stands before this one. */
  | { readonly kind: 'cart-standing'; readonly blockedBy: string | null }
  | { readonly kind: 'posted'; readonly postingId: string; readonly posOrderId: string }
  | {
      readonly kind: 'refused';
      readonly postingId: string;
      readonly code: 'vendor-refused' | 'unmapped-sku' | 'observe';
      readonly reason: string;
    }
  | {
      readonly kind: 'pos-fulfilment';
      readonly postingId: string;
      readonly fulfilment: PostingFulfilment;
    }
  | {
      readonly kind: 'fulfilment-created';
      readonly dispatchId: string;
      readonly fulfilmentId: string;
    }
  | { readonly kind: 'fulfilment-refused'; readonly dispatchId: string; readonly reason: string }
  | { readonly kind: 'draft-refused'; readonly reason: string }
  | {
      readonly kind: 'reversed';
      readonly reversalId: string;
      readonly outcome: ReversalOutcome;
      readonly reason?: string;
    }
  | { readonly kind: 'clock'; readonly nowMs: number; readonly standing?: Standing }
  /** Somebody decided what to do with what is missing. */
  | { readonly kind: 'short-decided'; readonly decision: ShortDecision }
  | ShipmentFact;

type ById<T> = Readonly<Record<string, T>>;

/** All that is known of an order. Only ever grows, so the order of arrival leaves no mark. */
export interface OrderFacts {
  readonly draft?: ObservedOrderState;
  readonly order?: ObservedOrderState;
  /** True once any observation was of a trade order that is no quote. */
  readonly everTrade: boolean;
  /** By stage: the highest revision that was seen deleted or cancelled. */
  readonly ended?: Readonly<Partial<Record<ObservedOrderState['stage'], number>>>;
  readonly purchase?: { readonly revision: number; readonly poNumber?: string };
  readonly allocation?: OrderAllocation;
  readonly everShort: boolean;
  readonly shortDecision?: ShortDecision;
  readonly tender?: OrderTender;
  readonly blockedBy: string | null;
  readonly posted: ById<{ readonly posOrderId: string }>;
  readonly refused: ById<{ readonly code: string; readonly reason: string }>;
  readonly fulfilments: ById<PostingFulfilment>;
  readonly reported: ById<{ readonly fulfilmentId: string }>;
  readonly unreported: ById<{ readonly reason: string }>;
  /** Why the platform would not complete the draft. */
  readonly draftRefused?: { readonly reason: string };
  readonly reversed: ById<{ readonly outcome: ReversalOutcome; readonly reason?: string }>;
  readonly shipments: ShipmentFacts;
  /** The latest time that somebody looked at the clock for this order. */
  readonly nowMs: number;
  /** How long it had stood where it stood then. */
  readonly standing?: Standing;
}

export const NO_FACTS: OrderFacts = {
  everTrade: false,
  everShort: false,
  blockedBy: null,
  posted: {},
  refused: {},
  fulfilments: {},
  reported: {},
  unreported: {},
  reversed: {},
  shipments: NO_SHIPMENTS,
  nowMs: 0,
};

/** Adds a fact. Commutes with every other fact and changes nothing the second time. */
export function mergeFact(facts: OrderFacts, fact: OrderFact): OrderFacts {
  if (isShipmentFact(fact)) {
    return { ...facts, shipments: mergeShipment(facts.shipments, fact) };
  }
  switch (fact.kind) {
    case 'observed':
      return mergeObserved(facts, fact.observed);
    case 'purchase':
      return { ...facts, purchase: newer(facts.purchase, fact.purchase) };
    case 'allocated':
      return {
        ...facts,
        allocation: newer(facts.allocation, fact.allocation),
        everShort: facts.everShort || fact.allocation.shortUnits > 0,
      };
    case 'tender-decided':
      return { ...facts, tender: laterTender(facts.tender, fact.tender) };
    case 'cart-standing':
      return { ...facts, blockedBy: fact.blockedBy };
    case 'short-decided':
      return { ...facts, shortDecision: laterDecision(facts.shortDecision, fact.decision) };
    case 'clock':
      return mergeClock(facts, fact);
    case 'posted':
    case 'refused':
    case 'pos-fulfilment':
    case 'fulfilment-created':
    case 'fulfilment-refused':
    case 'draft-refused':
    case 'reversed':
      return mergeResult(facts, fact);
  }
}

/** The order where there is one, else the draft: owed quantities come from it. */
export function currentOf(facts: OrderFacts): ObservedOrderState | undefined {
  return facts.order ?? facts.draft;
}

/** True for what gets a record of ours: a trade order, and not a mere quote. */
export function isTradeOrder(observed: ObservedOrderState): boolean {
  return observed.trade && observed.paymentMethod !== 'quote';
}

function mergeObserved(facts: OrderFacts, observed: ObservedOrderState): OrderFacts {
  const { stage, status, revision } = observed;
  const ended = status === 'deleted' || status === 'cancelled';
  return {
    ...facts,
    [stage]: newer(facts[stage], observed),
    everTrade: facts.everTrade || isTradeOrder(observed),
    ...(ended
      ? { ended: { ...facts.ended, [stage]: Math.max(revision, facts.ended?.[stage] ?? 0) } }
      : {}),
  };
}

/** Of two looks at one moment the one that saw it move later counts. */
function mergeClock(
  facts: OrderFacts,
  { nowMs, standing }: Extract<OrderFact, { kind: 'clock' }>,
): OrderFacts {
  const sameLook = nowMs === facts.nowMs;
  const movedLater = (standing?.sinceMs ?? 0) > (facts.standing?.sinceMs ?? 0);
  if (nowMs < facts.nowMs || (sameLook && !movedLater)) return facts;
  return { ...facts, nowMs, standing };
}

type ResultFact = Exclude<
  OrderFact,
  | {
      kind:
        | 'observed'
        | 'purchase'
        | 'allocated'
        | 'tender-decided'
        | 'cart-standing'
        | 'short-decided'
        | 'clock';
    }
  | ShipmentFact
>;

function mergeResult(facts: OrderFacts, fact: ResultFact): OrderFacts {
  switch (fact.kind) {
    case 'posted':
      return {
        ...facts,
        posted: { ...facts.posted, [fact.postingId]: { posOrderId: fact.posOrderId } },
      };
    case 'refused': {
      const { code, reason } = fact;
      const kept = greaterReason(facts.refused[fact.postingId], { code, reason });
      return { ...facts, refused: { ...facts.refused, [fact.postingId]: kept } };
    }
    case 'pos-fulfilment': {
      const held = facts.fulfilments[fact.postingId];
      const kept = newer(held, fact.fulfilment);
      return { ...facts, fulfilments: { ...facts.fulfilments, [fact.postingId]: kept } };
    }
    case 'fulfilment-created':
      return {
        ...facts,
        reported: { ...facts.reported, [fact.dispatchId]: { fulfilmentId: fact.fulfilmentId } },
      };
    case 'fulfilment-refused': {
      const kept = greaterReason(facts.unreported[fact.dispatchId], { reason: fact.reason });
      return { ...facts, unreported: { ...facts.unreported, [fact.dispatchId]: kept } };
    }
    case 'draft-refused':
      return { ...facts, draftRefused: greaterReason(facts.draftRefused, { reason: fact.reason }) };
    case 'reversed':
      return mergeReversed(facts, fact);
  }
}

const CERTAINTY: Record<ReversalOutcome, number> = { 'not-sent': 0, refused: 1, done: 2 };

function mergeReversed(
  facts: OrderFacts,
  fact: Extract<OrderFact, { kind: 'reversed' }>,
): OrderFacts {
  const held = facts.reversed[fact.reversalId];
  if (held !== undefined && CERTAINTY[held.outcome] >= CERTAINTY[fact.outcome]) return facts;
  const result = { outcome: fact.outcome, ...(fact.reason ? { reason: fact.reason } : {}) };
  return { ...facts, reversed: { ...facts.reversed, [fact.reversalId]: result } };
}

/** Of two answers to one revision the decided one is the later: the tender map was completed. */
function laterTender(held: OrderTender | undefined, seen: OrderTender): OrderTender {
  const completes = held?.revision === seen.revision && held.outcome === 'unmapped';
  return completes ? seen : newer(held, seen);
}

/** Of two words at one moment the greater text counts, whichever came first. */
function laterDecision(held: ShortDecision | undefined, seen: ShortDecision): ShortDecision {
  const key = ({ at, choice, by, reason }: ShortDecision) => [at, choice, by, reason].join(' ');
  return held !== undefined && key(held) >= key(seen) ? held : seen;
}

/** Two refusals of one act carry no order of their own, so the greater text is kept. */
function greaterReason<T extends { readonly reason: string }>(held: T | undefined, seen: T): T {
  return held !== undefined && held.reason >= seen.reason ? held : seen;
}

function newer<T extends { readonly revision: number }>(held: T | undefined, seen: T): T {
  return held !== undefined && held.revision >= seen.revision ? held : seen;
}
