import type { ObservedOrderState } from '@tillbridge/domain';
import type { OrderMessage } from '../order-message.js';
import { SHOP, type PaymentMethod } from './trade-merchant.js';
import type { LifeCourse } from './life-course.js';

export type Refund = NonNullable<ObservedOrderState['refunds']>[number];

export interface ShopLine {
  readonly lineId: string;
  /** Null: typed in by hand, no stock. */
  readonly sku: string | null;
  readonly orderedQuantity: number;
  readonly cancelledQuantity: number;
  readonly fulfilledQuantity: number;
  /** Came back after it had been sent; it stays charged, and a refund says what is credited. */
  readonly returnedQuantity: number;
  readonly unitMinor: number;
  /** Cents that no unit price holds. */
  readonly oddMinor: number;
}

/** A draft or an order as the platform holds it. */
export class ShopDocument {
  version = 1;
  status: ObservedOrderState['status'] = 'open';
  lines: readonly ShopLine[] = [];
  method: PaymentMethod | 'quote' = 'on-account';
  poNumber?: string;
  currency = 'GBP';
  shippingMinor = 0;
  discountMinor = 0;
  /** What the platform says too much: its lines and charges do not sum to its total. */
  wrongMinor = 0;
  /** A charge below zero that is no discount. */
  negativeMinor = 0;
  /** What was given back of it: goods that had been sent, money, or both. */
  refunds: readonly Refund[] = [];
  /** Its lines as they were in each version before. */
  readonly linesBefore: (readonly ShopLine[])[] = [];
  private readVersion = 0;

  constructor(
    readonly orderId: string,
    readonly stage: 'draft' | 'order',
    readonly cartId: string,
    readonly placedAt: string,
    private readonly course: LifeCourse,
  ) {}

  /** True while it holds what was not read yet. */
  get dirty(): boolean {
    return this.readVersion < this.version;
  }

  get name(): string {
    return `${this.stage === 'draft' ? 'D' : '#'}${this.orderId}`;
  }

  change(change: Partial<ShopDocument>): void {
    this.linesBefore.push(this.lines);
    Object.assign(this, change);
    this.version += 1;
  }

  read(): OrderMessage {
    this.readVersion = this.version;
    const fact = { kind: 'observed', observed: this.content() } as const;
    return { id: this.course.newId('m'), kind: fact.kind, orderId: this.orderId, fact };
  }

  /** What is charged for what is left of it. */
  totalMinor(): number {
    return this.linesMinor() + this.chargesMinor();
  }

  /** What the buyer owes less by all refunds. */
  creditedMinor(): number {
    return this.refunds.reduce((sum, { creditMinor }) => sum + creditMinor, 0);
  }

  get hasReturns(): boolean {
    return this.lines.some(({ returnedQuantity }) => returnedQuantity > 0);
  }

  /** Postage, fees and discount. */
  chargesMinor(): number {
    return this.charges().reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  }

  lineMinor(line: ShopLine): number {
    return lineMinor(line);
  }

  private content(): ObservedOrderState {
    const gone = this.status === 'deleted';
    const { orderId, stage, status, name, placedAt, cartId, method, poNumber, version } = this;
    const { currency } = this;
    return {
      connectionId: SHOP,
      stage,
      vendorId: `${stage}-${orderId}`,
      revision: version,
      status,
      name,
      placedAt,
      trade: true,
      cartId,
      customerId: 'customer-1',
      paymentMethod: method,
      ...(poNumber === undefined ? {} : { poNumber }),
      currency,
      totalMinor: gone ? 0 : this.totalMinor() + this.wrongMinor,
      lines: gone
        ? []
        : this.lines.map(({ unitMinor, oddMinor, ...line }) => ({
            ...line,
            title: line.sku ?? 'Engraving',
            totalMinor: lineMinor({ ...line, unitMinor, oddMinor }),
          })),
      charges: gone ? [] : this.charges(),
      ...(gone || this.refunds.length === 0 ? {} : { refunds: this.refunds }),
    };
  }

  private linesMinor(): number {
    return this.lines.reduce((sum, line) => sum + lineMinor(line), 0);
  }

  private charges(): ObservedOrderState['charges'] {
    if (this.status === 'cancelled') return [];
    const discountMinor = Math.min(this.discountMinor, this.linesMinor());
    const charges: ObservedOrderState['charges'][number][] = [
      { kind: 'shipping', title: 'Postage', amountMinor: this.shippingMinor },
      { kind: 'discount', title: 'Discount', amountMinor: 0 - discountMinor },
      { kind: 'fee', title: 'Fee', amountMinor: this.negativeMinor },
    ];
    return charges.filter(({ amountMinor }) => amountMinor !== 0);
  }
}

export function leftOf(line: ShopLine): number {
  return line.orderedQuantity - line.cancelledQuantity;
}

function lineMinor(line: ShopLine): number {
  const left = leftOf(line);
  return left === 0 ? 0 : left * line.unitMinor + line.oddMinor;
}
