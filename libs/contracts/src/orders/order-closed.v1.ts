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
import { Tender } from '../pos/post-order.v1.js';
import {
  FINANCIAL_STATUSES,
  ObservedPaymentTerms,
  PAYMENT_METHODS,
  type FinancialStatus,
  type PaymentMethod,
} from '../storefront/order-observed.v1.js';
import { DispatchedUnits } from './dispatch.v1.js';

/** What of a line was charged. Quantities in what the channel sells: a case is 1. */
export class ClosedLine {
  /** The platform's line id. */
  @IsString() readonly lineId!: string;
  /** Null when the line is no stock. */
  @IsOptional() @IsString() readonly sku!: string | null;
  @IsInt() @Min(0) readonly orderedQuantity!: number;
  /** Taken off before it left. */
  @IsInt() @Min(0) readonly cancelledQuantity!: number;
  /** Sent and refunded afterwards. */
  @IsInt() @Min(0) readonly returnedQuantity!: number;
  /** Charged for ordered − cancelled, after discounts on the line. */
  @IsInt() readonly totalMinor!: number;
  @IsOptional() @IsInt() @Min(0) readonly taxMinor?: number;
}

/** A POS order that stands for a part of the order. */
export class ClosedPosOrder {
  @IsUUID() readonly postingId!: string;
  @IsString() readonly posConnectionId!: string;
  @IsString() readonly posOrderId!: string;
  @IsString() readonly locationId!: string;
  /** Above 1 when an edit had it voided and posted anew. */
  @IsInt() @Min(1) readonly revision!: number;
}

/** Goods that left, with their share of what the buyer pays. */
export class ClosedDispatch {
  /** As `order-dispatched` has it. */
  @IsUUID() readonly dispatchId!: string;
  @IsString() readonly locationId!: string;
  /** By the teller's clock; left out when the POS does not say. */
  @IsOptional() @IsString() readonly dispatchedAt?: string;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => DispatchedUnits)
  readonly units!: DispatchedUnits[];
  @IsInt() @Min(0) readonly amountMinor!: number;
}

/** A refund of the platform: goods that came back, money, or both. */
export class ClosedRefund {
  @IsString() readonly refundId!: string;
  @IsISO8601() readonly refundedAt!: string;
  /** What the buyer owes less for it. */
  @IsInt() @Min(0) readonly creditMinor!: number;
  /** Money that went back to the buyer; 0 while the order is not paid. */
  @IsInt() @Min(0) readonly paidBackMinor!: number;
}

/**
 * An order is done, in one message that finance can book from (R12): dispatched and reported whole, or
 * called off after goods of it had left. The highest `revision` per order wins; there is another one
 * when something of it changes afterwards. Amounts in minor units of `currency`.
 */
@Event('evt.orders.order-closed.v1')
export class OrderClosed {
  @IsUUID() readonly orderId!: string;
  @IsInt() @Min(1) readonly revision!: number;
  @IsIn(['closed', 'cancelled']) readonly outcome!: 'closed' | 'cancelled';
  /** The channel that the order is of. */
  @IsString() readonly connectionId!: string;
  /** The platform's id of the order. */
  @IsString() readonly vendorId!: string;
  /** The number people see: #1042. */
  @IsString() readonly name!: string;
  @IsISO8601() readonly placedAt!: string;
  @IsOptional() @IsString() @Length(1, 255) readonly poNumber?: string;
  /** The trade account: the platform's customer id, which `customer-linked` leads on from. */
  @IsOptional() @IsString() readonly customerId?: string;
  @IsString() @Length(3, 3) readonly currency!: string;
  @IsIn(PAYMENT_METHODS) readonly paymentMethod!: PaymentMethod;
  /** As the POS orders carry it. */
  @IsOptional() @ValidateNested() @Type(() => Tender) readonly tender?: Tender;
  @IsOptional() @IsIn(FINANCIAL_STATUSES) readonly financialStatus?: FinancialStatus;
  @IsOptional()
  @ValidateNested()
  @Type(() => ObservedPaymentTerms)
  readonly paymentTerms?: ObservedPaymentTerms;
  /** Σ of the lines. */
  @IsInt() readonly goodsMinor!: number;
  /** Off the order as a whole; at or below zero. */
  @IsInt() readonly discountMinor!: number;
  @IsInt() readonly shippingMinor!: number;
  @IsInt() readonly feesMinor!: number;
  /** Left out where the platform does not say. */
  @IsOptional() @IsInt() readonly taxMinor?: number;
  /** True when goods and shipping include the tax; else it comes on top of them. */
  @IsOptional() @IsBoolean() readonly taxIncluded?: boolean;
  /** goods + discount + shipping + fees, and the tax where it is not included: before refunds. */
  @IsInt() readonly totalMinor!: number;
  /** Of that, what refunds of sent goods and of money take off: the buyer owes the rest. */
  @IsInt() @Min(0) readonly creditedMinor!: number;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ClosedLine)
  readonly lines!: ClosedLine[];
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ClosedPosOrder)
  readonly posOrders!: ClosedPosOrder[];
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ClosedDispatch)
  readonly dispatches!: ClosedDispatch[];
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ClosedRefund)
  readonly refunds!: ClosedRefund[];
}
