import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
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
import { Command, Event } from '../message.js';
import { PAYMENT_METHODS, type PaymentMethod } from '../storefront/order-observed.v1.js';

export class DispatchedUnits {
  /** A base SKU. */
  @IsString() @Length(1, 255) readonly sku!: string;
  @IsInt() @Min(1) readonly units!: number;
}

/**
 * Goods of an order left a location: from a warehouse system, or from an operator. A POS that holds
 * one fulfilment an order cannot say so of a part (R10). Answered by `order-dispatched`, or by
 * `dispatch-refused`; told again it changes nothing.
 */
@Command('cmd.orders.record-dispatch.v1')
export class RecordDispatch {
  /** The sender's own id of the shipment. */
  @IsUUID() readonly dispatchId!: string;
  /** A correction (other units, another tracking number) has a higher one; 1 when left out. */
  @IsOptional() @IsInt() @Min(1) readonly revision?: number;
  @IsUUID() readonly orderId!: string;
  /** Which POS order it serves; found by the location when left out. */
  @IsOptional() @IsUUID() readonly postingId?: string;
  @IsString() @Length(1, 100) readonly locationId!: string;
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @ValidateNested({ each: true })
  @Type(() => DispatchedUnits)
  readonly lines!: DispatchedUnits[];
  @IsOptional() @IsString() @Length(1, 50) readonly carrier?: string;
  @IsOptional() @IsString() @Length(1, 100) readonly trackingNumber?: string;
  @IsISO8601({ strict: true }) readonly dispatchedAt!: string;
  /** A login or the name of a system; never a person's name. */
  @IsString() @Length(1, 100) readonly by!: string;
}

/** A recorded dispatch did not leave, or came back before it arrived. It never stands again. */
@Command('cmd.orders.cancel-dispatch.v1')
export class CancelDispatch {
  @IsUUID() readonly dispatchId!: string;
  @IsUUID() readonly orderId!: string;
  @IsString() @Length(1, 100) readonly by!: string;
  /** Why, in plain words without personal data. */
  @IsString() @Length(1, 500) readonly reason!: string;
}

export const DISPATCH_REFUSALS = [
  'unknown-order',
  'not-posted',
  'more-than-left',
  'cancelled-before',
  'unknown-dispatch',
] as const;

/** A RecordDispatch or CancelDispatch was not taken, and nothing changed. */
@Event('evt.orders.dispatch-refused.v1')
export class DispatchRefused {
  @IsUUID() readonly dispatchId!: string;
  @IsUUID() readonly orderId!: string;
  @IsIn(DISPATCH_REFUSALS) readonly code!: (typeof DISPATCH_REFUSALS)[number];
  @IsString() readonly reason!: string;
}

export const DUE_AT_DISPATCH = ['capture', 'invoice', 'nothing'] as const;

/**
 * Goods of one posting left a building; by a recorded dispatch, or the rest because the POS says so.
 * The highest `revision` per (dispatchId, postingId) wins; without units it did not leave after all.
 */
@Event('evt.orders.order-dispatched.v1')
export class OrderDispatched {
  @IsUUID() readonly orderId!: string;
  @IsUUID() readonly dispatchId!: string;
  @IsUUID() readonly postingId!: string;
  @IsInt() @Min(1) readonly revision!: number;
  /** The channel that the order is of. */
  @IsString() readonly connectionId!: string;
  @IsString() readonly locationId!: string;
  /** When it left, by the teller's clock; left out when the POS does not say. */
  @IsOptional() @IsString() readonly dispatchedAt?: string;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => DispatchedUnits)
  readonly units!: DispatchedUnits[];
  /** Its share of what the buyer pays, with postage and discount; all shares sum to the posting. */
  @IsInt() @Min(0) readonly amountMinor!: number;
  @IsString() @Length(3, 3) readonly currency!: string;
  @IsIn(PAYMENT_METHODS) readonly paymentMethod!: PaymentMethod;
  /** What finance has to do for it: take the card's money, send an invoice, or nothing. */
  @IsIn(DUE_AT_DISPATCH) readonly due!: (typeof DUE_AT_DISPATCH)[number];
  @IsOptional() @IsString() readonly carrier?: string;
  @IsOptional() @IsString() readonly trackingNumber?: string;
}
