import { Catalogue } from './catalogue.js';
import type { Customer, ShopLocation, Variant } from './catalogue.js';
import { IdSequence, numberOf, toGid } from './gid.js';
import { shownLines, splitDiscount, standingFulfilments } from './order-record.js';
import type {
  Attribute,
  DraftRecord,
  FulfilmentRecord,
  LineRecord,
  OrderRecord,
  PaymentTerms,
  SaleTerms,
} from './order-record.js';
import { toRefund, type RefundRecord, type WantedRefund } from './order-refund.js';
import { SaleEdits } from './sale-edits.js';
import type { ShopEvent } from './shop-event.js';
import { eventLine, lineOf, mustBeOpen, onOrder } from './shop-lines.js';
import { StockBook } from './stock-book.js';

/** A line as the buyer ordered it. Manual lines have no variant. */
export interface OrderedLine {
  readonly variant: Variant | null;
  readonly title: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly attributes: readonly Attribute[];
}

export type Sale = SaleTerms & { readonly lines: readonly OrderedLine[] };

/** The shop itself: what is sold, promised and sent. Staff, buyers and the API all act through it. */
export class Shop {
  readonly catalogue: Catalogue;
  readonly stock: StockBook;
  readonly edits: SaleEdits;
  readonly orders = new Map<string, OrderRecord>();
  readonly drafts = new Map<string, DraftRecord>();
  private readonly byFulfilmentOrder = new Map<string, OrderRecord>();
  private readonly byFulfilment = new Map<string, OrderRecord>();
  private readonly byRefund = new Map<string, OrderRecord>();
  private readonly ids = {
    order: new IdSequence('Order', 5_500_000_000),
    draft: new IdSequence('DraftOrder', 1_100_000_000),
    line: new IdSequence('LineItem', 61_000_000_000),
    draftLine: new IdSequence('DraftOrderLineItem', 62_000_000_000),
    fulfilmentOrder: new IdSequence('FulfillmentOrder', 81_000_000_000),
    fulfilmentOrderLine: new IdSequence('FulfillmentOrderLineItem', 82_000_000_000),
    fulfilment: new IdSequence('Fulfillment', 83_000_000_000),
    fulfilmentLine: new IdSequence('FulfillmentLineItem', 84_000_000_000),
    terms: new IdSequence('PaymentTerms', 31_000_000),
    refund: new IdSequence('Refund', 91_000_000_000),
    refundLine: new IdSequence('RefundLineItem', 92_000_000_000),
  };
  private lastOrderNumber = 1000;
  private lastDraftNumber = 0;

  constructor(
    locations: readonly ShopLocation[],
    private readonly now: () => number,
    private readonly happened: (event: ShopEvent) => void,
  ) {
    this.catalogue = new Catalogue(locations);
    this.stock = new StockBook(now, (level) => happened({ kind: 'level-changed', level }));
    this.edits = new SaleEdits({
      ...{ stock: this.stock, now, happened },
      toLines: (sale, of) =>
        this.toLines(sale, of === 'draft' ? this.ids.draftLine : this.ids.line),
    });
  }

  order(id: string): OrderRecord {
    return existing(this.orders, toGid('Order', numberOf(id)));
  }

  draft(id: string): DraftRecord {
    return existing(this.drafts, toGid('DraftOrder', numberOf(id)));
  }

  customer(id: string): Customer {
    return existing(this.catalogue.customers, toGid('Customer', numberOf(id)));
  }

  orderOfFulfilmentOrder(id: string): OrderRecord | undefined {
    return this.byFulfilmentOrder.get(id);
  }

  fulfilment(id: string) {
    const order = this.byFulfilment.get(id);
    const fulfilment = order?.fulfilments.find((each) => each.id === id);
    if (order === undefined || fulfilment === undefined) return undefined;
    return { order, fulfilment };
  }

  netTerms(days: number): PaymentTerms {
    return { id: this.ids.terms.next(), name: `Net ${days}`, type: 'NET', dueInDays: days };
  }

  placeOrder(sale: Sale, how: { sourceName: string; paid: boolean }): OrderRecord {
    const lines = this.toLines(sale, this.ids.line);
    const order = this.openOrder(sale, lines, { ...how, draftId: null });
    this.happened({ kind: 'order-placed', order, lines: onOrder(lines) });
    return order;
  }

