import { wantedOf } from './order-rest.js';
import {
  currentOf,
  type ObservedOrderState,
  type OrderCharge,
  type OrderFinancialStatus,
  type OrderPaymentMethod,
  type OrderPaymentTerms,
  type OrderRefund,
  type SkuUnits,
} from './order-facts.js';
import type { OrderReading } from './order-reading.js';
import type { OrderPolicy, OrderRecord, TenderWords, ToldClosing } from './order-record.js';
import { countedPostings } from './posting-life.js';
import { creditedMinor } from './returns-plan.js';
import { wantedTender, wantedWords } from './wanted-content.js';

/** What of a line was charged, and what became of its units; quantities in what the channel sells. */
export interface ClosedLine {
  readonly lineId: string;
  readonly sku: string | null;
  readonly orderedQuantity: number;
  readonly cancelledQuantity: number;
  readonly returnedQuantity: number;
  readonly totalMinor: number;
  readonly taxMinor?: number;
}

/** A POS order that stands for a part of the order. */
export interface ClosedPosOrder {
  readonly postingId: string;
  readonly posConnectionId: string;
  readonly posOrderId: string;
  readonly locationId: string;
  readonly revision: number;
}

/** Goods that left, with their share of what the buyer pays. */
export interface ClosedDispatch {
  readonly dispatchId: string;
  readonly locationId: string;
  /** Left out when the POS did not say when. */
  readonly dispatchedAt?: string;
  readonly units: readonly SkuUnits[];
  readonly amountMinor: number;
}

/**
 * What finance needs of an order that is done: `totalMinor` = goods + discount + shipping + fees, and
 * the tax where the prices do not include it. Minor units; ids and quantities, nothing of a person.
 */
export interface OrderClosing {
  readonly outcome: 'closed' | 'cancelled';
  readonly connectionId: string;
  readonly vendorId: string;
  readonly name: string;
  readonly placedAt: string;
  readonly poNumber?: string;
  readonly customerId?: string;
  readonly currency: string;
  readonly paymentMethod: OrderPaymentMethod;
  readonly tender?: TenderWords;
  readonly financialStatus?: OrderFinancialStatus;
  readonly paymentTerms?: OrderPaymentTerms;
  readonly goodsMinor: number;
  /** At or below zero. */
  readonly discountMinor: number;
  readonly shippingMinor: number;
  readonly feesMinor: number;
  readonly taxMinor?: number;
  readonly taxIncluded?: boolean;
  readonly totalMinor: number;
  /** What refunds take off that. */
  readonly creditedMinor: number;
  readonly lines: readonly ClosedLine[];
  readonly posOrders: readonly ClosedPosOrder[];
  readonly dispatches: readonly ClosedDispatch[];
  readonly refunds: readonly Omit<OrderRefund, 'goods'>[];
}

/** The closing as it was told last, and what is to be told now. */
export interface ClosingNews {
  readonly closing?: ToldClosing;
  readonly news?: OrderClosing & { readonly revision: number };
}

/**
 * Tells that an order is done: dispatched and reported whole, or called off after goods of it left or
 * after it was told before. It is told once, and again with the next revision whenever something of
 * it differs while it is done. Of an order placed before the cut-over nothing is told.
 */
export function tellClosing(
  record: OrderRecord,
  reading: OrderReading,
  policy: OrderPolicy,
): ClosingNews {
  const told = record.closing === undefined ? {} : { closing: record.closing };
  const current = currentOf(record.facts);
  if (current === undefined || current.stage === 'draft' || !isDone(record, reading)) return told;
  const closing = closingOf(record, current, reading, policy);
  const basis = policy.deriveId(`closing ${JSON.stringify(closing)}`);
  if (basis === record.closing?.basis) return told;
  const revision = (record.closing?.revision ?? 0) + 1;
  return { closing: { revision, basis }, news: { ...closing, revision } };
}

function isDone({ closing, shipments }: OrderRecord, reading: OrderReading): boolean {
  if (reading.beforeCutOver) return false;
  if (reading.state === 'closed') return true;
  const left = shipments.some(({ units }) => units.length > 0);
  return reading.state === 'cancelled' && (left || closing !== undefined);
}

