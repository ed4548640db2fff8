import type { OrderBook, OrderRecord } from './order-book.js';
import { priceOrder } from './order-pricing.js';
import type { SquareClock } from './square-clock.js';
import { invalid, notFound, SquareError } from './square-error.js';
import type { SquareIds } from './square-ids.js';
import { totalMinor } from './square-order.js';
import type { SquareOrder } from './square-order.js';
import type { SquarePayment, SquareRefund, WantedPayment, WantedRefund } from './square-payment.js';
import type { SquareWebhooks } from './square-webhooks.js';

export class PaymentBook {
  private readonly payments = new Map<string, SquarePayment>();
  private readonly idsByKey = new Map<string, string>();
  private readonly refunds = new Map<string, SquareRefund>();

  constructor(
    private readonly clock: SquareClock,
    private readonly ids: SquareIds,
    private readonly orders: OrderBook,
    private readonly webhooks: SquareWebhooks,
    private readonly currency: string,
    /** Called once an order is paid in full. */
    private readonly paid: (record: OrderRecord) => void,
  ) {}

  /** Records money that was taken elsewhere. */
  create(wanted: WantedPayment): SquarePayment {
    const record = this.orders.record(wanted.order_id);
    const { order } = record;
    assertOwing(record);
    if (wanted.location_id !== undefined && wanted.location_id !== order.location_id) {
      const detail = 'The order is of another location.';
      throw invalid('LOCATION_MISMATCH', detail, 'location_id');
    }
    const completes = wanted.autocomplete !== false;
    const dueMinor = order.net_amount_due_money?.amount ?? 0;
    const { amount } = wanted.amount_money;
    if (completes ? amount !== dueMinor : amount > dueMinor) {
      const detail = `The payment is ${amount}, the order owes ${dueMinor}.`;
      throw invalid('PAYMENT_AMOUNT_MISMATCH', detail, 'amount_money.amount');
    }
    if (amount === 0) {
      const detail = 'Nothing cannot be paid; pay the order without payments.';
      throw invalid('VALUE_TOO_LOW', detail, 'amount_money.amount');
    }
    const payment = this.add({
      amount_money: wanted.amount_money,
      status: completes ? 'COMPLETED' : 'APPROVED',
      source_type: 'EXTERNAL',
      external_details: wanted.external_details,
      location_id: order.location_id,
      order_id: order.id,
      reference_id: wanted.reference_id,
      customer_id: wanted.customer_id ?? order.customer_id,
      note: wanted.note,
    });
    this.idsByKey.set(wanted.idempotency_key, payment.id);
    if (completes) this.settle(record, [payment]);
    this.tell(payment);
    return payment;
  }

  /** Pays an order with payments that were approved before; an order of nothing with none. */
  payOrder(
    orderId: string,
    wanted: { payment_ids?: string[]; order_version?: number },
  ): SquareOrder {
    const record = this.orders.record(orderId);
    assertOwing(record);
    if (wanted.order_version !== undefined) {
      this.orders.assertVersion(record.order, wanted.order_version, 'order_version');
    }
    const payments = (wanted.payment_ids ?? []).map((id) => this.get(id));
    if (payments.some(({ status, order_id }) => status !== 'APPROVED' || order_id !== orderId)) {
      const detail = 'Only approved payments of this order can pay it.';
      throw invalid('BAD_REQUEST', detail, 'payment_ids');
    }
    const offered = payments.reduce((sum, payment) => sum + payment.amount_money.amount, 0);
    if (offered !== totalMinor(record.order)) {
      const detail = `The payments are ${offered}, the order is ${totalMinor(record.order)}.`;
      throw invalid('PAYMENT_AMOUNT_MISMATCH', detail, 'payment_ids');
    }
    for (const payment of payments) this.change(payment, 'COMPLETED');
    for (const other of this.payments.values()) {
      if (other.order_id === orderId && other.status === 'APPROVED') this.change(other, 'CANCELED');
    }
    this.settle(record, payments);
    payments.forEach((payment) => this.tell(payment));
    return record.order;
  }

  /** Voids a payment of unknown outcome. Says yes when there is none. */
  cancelByKey(key: string): void {
    const id = this.idsByKey.get(key);
    if (id === undefined) return;
    const payment = this.get(id);
    if (payment.status === 'COMPLETED') {
      throw invalid('BAD_REQUEST', 'A completed payment is refunded, not voided.');
    }
    if (payment.status === 'APPROVED') this.change(payment, 'CANCELED');
    this.tell(payment);
  }