  placeDraft(sale: Sale): DraftRecord {
    const atMs = this.now();
    const draft: DraftRecord = {
      ...termsOf(sale),
      id: this.ids.draft.next(),
      name: `#D${(this.lastDraftNumber += 1)}`,
      createdAtMs: atMs,
      updatedAtMs: atMs,
      status: 'open',
      completedAtMs: null,
      lines: this.toLines(sale, this.ids.draftLine),
      orderId: null,
    };
    this.drafts.set(draft.id, draft);
    this.happened({ kind: 'draft-placed', draft, lines: onOrder(draft.lines) });
    return draft;
  }

  /** A new order, with new ids; the draft stays behind and points to it. Stock may fall below zero. */
  completeDraft(draft: DraftRecord, how: { paid: boolean; sourceName?: string }): OrderRecord {
    mustBeOpen(draft);
    const lines = draft.lines.map((line) => ({
      ...line,
      id: this.ids.line.next(),
      fulfilmentOrderLineId: this.ids.fulfilmentOrderLine.next(),
    }));
    draft.status = 'completed';
    draft.completedAtMs = draft.updatedAtMs = this.now();
    const sourceName = how.sourceName ?? 'shopify_draft_order';
    const order = this.openOrder(draft, lines, { paid: how.paid, sourceName, draftId: draft.id });
    draft.orderId = order.id;
    this.happened({ kind: 'draft-completed', draft, order, lines: onOrder(order.lines) });
    return order;
  }

  /** Copies everything, the attributes of the trade shop too. */
  duplicateDraft(original: DraftRecord): DraftRecord {
    const lines = shownLines(original).map((line) => ({
      ...{ variant: line.variant, title: line.title, quantity: line.quantity },
      unitPriceMinor: line.totalMinor / line.quantity,
      attributes: line.attributes,
    }));
    return this.placeDraft({ ...termsOf(original), lines });
  }

  deleteDraft(draft: DraftRecord): void {
    mustBeOpen(draft);
    draft.status = 'deleted';
    draft.updatedAtMs = this.now();
    this.happened({ kind: 'draft-deleted', draft, lines: onOrder(draft.lines) });
  }

  /** Not possible once something was sent. */
  cancelOrder(order: OrderRecord, options: { restock: boolean }): void {
    if (order.cancelledAtMs !== null) throw new Error(`${order.name} is cancelled already.`);
    if (standingFulfilments(order).length > 0)
      throw new Error(`${order.name} was sent, in part at least.`);
    const lines = onOrder(order.lines);
    for (const line of order.lines) {
      this.edits.release(order, line, line.currentQuantity, options.restock);
      line.currentQuantity = 0;
    }
    order.cancelledAtMs = order.updatedAtMs = this.now();
    this.happened({ kind: 'order-cancelled', order, lines });
  }

  /** The caller has checked that so much is left to send. */
  fulfil(
    order: OrderRecord,
    sent: readonly { line: LineRecord; quantity: number }[],
    tracking: { carrier: string | null; trackingNumber: string | null },
  ): FulfilmentRecord {
    const atMs = this.now();
    const fulfilment: FulfilmentRecord = {
      id: this.ids.fulfilment.next(),
      name: `${order.name}.${order.fulfilments.length + 1}`,
      atMs,
      lines: sent.map(({ line, quantity }) => ({
        id: this.ids.fulfilmentLine.next(),
        lineId: line.id,
        quantity,
      })),
      ...tracking,
      cancelledAtMs: null,
    };
    for (const { line, quantity } of sent) {
      line.fulfilledQuantity += quantity;
      if (line.variant !== null) {
        this.stock.takeOut(line.variant.inventoryItemId, order.locationId, quantity);
      }
    }
    order.fulfilments.push(fulfilment);
    this.byFulfilment.set(fulfilment.id, order);
    order.updatedAtMs = atMs;
    const lines = sent.flatMap(({ line, quantity }) => eventLine(line, quantity));
    this.happened({ kind: 'order-fulfilled', order, fulfilment, lines });
    return fulfilment;
  }

  /** Its units are to be sent again. The caller has checked that it stands. */
  cancelFulfilment(order: OrderRecord, fulfilment: FulfilmentRecord): void {
    fulfilment.cancelledAtMs = order.updatedAtMs = this.now();
    const lines = fulfilment.lines.flatMap(({ lineId, quantity }) => {
      const line = lineOf(order, lineId);
      line.fulfilledQuantity -= quantity;
      if (line.variant !== null) {
        this.stock.bringBack(line.variant.inventoryItemId, order.locationId, quantity);
      }
      return eventLine(line, quantity);
    });
    this.happened({ kind: 'fulfilment-cancelled', order, fulfilment, lines });
  }

