import type { ExceptionCode } from '../exceptions/exception-codes.js';
import {
  NO_FACTS,
  type OrderFacts,
  type OrderPaymentMethod,
  type SkuUnits,
} from './order-facts.js';
import type { ShortChoice } from './short-choice.js';

import type { OrderAgreement } from './order-lateness.js';

/** The life of a trade order; `held`, `short` and `cancelled` stand aside of it. */
export type OrderLife =
  | 'received'
  | 'accepted'
  | 'promised'
  | 'posting'
  | 'posted'
  | 'part-dispatched'
  | 'dispatched'
  | 'closed'
  | 'held'
  | 'short'
  | 'cancelled';

/** What the POS is told about payment. */
export interface TenderWords {
  readonly name: string;
  readonly kind: string;
}

/** A platform line's share in a posting, with the money it carried. A manual line has no units. */
export interface PostingPart {
  readonly lineId: string;
  /** In what the channel sells. */
  readonly quantity: number;
  readonly components: readonly SkuUnits[];
  readonly moneyMinor: number;
}

/** A posting that was asked for. What is not in `parts` of its total is postage, fees and discount. */
export interface PostingAct {
  readonly postingId: string;
  readonly locationId: string;
  readonly posConnectionId: string;
  /** Which of several POS orders of the location it is, from 1. */
  readonly part: number;
  /** 1 for the first of its place; one more each time that it is posted anew. */
  readonly revision: number;
  readonly poNumber?: string;
  readonly tender?: TenderWords;
  /** What of the order it was made from, as one text: another one calls for a look at it. */
  readonly basis: string;
  readonly parts: readonly PostingPart[];
  readonly totalMinor: number;
}

export interface ReversedPart {
  readonly lineId: string;
  readonly quantity: number;
  readonly moneyMinor: number;
}

/** A reversal that was asked for. */
export interface ReversalAct {
  readonly reversalId: string;
  readonly postingId: string;
  readonly parts: readonly ReversedPart[];
  readonly amountMinor: number;
  /** All of the posting, before any of it has left: it then counts no more. */
  readonly voids?: boolean;
}

/** What a refund of goods that had left was about, as far as one POS order holds it. */
export interface ReturnAct {
  readonly returnId: string;
  readonly refundId: string;
  readonly postingId: string;
  /** The goods that came back, or were written off. */
  readonly parts: readonly LineQuantity[];
  readonly amountMinor: number;
  /** False when the POS had to be told nothing: goods without money that are not for sale again. */
  readonly asks: boolean;
}

/** Some of a platform line, in what the channel sells. */
export interface LineQuantity {
  readonly lineId: string;
  readonly quantity: number;
}

/** A report to the platform that was asked for. */
export interface DispatchAct {
  readonly dispatchId: string;
  readonly postingId: string;
  /** The recorded shipment that it tells of; null when the POS says that the rest has left. */
  readonly shipmentId: string | null;
  /** The units of that shipment when the report was asked for. */
  readonly units: readonly SkuUnits[];
  readonly lines: readonly LineQuantity[];
  readonly carrier?: string;
  readonly trackingNumber?: string;
}

/** A report that the platform was asked to cancel. */
export interface ReportCancelAct {
  readonly cancellationId: string;
  readonly dispatchId: string;
}

/** A later tracking of a report that the platform was asked to show. */
export interface TrackingAct {
  readonly trackingId: string;
  readonly dispatchId: string;
  readonly carrier?: string;
  readonly trackingNumber?: string;
}

/** A shipment as others were told of it last. No units: it did not leave after all. */
export interface ToldShipment {
  readonly dispatchId: string;
  readonly postingId: string;
  readonly locationId: string;
  readonly revision: number;
  /** Left out when the POS did not say when. */
  readonly at?: string;
  readonly units: readonly SkuUnits[];
  readonly amountMinor: number;
  readonly carrier?: string;
  readonly trackingNumber?: string;
}

/** The closing of the order as others were told of it last. */
export interface ToldClosing {
  readonly revision: number;
  /** All that it said, as one text. */
  readonly basis: string;
}

/** The POS was told that all of a posting has left, by shipments that were recorded here. */
export interface PosCompletionAct {
  readonly completionId: string;
  readonly postingId: string;
}