function closingOf(
  record: OrderRecord,
  current: ObservedOrderState,
  { state }: OrderReading,
  policy: OrderPolicy,
): OrderClosing {
  const { paymentTerms } = current;
  const { poNumber } = wantedWords(record);
  const customerId = current.customerId ?? record.facts.draft?.customerId;
  const tender = wantedTender(record)?.tender;
  return {
    outcome: state === 'cancelled' ? 'cancelled' : 'closed',
    connectionId: current.connectionId,
    vendorId: current.vendorId,
    name: current.name,
    placedAt: current.placedAt,
    ...(poNumber === undefined ? {} : { poNumber }),
    ...(customerId === undefined ? {} : { customerId }),
    currency: current.currency,
    paymentMethod: current.paymentMethod,
    ...(tender === undefined ? {} : { tender: { name: tender.name, kind: tender.kind } }),
    ...(current.financialStatus === undefined ? {} : { financialStatus: current.financialStatus }),
    ...(paymentTerms === undefined ? {} : { paymentTerms: termsOf(paymentTerms) }),
    ...amountsOf(current),
    creditedMinor: creditedMinor(current),
    lines: current.lines.map((line) => toClosedLine(line, state === 'cancelled')),
    posOrders: posOrdersOf(record, policy),
    dispatches: dispatchesOf(record),
    refunds: (current.refunds ?? []).map(toClosedRefund),
  };
}

/** In one order of keys: the record has been through the database, which has an order of its own. */
function termsOf({ name, type, dueInDays, dueAt }: OrderPaymentTerms): OrderPaymentTerms {
  return {
    name,
    type,
    ...(dueInDays === undefined ? {} : { dueInDays }),
    ...(dueAt === undefined ? {} : { dueAt }),
  };
}

function amountsOf({
  lines,
  charges,
  taxMinor,
  taxIncluded,
  totalMinor,
}: ObservedOrderState): Pick<
  OrderClosing,
  | 'goodsMinor'
  | 'discountMinor'
  | 'shippingMinor'
  | 'feesMinor'
  | 'taxMinor'
  | 'taxIncluded'
  | 'totalMinor'
> {
  const besideMinor = taxIncluded === false ? (taxMinor ?? 0) : 0;
  return {
    goodsMinor: lines.reduce((sum, line) => sum + line.totalMinor, 0),
    discountMinor: sumOf(charges, 'discount'),
    shippingMinor: sumOf(charges, 'shipping'),
    // Tax that prices do not include is one of the fees on an order; here it has a field of its own.
    feesMinor: sumOf(charges, 'fee') - besideMinor,
    ...(taxMinor === undefined ? {} : { taxMinor }),
    ...(taxIncluded === undefined ? {} : { taxIncluded }),
    totalMinor,
  };
}

function sumOf(charges: readonly OrderCharge[], kind: OrderCharge['kind']): number {
  return charges
    .filter((charge) => charge.kind === kind)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

function toClosedLine(line: ObservedOrderState['lines'][number], cancelled: boolean): ClosedLine {
  const { lineId, sku = null, orderedQuantity, totalMinor, taxMinor } = line;
  return {
    lineId,
    sku,
    orderedQuantity,
    cancelledQuantity: orderedQuantity - wantedOf(line, cancelled),
    returnedQuantity: line.returnedQuantity ?? 0,
    totalMinor,
    ...(taxMinor === undefined ? {} : { taxMinor }),
  };
}

function toClosedRefund(refund: OrderRefund): Omit<OrderRefund, 'goods'> {
  const { refundId, refundedAt, creditMinor, paidBackMinor } = refund;
  return { refundId, refundedAt, creditMinor, paidBackMinor };
}

function posOrdersOf({ facts, acts }: OrderRecord, policy: OrderPolicy): ClosedPosOrder[] {
  return countedPostings(facts, acts, policy).flatMap((posting) => {
    const { postingId, posConnectionId, locationId, revision } = posting;
    const posOrderId = facts.posted[postingId]?.posOrderId;
    if (posOrderId === undefined) return [];
    return [{ postingId, posConnectionId, posOrderId, locationId, revision }];
  });
}

function dispatchesOf({ shipments }: OrderRecord): ClosedDispatch[] {
  return shipments
    .filter(({ units }) => units.length > 0)
    .map(({ dispatchId, locationId, at, units, amountMinor }) => ({
      dispatchId,
      locationId,
      ...(at === undefined ? {} : { dispatchedAt: at }),
      units: units.map(({ sku, units: each }) => ({ sku, units: each })),
      amountMinor,
    }));
}