  renumberFulfilment(
    order: OrderRecord,
    fulfilment: FulfilmentRecord,
    tracking: Pick<FulfilmentRecord, 'carrier' | 'trackingNumber'>,
  ): void {
    Object.assign(fulfilment, tracking);
    order.updatedAtMs = this.now();
    this.happened({ kind: 'fulfilment-renumbered', order, fulfilment });
  }

  /** Staff refund goods, money or both; what is restocked is on sale again at the order's place. */
  refundOrder(order: OrderRecord, wanted: WantedRefund): RefundRecord {
    const refund = toRefund(order, wanted, this.ids, this.now());
    const restocked = refund.lines.flatMap(({ lineId, quantity, restockType }) => {
      const line = lineOf(order, lineId);
      if (restockType === 'CANCEL') this.edits.release(order, line, quantity, true);
      else if (restockType === 'RETURN') this.restock(order, line, quantity);
      return restockType === 'NO_RESTOCK' ? [] : eventLine(line, quantity);
    });
    order.refunds.push(refund);
    this.byRefund.set(refund.id, order);
    order.updatedAtMs = refund.atMs;
    this.happened({ kind: 'order-refunded', order, refund, lines: restocked });
    return refund;
  }

  refund(id: string) {
    const order = this.byRefund.get(id);
    const refund = order?.refunds.find((each) => each.id === id);
    return order === undefined || refund === undefined ? undefined : { order, refund };
  }

  private restock(order: OrderRecord, { variant }: LineRecord, units: number): void {
    if (variant === null) return;
    this.stock.adjust(this.stock.level(variant.inventoryItemId, order.locationId), units);
  }

  private openOrder(
    terms: SaleTerms,
    lines: LineRecord[],
    how: { sourceName: string; paid: boolean; draftId: string | null },
  ): OrderRecord {
    const atMs = this.now();
    const number = (this.lastOrderNumber += 1);
    const order: OrderRecord = {
      ...termsOf(terms),
      ...how,
      id: this.ids.order.next(),
      name: `#${number}`,
      number,
      createdAtMs: atMs,
      updatedAtMs: atMs,
      cancelledAtMs: null,
      edited: false,
      lines,
      fulfilmentOrderId: this.ids.fulfilmentOrder.next(),
      fulfilments: [],
      refunds: [],
    };
    this.orders.set(order.id, order);
    this.byFulfilmentOrder.set(order.fulfilmentOrderId, order);
    for (const line of lines) {
      if (line.variant !== null) {
        this.stock.commit(line.variant.inventoryItemId, order.locationId, line.quantity);
      }
    }
    return order;
  }

  private toLines(sale: Sale, ids: IdSequence): LineRecord[] {
    const totals = sale.lines.map((line) => line.unitPriceMinor * line.quantity);
    const discounts = splitDiscount(sale.discountMinor, totals);
    return sale.lines.map((line, i) => ({
      id: ids.next(),
      variant: line.variant,
      title: line.title,
      quantity: line.quantity,
      currentQuantity: line.quantity,
      fulfilledQuantity: 0,
      returnedQuantity: 0,
      // The platform can only lower a price. A caller that asks for more than retail gets it raised.
      retailUnitMinor: Math.max(line.unitPriceMinor, line.variant?.priceMinor ?? -Infinity),
      totalMinor: totals[i] ?? 0,
      cartDiscountMinor: discounts[i] ?? 0,
      attributes: line.attributes,
      fulfilmentOrderLineId: this.ids.fulfilmentOrderLine.next(),
    }));
  }
}

function termsOf(sale: SaleTerms): SaleTerms {
  const { locationId, customer, shippingMinor, discountMinor } = sale;
  const { attributes, note, poNumber, tags, paymentTerms } = sale;
  return {
    ...{ locationId, customer, shippingMinor, discountMinor },
    ...{ attributes, note, poNumber, tags, paymentTerms },
  };
}

function existing<T>(records: ReadonlyMap<string, T>, id: string): T {
  const record = records.get(id);
  if (record === undefined) throw new Error(`The shop has no ${id}.`);
  return record;
}