  /** Gives money back, never more than was paid. Moves no stock. */
  refund(wanted: WantedRefund): SquareRefund {
    const payment = this.get(wanted.payment_id);
    const { order } = this.orders.record(payment.order_id);
    const refundedMinor = payment.refunded_money?.amount ?? 0;
    if (payment.status !== 'COMPLETED') {
      throw refundError('REFUND_ERROR_PAYMENT_NEEDS_COMPLETION', 'The payment is not completed.');
    }
    if (
      wanted.payment_version_token !== undefined &&
      wanted.payment_version_token !== payment.version_token
    ) {
      const detail = 'The payment has changed since.';
      throw new SquareError(409, 'VERSION_MISMATCH', detail, 'payment_version_token');
    }
    const { amount } = wanted.amount_money;
    if (amount < 1 || amount > payment.amount_money.amount - refundedMinor) {
      const detail = `Paid ${payment.amount_money.amount}, refunded ${refundedMinor} before.`;
      throw refundError('REFUND_AMOUNT_INVALID', detail);
    }
    const at = this.clock.stampMs();
    const refund: SquareRefund = {
      id: `${payment.id}_${this.ids.next()}`,
      status: 'COMPLETED',
      location_id: payment.location_id,
      unlinked: false,
      destination_type: payment.source_type,
      amount_money: wanted.amount_money,
      payment_id: payment.id,
      order_id: payment.order_id,
      reason: wanted.reason,
      created_at: at,
      updated_at: at,
    };
    this.refunds.set(refund.id, refund);
    payment.refunded_money = { amount: refundedMinor + amount, currency: this.currency };
    payment.refund_ids = [...(payment.refund_ids ?? []), refund.id];
    order.refunds = [...(order.refunds ?? []), toOrderRefund(refund)];
    this.change(payment, 'COMPLETED');
    this.orders.touch(this.orders.record(order.id));
    this.tell(payment);
    return refund;
  }

  /** Money taken at the till, for an order that is being rung up. */
  takeAtTill(order: { id: string; location_id: string }, amountMinor: number): SquarePayment {
    const payment = this.add({
      amount_money: { amount: amountMinor, currency: this.currency },
      status: 'COMPLETED',
      source_type: 'CASH',
      location_id: order.location_id,
      order_id: order.id,
    });
    this.tell(payment);
    return payment;
  }

  /** @throws SquareError NOT_FOUND */
  get(id: string): SquarePayment {
    const payment = this.payments.get(id);
    if (payment === undefined) throw notFound('Payment', id, 'payment_id');
    return payment;
  }

  /** @throws SquareError NOT_FOUND */
  getRefund(id: string): SquareRefund {
    const refund = this.refunds.get(id);
    if (refund === undefined) throw notFound('Refund', id, 'refund_id');
    return refund;
  }

  private add(
    known: Pick<SquarePayment, 'amount_money' | 'status' | 'source_type' | 'location_id'> &
      Partial<SquarePayment> & { order_id: string },
  ): SquarePayment {
    const at = this.clock.stampMs();
    const id = this.ids.next();
    const payment: SquarePayment = {
      ...known,
      id,
      created_at: at,
      updated_at: at,
      total_money: known.amount_money,
      approved_money: known.amount_money,
      receipt_number: id.slice(0, 4),
      version_token: this.ids.next(),
    };
    this.payments.set(id, payment);
    return payment;
  }

  private change(payment: SquarePayment, status: SquarePayment['status']): void {
    payment.status = status;
    payment.updated_at = this.clock.stampMs();
    payment.version_token = this.ids.next();
  }

  /** Puts the tenders on the order; without anything to fulfil, that completes it. */
  private settle(record: OrderRecord, payments: readonly SquarePayment[]): void {
    const { order } = record;
    const tenders = payments.map((payment) => ({
      id: payment.id,
      location_id: payment.location_id,
      transaction_id: order.id,
      created_at: payment.created_at,
      note: payment.note,
      amount_money: payment.amount_money,
      type: 'OTHER' as const,
      payment_id: payment.id,
    }));
    order.tenders = [...(order.tenders ?? []), ...tenders];
    priceOrder(order, this.currency);
    record.paid = true;
    if ((order.fulfillments ?? []).length === 0) order.state = 'COMPLETED';
    this.paid(record);
    this.orders.touch(record);
  }

  private tell(payment: SquarePayment): void {
    this.webhooks.emit('payment.updated', {
      type: 'payment',
      id: payment.id,
      object: { payment },
    });
  }
}

function assertOwing(record: OrderRecord): void {
  const { order, paid } = record;
  if (order.state !== 'OPEN' || order.version === undefined) {
    throw invalid('BAD_REQUEST', `An order in state ${order.state} is not paid.`, 'order_id');
  }
  if (paid) throw invalid('BAD_REQUEST', 'The order is already paid.', 'order_id');
}

function refundError(code: string, detail: string): SquareError {
  return new SquareError(400, code, detail, 'amount_money', 'REFUND_ERROR');
}

function toOrderRefund(refund: SquareRefund): NonNullable<SquareOrder['refunds']>[number] {
  return {
    id: refund.id,
    location_id: refund.location_id,
    transaction_id: refund.order_id,
    tender_id: refund.payment_id,
    created_at: refund.created_at,
    reason: refund.reason ?? '',
    amount_money: refund.amount_money,
    status: 'APPROVED',
  };
}
