import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Min,
  ValidateNested,
} from 'class-validator';
import { Event } from '../message.js';

export const PAYMENT_METHODS = ['on-account', 'invoice', 'card', 'quote', 'other'] as const;
/** How the buyer said they would pay. */
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

export const FINANCIAL_STATUSES = [
  'pending',
  'authorized',
  'partially-paid',
  'paid',
  'partially-refunded',
  'refunded',
  'voided',
  'expired',
] as const;
/** What the platform says has been paid of an order. */
export type FinancialStatus = (typeof FINANCIAL_STATUSES)[number];

/** When the buyer has to pay, as the platform has it. */
export class ObservedPaymentTerms {
  /** For people: 'Net 30'. */
  @IsString() @Length(1, 255) readonly name!: string;
  @IsIn(['net', 'receipt', 'fulfilment', 'fixed', 'unknown'])
  readonly type!: 'net' | 'receipt' | 'fulfilment' | 'fixed' | 'unknown';
  @IsOptional() @IsInt() @Min(0) readonly dueInDays?: number;
  /** Left out while the platform has set no date: it may depend on the dispatch. */
  @IsOptional() @IsISO8601() readonly dueAt?: string;
}

/** One line as the platform holds it now. Quantities are in what the channel sells: a case is 1. */
export class ObservedLine {
  /** The platform's line id. */
  @IsString() readonly lineId!: string;
  /** Null when the line is no stock: a manual line. */
  @IsOptional() @IsString() readonly sku!: string | null;
  @IsString() readonly title!: string;
  @IsInt() @Min(0) readonly orderedQuantity!: number;
  /** Taken off the order again before dispatch, by an edit, a cancel or a refund. */
  @IsInt() @Min(0) readonly cancelledQuantity!: number;
  /** Refunded after they had been sent; they are no cancelled ones, and stay charged here. */
  @IsOptional() @IsInt() @Min(0) readonly returnedQuantity?: number;
  /** Of them those that went back on sale. */
  @IsOptional() @IsInt() @Min(0) readonly restockedQuantity?: number;
  /** Sent, whether or not it came back. */
  @IsInt() @Min(0) readonly fulfilledQuantity!: number;
  /** The platform's id of the place it is sold from, where that is a place of its own. */
  @IsOptional() @IsString() readonly channelLocationId?: string | null;
  /** What the buyer pays for ordered − cancelled, after discounts, in minor units. May be bad input: below zero. */
  @IsInt() readonly totalMinor!: number;
  /** The tax of that, within or beside it (`OrderObserved.taxIncluded`); left out where nobody says. */
  @IsOptional() @IsInt() @Min(0) readonly taxMinor?: number;
}

/** Goods of a refund that had been sent before. */
export class ReturnedGoods {
  @IsString() readonly lineId!: string;
  /** In what the channel sells. */
  @IsInt() @Min(1) readonly quantity!: number;
  /** False when they are not for sale again: kept by the buyer, lost or broken. */
  @IsBoolean() readonly restocked!: boolean;
  /** Our location where they are for sale again, where that is one of ours. */
  @IsOptional() @IsString() readonly locationId?: string;
  /** What had been charged for them, with tax and their share of discounts. */
  @IsInt() readonly amountMinor!: number;
}

/** Goods returned and money refunded in one act: either may be missing, and neither proves the other. */
export class ObservedRefund {
  @IsString() readonly refundId!: string;
  @IsISO8601() readonly refundedAt!: string;
  /** What the buyer owes less for it, cancelled goods and postage apart: those are off the order. */
  @IsInt() @Min(0) readonly creditMinor!: number;
  /** Money that went back to the buyer, for whatever; 0 while the order is not paid. */
  @IsInt() @Min(0) readonly paidBackMinor!: number;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ReturnedGoods)
  readonly goods!: ReturnedGoods[];
}

/** Money on an order that is no line: shipping, a fee, a discount (below zero). */
export class ObservedCharge {
  @IsIn(['shipping', 'fee', 'discount']) readonly kind!: 'shipping' | 'fee' | 'discount';
  @IsString() readonly title!: string;
  @IsInt() readonly amountMinor!: number;
}

/**
 * A platform order or draft as fetched, whole. State, not a change: the highest `revision` per
 * (orderId, stage) wins. A draft and the order it becomes share one `orderId`.
 */
@Event('evt.storefront.order-observed.v1')
export class OrderObserved {
  @IsString() readonly connectionId!: string;
  /** Ours, derived from the connection and the draft's (else the order's) platform id. */
  @IsUUID() readonly orderId!: string;
  @IsIn(['draft', 'order']) readonly stage!: 'draft' | 'order';
  /** The platform's id of this draft or order. */
  @IsString() readonly vendorId!: string;
  /** Grows by one with each change of content that the connector saw; per (orderId, stage). */
  @IsInt() @Min(1) readonly revision!: number;
  /** `completed`: the draft became an order. `deleted`: the draft is gone. `closed`: archived. */
  @IsIn(['open', 'completed', 'deleted', 'cancelled', 'closed'])
  readonly status!: 'open' | 'completed' | 'deleted' | 'cancelled' | 'closed';
  /** The number people see: #1042. */
  @IsString() readonly name!: string;
  @IsISO8601() readonly placedAt!: string;
  /** True for an order from the trade shop, false for retail on the same platform. */
  @IsBoolean() readonly trade!: boolean;
  @IsOptional() @IsString() readonly cartId?: string;
  @IsOptional() @IsString() readonly customerId?: string;
  @IsIn(PAYMENT_METHODS) readonly paymentMethod!: PaymentMethod;
  @IsOptional() @IsString() @Length(1, 255) readonly poNumber?: string;
  @IsString() @Length(3, 3) readonly currency!: string;
  /** Sum of the lines' totals and the charges: what was charged, before refunds of sent goods. */
  @IsInt() readonly totalMinor!: number;
  /** The tax within that. Left out where the platform does not say. */
  @IsOptional() @IsInt() readonly taxMinor?: number;
  /** True when prices include the tax; else it is one of the charges, a fee. */
  @IsOptional() @IsBoolean() readonly taxIncluded?: boolean;
  @IsOptional() @IsIn(FINANCIAL_STATUSES) readonly financialStatus?: FinancialStatus;
  @IsOptional()
  @ValidateNested()
  @Type(() => ObservedPaymentTerms)
  readonly paymentTerms?: ObservedPaymentTerms;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ObservedLine)
  readonly lines!: ObservedLine[];
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ObservedCharge)
  readonly charges!: ObservedCharge[];
  /** Left out when there are none. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ObservedRefund)
  readonly refunds?: ObservedRefund[];
}