/** What was asked of the outside. Each is asked once; an act, once asked, is never changed. */
export interface OrderActs {
  readonly postings: readonly PostingAct[];
  readonly reversals: readonly ReversalAct[];
  readonly returns: readonly ReturnAct[];
  readonly dispatches: readonly DispatchAct[];
  readonly reportCancels: readonly ReportCancelAct[];
  readonly trackings: readonly TrackingAct[];
  readonly posCompletions: readonly PosCompletionAct[];
  readonly draftCompletion: boolean;
}

export interface OrderException {
  readonly code: ExceptionCode;
  /** The system in which the fault sits: a connection id, or 'tillbridge'. */
  readonly system: string;
  readonly cause: string;
}

/** What others are told of the order. */
export interface OrderView {
  readonly connectionId: string;
  readonly name: string;
  readonly state: OrderLife;
  readonly draft: boolean;
  readonly customerId?: string;
  readonly paymentMethod: OrderPaymentMethod;
  readonly poNumber?: string;
  readonly currency: string;
  readonly totalMinor: number;
  /** Base units that have left the stores. */
  readonly leftUnits: number;
  /** Of them those that the platform cannot be told yet: they make no whole pack. */
  readonly waitingUnits: number;
  /** Of what left, what was refunded, in what the channel sells. */
  readonly returnedQuantity: number;
}

export type OrderMilestone =
  'placed' | 'accepted' | 'held' | 'short' | 'posted' | 'dispatched' | 'cancelled';

/** A payment method, from the revision in which others were told of it. */
export interface ToldMethod {
  readonly method: OrderPaymentMethod;
  readonly since: number;
}

/** Everything we hold of one order. `state` is null while nothing but results is known. */
export interface OrderRecord {
  readonly orderId: string;
  readonly facts: OrderFacts;
  readonly acts: OrderActs;
  readonly state: OrderLife | null;
  readonly exceptions: readonly OrderException[];
  /** Milestones that were ever passed. */
  readonly ever: readonly OrderMilestone[];
  /** Grows by one with each change of the view; 0 when nobody was told anything yet. */
  readonly revision: number;
  readonly view?: OrderView;
  /** Shipments that others were told of. */
  readonly shipments: readonly ToldShipment[];
  /** Set once others were told that it is done. */
  readonly closing?: ToldClosing;
  /** Each payment method with the revision in which it was first told: a tender is for one of them. */
  readonly methods: readonly ToldMethod[];
}

const NO_ACTS: OrderActs = {
  postings: [],
  reversals: [],
  returns: [],
  dispatches: [],
  reportCancels: [],
  trackings: [],
  posCompletions: [],
  draftCompletion: false,
};

/** The record of an order that nothing is known of. */
export function emptyOrder(orderId: string): OrderRecord {
  return {
    orderId,
    facts: NO_FACTS,
    acts: NO_ACTS,
    state: null,
    exceptions: [],
    ever: [],
    revision: 0,
    shipments: [],
    methods: [],
  };
}

/** A place that serves orders, with what its POS holds. */
export interface PosLocation {
  readonly id: string;
  readonly posConnectionId: string;
  /** Lines that one order of this POS holds. */
  readonly linesPerOrder: number;
}

/** What the merchant configured, as far as it concerns orders of one connection. */
export interface OrderPolicy {
  readonly ordersFrom: string;
  readonly completeDrafts: 'staff' | 'sparklayer' | 'hub';
  /** Locations that feed the connection, in the order of allocation, with the POS of each. */
  readonly locations: readonly PosLocation[];
  /** What the POS accounts count in; an order in another currency is held. */
  readonly currency: string;
  readonly kitSkus: ReadonlySet<string>;
  /** What to do with orders of which units are missing, unless somebody decides it for one. */
  readonly shortStock: ShortChoice;
  /** Who takes goods in that came back: the hub by one adjustment, or staff at the till. */
  readonly returnedGoods: 'hub-adjusts' | 'booked-at-till';
  readonly agreed: OrderAgreement;
  /** The same name gives the same id (UUIDv5), for ever. */
  readonly deriveId: (name: string) => string;
}
